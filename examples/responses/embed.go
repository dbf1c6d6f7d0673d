// Package responses embeds the responses of the gallery.
package responses

import "embed"

// Files are the messages of this folder.
//
//go:embed *.http
var Files embed.FS

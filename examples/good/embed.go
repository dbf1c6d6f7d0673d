// Package good embeds the requests of the gallery that are well formed.
package good

import "embed"

// Files are the messages of this folder.
//
//go:embed *.http
var Files embed.FS

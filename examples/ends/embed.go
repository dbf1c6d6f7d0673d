// Package ends embeds the requests of the gallery that end too early or too late.
package ends

import "embed"

// Files are the messages of this folder.
//
//go:embed *.http
var Files embed.FS

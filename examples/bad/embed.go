// Package bad embeds the requests of the gallery that break a rule.
package bad

import "embed"

// Files are the messages of this folder.
//
//go:embed *.http
var Files embed.FS

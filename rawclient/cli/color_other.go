//go:build !windows

package cli

import "os"

// hasColor reports whether a terminal knows colours; nearly all do.
func hasColor(*os.File) bool { return os.Getenv("TERM") != "dumb" }

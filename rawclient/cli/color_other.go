//go:build !windows

package cli

import "os"

// hasColor reports whether a terminal has colors. Nearly all have.
func hasColor(*os.File) bool { return os.Getenv("TERM") != "dumb" }

//go:build !unix

package main

import "os"

// hangups returns a channel on which nothing comes, because this system has no SIGHUP.
func hangups() <-chan os.Signal { return nil }

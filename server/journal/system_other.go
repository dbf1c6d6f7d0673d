//go:build (!unix && !windows) || aix || solaris

package journal

import "os"

// This system has neither flock nor LockFileEx. Start one program only.
func lockFile(*os.File) error { return nil }

// The errors of this system do not say that the disk is full, so every write that fails stops the journal.
func (osFiles) noSpace(error) bool { return false }

//go:build !unix || aix || solaris

package journal

// On these systems a file has to be closed before it is renamed or replaced: Windows refuses it otherwise.
func (osFiles) closesToRename() bool { return true }

func (osFiles) openDir(string) (directory, error) { return noDirectory{}, nil }

// A noDirectory stands for a directory, which these systems cannot sync.
type noDirectory struct{}

func (noDirectory) Sync() error  { return nil }
func (noDirectory) Close() error { return nil }

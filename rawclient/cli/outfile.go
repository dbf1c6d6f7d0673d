package cli

import (
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// An outFile is the file of -o. The octets go to a temporary file beside it, which takes its name
// at the end, so that a response replaces the old file as a whole and no response leaves it as it
// was. Where that cannot be, in a device, a pipe, or a directory that takes no new file, the octets
// go to the file itself.
type outFile struct {
	*os.File
	name      string // of -o, symbolic links followed
	temporary bool   // File is not yet the file of that name
}

// createOutFile opens the file before anything is sent. The file of that name stays as it is.
func createOutFile(name string) (*outFile, error) {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	old, err := os.Stat(name)
	mode := fs.FileMode(0o666)
	if err == nil && !old.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0) // an error for a directory
		return &outFile{File: f, name: name}, err
	}
	if err == nil {
		mode = old.Mode().Perm()
		if f, err := os.OpenFile(name, os.O_WRONLY, 0); err != nil {
			return nil, err // a file that must not be written to is not to be replaced
		} else {
			f.Close()
		}
	}
	beside := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+rand.Text()[:8])
	f, tempErr := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if tempErr == nil {
		return &outFile{f, name, true}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be created: %w", name, fileError(tempErr))
	}
	f, err = os.OpenFile(name, os.O_WRONLY, 0)
	return &outFile{File: f, name: name}, err
}

// fileError returns an error without the name of the file.
func fileError(err error) error {
	if path, ok := err.(*fs.PathError); ok {
		return path.Err
	}
	return err
}

// begin makes room for the response, of which there is an octet now. What has no size stays.
func (f *outFile) begin() {
	if !f.temporary {
		f.Truncate(0) // fails for a device or a pipe
	}
}

// finish closes the file. If octets came, the temporary file takes the place of the old one; if
// none did, it is removed.
func (f *outFile) finish(came bool) error {
	err := f.Close()
	switch {
	case !f.temporary:
		return err
	case !came:
		return os.Remove(f.Name())
	case err != nil:
		return err
	}
	return os.Rename(f.Name(), f.name)
}

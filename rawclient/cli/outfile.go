package cli

import (
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// An outFile is the file of -o. The octets go to a temporary file next to it, which takes its
// name at the end. So a response replaces the old file as a whole, and the old file stays if
// there is no response. A device, a pipe, or a file in a directory that does not allow new files
// is written to directly.
type outFile struct {
	*os.File
	name      string // of -o, after following symbolic links
	temporary bool   // File has another name so far
}

// createOutFile opens the file before anything is sent. It does not change the file of that name.
func createOutFile(name string) (*outFile, error) {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	old, err := os.Stat(name)
	mode := fs.FileMode(0o666)
	if err == nil && !old.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0) // fails for a directory
		return &outFile{File: f, name: name}, err
	}
	if err == nil {
		mode = old.Mode().Perm()
		if f, err := os.OpenFile(name, os.O_WRONLY, 0); err != nil {
			return nil, err // do not replace a file that cannot be written to
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

// fileError returns the error without the name of the file.
func fileError(err error) error {
	if path, ok := err.(*fs.PathError); ok {
		return path.Err
	}
	return err
}

// begin empties the file when the first octet of the response has been received.
func (f *outFile) begin() {
	if !f.temporary {
		f.Truncate(0) // fails for a device or a pipe
	}
}

// finish closes the file. If octets were received, the temporary file replaces the old one.
// Otherwise it is removed.
func (f *outFile) finish(received bool) error {
	err := f.Close()
	switch {
	case !f.temporary:
		return err
	case !received:
		return os.Remove(f.Name())
	case err != nil:
		return err
	}
	return os.Rename(f.Name(), f.name)
}

//go:build unix && !aix && !solaris

package journal

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A file that has reached the limit of the shell (ulimit -f) is like a full disk: the journal goes on. The
// error names the file, although it was a draft once.
func TestFileSizeLimit(t *testing.T) {
	j, name := openCompacted(t)
	var usual syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &usual); err != nil {
		t.Fatal(err)
	}
	low := usual
	low.Cur = 1 << 10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &low); err != nil {
		t.Fatal(err)
	}
	err := j.Append(append([]byte("put 1 "), bytes.Repeat([]byte("x"), 2<<10)...))
	if limitErr := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &usual); limitErr != nil {
		t.Fatal(limitErr)
	}
	if !errors.Is(err, ErrNoSpace) || !strings.Contains(err.Error(), "write "+name+": ") {
		t.Errorf("Append: %v", err)
	}
	mustAppend(t, j, "put 2 b")
}

// A file system without locks is an error that says where the file can be.
func TestNoLocks(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "book.lock"))
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := lockFile(f); !errors.Is(err, syscall.EBADF) || !strings.Contains(err.Error(), "name a file on a local disk") {
		t.Errorf("got %v", err)
	}
}

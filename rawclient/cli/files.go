package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// fileMost limits the octets of a file, because all of them are kept in memory. /dev/zero has no end.
const fileMost = 1 << 30

// readFile reads the file that a flag names; - is standard input.
func (c *console) readFile(ctx context.Context, flag, name string) (b []byte, err error) {
	in := c.std.In
	b, err = untilDone(ctx, func() ([]byte, error) {
		if name == "-" {
			return readAtMost(in, fileMost)
		}
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return readAtMost(file, fileMost)
	})
	if name == "-" {
		c.std.In = bytes.NewReader(b) // the second request of -diff may read it again
	}
	switch {
	case err == nil:
		return b, nil
	case errors.Is(err, context.Canceled):
		return nil, errInterrupted
	case errors.Is(err, os.ErrNotExist): // often because the command was typed in another directory
		full, _ := filepath.Abs(name)
		return nil, usageError("%s %s: there is no such file in %s", flag, name, filepath.Dir(full))
	case isDirectory(name):
		return nil, usageError("%s %s: this is a directory; name a file in it", flag, name)
	}
	return nil, usageError("%s: %v", flag, err)
}

// readAtMost reads to the end. It returns an error if there are more octets than most.
func readAtMost(r io.Reader, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if int64(len(b)) > most {
		return nil, fmt.Errorf("there are more than %d octets, and rawclient would keep all of them in memory", most)
	}
	return b, err
}

// untilDone returns what read returns. When ctx ends before that, it returns the error of ctx. Then read
// goes on, because nothing interrupts a read from a terminal, or the opening of a named pipe.
func untilDone[T any](ctx context.Context, read func() (T, error)) (T, error) {
	var result, none T
	var err error
	done := make(chan bool)
	go func() {
		result, err = read()
		close(done)
	}()
	select {
	case <-done:
		return result, err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

func isDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// namesFile reports whether there is a file of that name that is not a directory.
func namesFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}

// An outFile is the file of -o or -pcap. It is opened before anything is sent, and its old octets stay
// until the first of the new ones is written.
type outFile struct {
	file           *os.File
	isNew, written bool
}

// createOutFile opens the file that a flag names. It refuses a file that has another use too: what is
// written would destroy the other octets.
func (c *console) createOutFile(ctx context.Context, flag, name string) (*outFile, error) {
	_, missing := os.Stat(name)
	file, err := untilDone(ctx, func() (*os.File, error) { // a named pipe opens when a program reads it
		return os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666)
	})
	switch {
	case errors.Is(err, context.Canceled):
		return nil, errInterrupted
	case errors.Is(err, context.DeadlineExceeded):
		return nil, &failure{exitTimeout, fmt.Sprintf("nothing was sent: %s: %s, and no program reads the pipe %s",
			flag, c.opt.timeIsOver(), name)}
	case err != nil && isDirectory(name):
		return nil, usageError("nothing was sent: %s: %s is a directory; name a file in it", flag, name)
	case errors.Is(err, fs.ErrNotExist):
		return nil, usageError("nothing was sent: %s: %s cannot be created: there is no directory %s", flag, name,
			filepath.Dir(name))
	case err != nil:
		return nil, usageError("nothing was sent: %s: %v", flag, err)
	}
	f := &outFile{file: file, isNew: errors.Is(missing, fs.ErrNotExist)}
	if other := c.otherUse(file, flag); other != "" {
		f.finish()
		return nil, usageError("nothing was sent: %s and %s are the same file: write another name for one of them", flag, other)
	}
	return f, nil
}

// otherUse returns what else is the file that a flag names, if anything: another flag, which may name it
// by another path, or a stream of the process. A device may have several uses, and so may a pipe that is
// standard output: the flag is /dev/stdout then. The reader of a pipe could not tell -o and -pcap apart.
func (c *console) otherUse(file *os.File, flag string) string {
	this, err := file.Stat()
	if err != nil || this.Mode()&(fs.ModeDevice|fs.ModeSocket) != 0 {
		return ""
	}
	for _, row := range c.opt.table() {
		name, _ := row.value.(*string)
		if !row.IsFile() || "-"+row.Name == flag {
			continue
		}
		if other, _ := os.Stat(*name); os.SameFile(this, other) {
			return "-" + row.Name
		}
	}
	switch {
	case !this.Mode().IsRegular():
	case isFile(c.stdin, this):
		return "standard input"
	case isFile(c.std.Out, this):
		return "standard output"
	case isFile(c.std.Err, this):
		return "standard error"
	}
	return ""
}

// isFile reports whether a stream is a file.
func isFile(stream any, file fs.FileInfo) bool {
	f, _ := stream.(*os.File)
	info, _ := f.Stat() // nil, which is no file, for any other stream
	return os.SameFile(info, file)
}

func (f *outFile) Write(b []byte) (int, error) {
	if !f.written {
		f.file.Truncate(0) // fails for a device or a pipe
		f.written = true
	}
	return f.file.Write(b)
}

// finish closes the file. A new one is removed if nothing was written.
func (f *outFile) finish() error {
	err := f.file.Close()
	if !f.isNew || f.written {
		return err
	}
	name, err := filepath.EvalSymlinks(f.file.Name()) // a link to the new file stays
	if err != nil {
		return err
	}
	return os.Remove(name)
}

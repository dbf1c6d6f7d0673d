package exercises

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestRequestLine(t *testing.T) { report(t, "requestline.go", checkRequestLine, RequestLine) }
func TestHeadEnd(t *testing.T)     { report(t, "headend.go", checkHeadEnd, HeadEnd) }
func TestBody(t *testing.T)        { report(t, "body.go", checkBody, Body) }
func TestResponse(t *testing.T)    { report(t, "response.go", checkResponse, Response) }

// report tells of the first mistake, or how to begin.
func report[F any](t *testing.T, file string, check func(F) error, yours F) {
	t.Helper()
	err := try(check, yours, file)
	if errors.Is(err, errNotBegun) {
		t.Skipf("skipped: not begun. Open examples/exercises/%s, replace the last line of the "+
			"function, and type this again:  go test -v ./examples/exercises", file)
	}
	if err != nil {
		t.Errorf("in examples/exercises/%s\n%v", file, err)
	}
}

// try runs a check. A function that panics ends neither the other exercises nor in a page of stack.
func try[F any](check func(F) error, yours F, file string) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("your function panics in line %d: %v\n  hint    what comes may be shorter "+
				"than you expect: look at its length before you take a part of it", lineIn(file), cause)
		}
	}()
	return check(yours)
}

// lineIn returns which line of a file is running, or was when it panicked.
func lineIn(file string) int {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	for {
		frame, more := frames.Next()
		if filepath.Base(frame.File) == file || !more {
			return frame.Line
		}
	}
}

// A function that panics is a mistake like another, with its place.
func TestPanicIsAMistake(t *testing.T) {
	short := func(octets []byte) (int, error) { return int(octets[99]), nil }
	err := try(checkHeadEnd, short, "check_test.go")
	if err == nil || !strings.Contains(err.Error(), "panics in line ") ||
		!strings.Contains(err.Error(), "out of range [99]") {
		t.Errorf("%v", err)
	}
}

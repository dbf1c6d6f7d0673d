package exercises

import (
	"errors"
	"testing"
)

func TestRequestLine(t *testing.T) { report(t, "requestline.go", checkRequestLine(RequestLine)) }
func TestHeadEnd(t *testing.T)     { report(t, "headend.go", checkHeadEnd(HeadEnd)) }
func TestBody(t *testing.T)        { report(t, "body.go", checkBody(Body)) }
func TestResponse(t *testing.T)    { report(t, "response.go", checkResponse(Response)) }

// report tells of the first mistake, or how to begin.
func report(t *testing.T, file string, err error) {
	t.Helper()
	if errors.Is(err, errNotBegun) {
		t.Skipf("skipped: not begun. Open examples/exercises/%s, replace the last line of the "+
			"function, and type this again:  go test -v ./examples/exercises", file)
	}
	if err != nil {
		t.Errorf("in examples/exercises/%s\n%v", file, err)
	}
}

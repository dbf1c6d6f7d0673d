package wireclient

import (
	"io"
	"net"
	"os"
	"testing"
)

// TestShortRequestIsSentAtOnce checks that a short request has been sent when send returns (C6).
// After that nothing but reading uses the connection: a later Write, even of nothing, would get
// the error of a reset, and reading would get a mere close.
func TestShortRequestIsSentAtOnce(t *testing.T) {
	for _, half := range []bool{false, true} {
		sent := send(connect(t, func(c *net.TCPConn) { readHead(c) }), []byte(get), half)
		select {
		case <-sent.done:
		default:
			t.Error("something is left to be done")
		}
		if sent.n != len(get) || sent.err != nil {
			t.Errorf("%d octets of %d, %v", sent.n, len(get), sent.err)
		}
	}
}

// TestWait checks that octets received before a silence are not lost, and that a silence is
// reported once.
func TestWait(t *testing.T) {
	silences := 0
	r := &receiver{conn: &net.TCPConn{}, ctx: t.Context(), onSilence: func() { silences++ }}
	results := []struct {
		n   int64
		err error
	}{
		{0, os.ErrDeadlineExceeded}, {0, os.ErrDeadlineExceeded}, {3, os.ErrDeadlineExceeded},
		{0, io.EOF},
	}
	read := func() (int64, error) {
		result := results[0]
		results = results[1:]
		return result.n, result.err
	}
	if n, err := r.wait(read); n != 3 || err != nil || silences != 1 {
		t.Errorf("%d octets, %v, %d silences", n, err, silences)
	}
	if _, err := r.wait(read); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

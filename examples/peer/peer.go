// Package peer is a client for programs that start or test servers. Exchange sends one request. The other
// functions send octets as a difficult client does: one by one, or a head that does not end. The grader and
// the survey test servers with them.
//
// The time limits of the other functions are counted in turns of 20 ms. On a busy machine a turn takes longer, so the
// other side has more time.
package peer

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/stream"
)

// Exchange sends a request to the server at host:port, on a connection of its own, and reads the response. It
// does so for no longer than the limit, if that is not 0.
func Exchange(addr, request string, limit time.Duration) (resp httpwire.Response, err error) {
	start := time.Now()
	c, err := net.DialTimeout("tcp", addr, limit)
	if err != nil {
		return resp, err
	}
	defer c.Close()
	if limit > 0 {
		c.SetDeadline(start.Add(limit))
	}
	if _, err := io.WriteString(c, request); err != nil {
		return resp, err
	}
	method, _, _ := strings.Cut(request, " ")
	err = stream.NewReader(c).Response(&resp, []byte(method))
	return resp, err
}

// Turn is one turn of a limit.
const Turn = 20 * time.Millisecond

// Wait waits for a value from a channel. It reports false if the limit is over.
func Wait[T any](from <-chan T, limit time.Duration) (value T, ok bool) {
	turns := time.NewTicker(Turn)
	defer turns.Stop()
	for ; limit > 0; limit -= Turn {
		select {
		case value = <-from:
			return value, true
		case <-turns.C:
		}
	}
	return value, false
}

// Read reads from a connection as its method Read does. If the limit is over, it returns
// os.ErrDeadlineExceeded.
func Read(c net.Conn, b []byte, limit time.Duration) (n int, err error) {
	for err = os.ErrDeadlineExceeded; limit > 0 && errors.Is(err, os.ErrDeadlineExceeded); limit -= Turn {
		c.SetReadDeadline(time.Now().Add(Turn))
		if n, err = c.Read(b); n > 0 {
			break
		}
	}
	return n, err
}

// SendSingly sends octets one by one. The pauses let the other side read in between: without them, one
// Read often returns everything. On a busy machine each pause takes long, and the other side may have a
// limit of its own. So after the time given the rest is sent at once.
func SendSingly(c net.Conn, octets string, pauses time.Duration) {
	begun := time.Now()
	for i := range len(octets) {
		if time.Since(begun) >= pauses {
			io.WriteString(c, octets[i:])
			return
		}
		io.WriteString(c, octets[i:i+1])
		time.Sleep(time.Millisecond)
	}
}

// SendEndless sends a line and then fields without end, until the other side reads no more. It reports
// whether the other side stops reading, and then responds or closes within the limit. It also returns how
// many octets it sent.
func SendEndless(c net.Conn, line string, limit time.Duration) (sent int, stops bool) {
	const most = 32 << 20
	fields := strings.Repeat("X-Note: a\r\n", 1000)
	c.SetWriteDeadline(time.Now().Add(limit))
	sent, err := io.WriteString(c, line)
	for err == nil && sent < most {
		var n int
		n, err = io.WriteString(c, fields)
		sent += n
	}
	if err == nil {
		return sent, false
	}
	_, err = Read(c, make([]byte, 1), limit)
	return sent, !errors.Is(err, os.ErrDeadlineExceeded)
}

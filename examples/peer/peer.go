// Package peer sends octets as a client may that a server has to bear: one by one, or a head that does
// not end. The grader and the survey check with it that a server bears them.
package peer

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"time"
)

// SendSingly sends octets one by one, each within the time given. The pauses let the other side read in
// between: without them, one Read often returns everything.
func SendSingly(c net.Conn, octets string, limit time.Duration) {
	for i := range len(octets) {
		c.SetWriteDeadline(time.Now().Add(limit))
		io.WriteString(c, octets[i:i+1])
		time.Sleep(time.Millisecond)
	}
}

// SendEndless sends a request line and then fields without end, until the server reads no more. It
// reports whether the server stops reading, and then responds or closes within the time given. It also
// returns how many octets it sent.
func SendEndless(c net.Conn, limit time.Duration) (sent int, stops bool) {
	const most = 32 << 20
	c.SetDeadline(time.Now().Add(limit))
	fields := strings.Repeat("X-Note: a\r\n", 1000)
	sent, err := io.WriteString(c, "GET / HTTP/1.0\r\n")
	for err == nil && sent < most {
		var n int
		n, err = io.WriteString(c, fields)
		sent += n
	}
	if err == nil {
		return sent, false
	}
	c.SetReadDeadline(time.Now().Add(limit))
	_, err = c.Read(make([]byte, 1))
	return sent, !errors.Is(err, os.ErrDeadlineExceeded)
}

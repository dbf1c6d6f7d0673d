package httpd

import (
	"fmt"
	"log/slog"
	"time"

	"rawhttp/httpwire/explain"
)

// A server that waits in silence leaves people in the dark: who forgot the empty line waits for the
// answer, and the server waits for the line. So once in a head and once in a body, when it has not
// come within two seconds, the log says what is there and what is awaited. The peer is not told
// before its time is over; then the 408 says the same, and what to type.
//
// A request that comes whole never gets here: nothing is waited for. For others the deadline for
// reading is first that of the word, then the true one; there is no timer and no goroutine for it.
const silence = 2 * time.Second

// remind makes reading stop for a word when the silence has lasted from then on.
func (c *conn) remind(from time.Time) {
	if c.srv.Log != nil {
		c.word = from.Add(silence)
	}
}

// patience returns how long to wait for octets now. When it is time for the word, that is logged.
func (c *conn) patience() time.Time {
	if c.word.IsZero() || !c.word.Before(c.until) {
		return c.until
	}
	if c.now.Before(c.word) {
		return c.word
	}
	c.word = time.Time{}
	c.logWaiting()
	return c.until
}

// logWaiting says what came of a request and what is awaited.
func (c *conn) logWaiting() {
	text := fmt.Appendf(nil, "#%d: ", c.id)
	text = explain.AppendWaiting(text, c.in.Octets(), c.in.Count()-c.before)
	c.srv.log(slog.LevelInfo, string(text), slog.Uint64("id", c.id), c.peer())
}

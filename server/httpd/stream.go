package httpd

import (
	"sync/atomic"

	"rawhttp/httpwire"
)

// A Stream is the body of a response that is made while it is sent, such as a sequence of events. It
// has no Content-Length: the close of the connection ends it (RFC 1945 section 7.2.2). A handler sets
// it as the Parts of a response.
type Stream interface {
	httpwire.Parts

	// Next waits for the next octets of the body, and reports false if there are none. It returns
	// soon after stop is closed. It is called again when the client has taken the octets. They are
	// not changed.
	Next(stop <-chan struct{}) (octets []byte, ok bool)

	// Close is called when the response is over, for whatever reason.
	Close()
}

// Streamed is embedded in a Stream. Its methods say that no octet is known in advance, and that there
// is nothing to close.
type Streamed struct{}

func (Streamed) Len() int64                       { return 0 }
func (Streamed) Fill([][]byte, int) (n, next int) { return 0, 0 }
func (Streamed) Close()                           {}

// stream returns the body of the response if it is a Stream.
func (c *conn) stream() Stream {
	s, _ := c.resp.Parts.(Stream)
	return s
}

// sendStream sends what is ready and after it a Stream. Its octets are not copied, because many
// clients may be sent the same.
func (c *conn) sendStream(s Stream) error {
	err := c.flush()
	for err == nil {
		octets, ok := s.Next(c.srv.stop)
		if !ok {
			return nil
		}
		p := c.startSending(int64(len(octets)))
		c.few[0] = octets
		err = c.sent(c.push(&p, c.few[:1]))
	}
	return err
}

// A Watcher sees what happens on every connection. Its methods are called by many goroutines, and
// the server waits for them. Octets belong to the server, and are valid until the method returns.
type Watcher interface {
	Opened(conn uint64, peer string)
	Received(conn uint64, octets []byte)
	// Responded tells of a response before it is sent: the number of octets of its request, and of
	// its own octets, which is -1 if the close ends it.
	Responded(conn uint64, request, response int64, code int)
	Sent(conn uint64, octets []byte)
	Closed(conn uint64)
}

// A watch is the Watcher's view of one connection. A nil watch has no Watcher, and does nothing.
type watch struct {
	Watcher
	conn    uint64
	interim int64 // octets of 100 (Continue), which belong to the next response
}

var watched atomic.Uint64 // connections, for their numbers

func (s *Server) watch(peer func() string) *watch {
	if s.Watcher == nil {
		return nil
	}
	w := &watch{Watcher: s.Watcher, conn: watched.Add(1)}
	w.Opened(w.conn, peer())
	return w
}

func (w *watch) received(octets []byte) {
	if w != nil && len(octets) > 0 {
		w.Received(w.conn, octets)
	}
}

func (w *watch) sent(octets []byte) {
	if w != nil && len(octets) > 0 {
		w.Sent(w.conn, octets)
	}
}

func (w *watch) responded(request, response int64, code int, isStream bool) {
	if w == nil {
		return
	}
	if response += w.interim; isStream {
		response = -1
	}
	w.interim = 0
	w.Responded(w.conn, request, response, code)
}

func (w *watch) addInterim(n int) {
	if w != nil {
		w.interim += int64(n)
	}
}

func (w *watch) closed() {
	if w != nil {
		w.Closed(w.conn)
	}
}

package httpd

import "sync/atomic"

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

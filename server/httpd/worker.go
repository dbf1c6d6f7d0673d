package httpd

import "time"

// A goroutine begins with a small stack. Serving one request needs more, so the stack grows two or three
// times, and each time the runtime moves it. For a connection with one request, as HTTP/1.0 has it, that
// was an eighth of the CPU time (go run ./examples/speed, the row "closing"). So a goroutine serves further
// connections when it is free. Without this file, run would start each connection with a go statement.

// workTime is how long after its start a goroutine takes further connections. So after many connections at the
// same time, no goroutine is left for long.
const workTime = 100 * time.Millisecond

// start calls f in a goroutine: in one that is free, or in a new one.
func (s *Server) start(f func()) {
	select {
	case s.work <- f:
	default:
		go s.worker(f)
	}
}

// worker calls f, and the functions that come soon after it.
func (s *Server) worker(f func()) {
	start := time.Now()
	f()
	for end := time.After(workTime - time.Since(start)); ; {
		select {
		case f = <-s.work:
			f()
		case <-end:
			return
		case <-s.stop:
			return
		}
	}
}

package httpd

import "time"

// Patience is for people, and ends where a crowd begins. Once more than half of the connections are
// taken, or when the server is stopping, a head has BusyTime instead of HeadTime; so has a
// connection on which nothing came yet. That holds for those that wait already: they are woken,
// look at the clock, and wait for less or not at all. They are woken as connections come, once a
// second at most.

// busy reports whether more than half of the connections are taken.
func (s *Server) busy() bool { return s.open.Load() > int64(s.Limits.Conns)/2 }

func (s *Server) headTime() time.Duration {
	if s.busy() || s.stopping.Load() {
		return min(s.Limits.BusyTime, s.Limits.HeadTime)
	}
	return s.Limits.HeadTime
}

// crowd wakes those that are patient for longer than the server can be.
func (s *Server) crowd() {
	if !s.busy() {
		return
	}
	if now := time.Now().Unix(); s.woken.Swap(now) != now {
		s.wake()
	}
}

// wake ends the waiting of everyone who is patient; who may go on waiting does so.
func (s *Server) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if c.patient.Load() {
			c.roused.Store(true)
			c.nc.SetReadDeadline(time.Unix(1, 0))
		}
	}
}

// hurry shortens the time for a head if there is less than there was, and reports whether it did.
// From here on the connection is woken if that changes.
func (c *conn) hurry() bool {
	c.patient.Store(true)
	until := c.began.Add(c.srv.headTime())
	if !until.Before(c.until) {
		return false
	}
	c.until = until
	return true
}

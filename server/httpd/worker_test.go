package httpd

import (
	"testing"
	"testing/synctest"
	"time"
)

// A goroutine that is free takes the next connection. A connection never waits for one, and none is
// left when no connection has come for a while, or when the server stops.
func TestWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{stop: make(chan struct{}), work: make(chan func())}
		free := func() bool {
			synctest.Wait()
			select {
			case s.work <- func() {}:
				return true
			default:
				return false
			}
		}
		release := make(chan struct{})
		running := 0
		for range 3 {
			s.start(func() { running++; <-release })
			synctest.Wait()
		}
		if running != 3 || free() {
			t.Errorf("%d of 3 functions run; a goroutine is free: %v", running, free())
		}
		close(release)
		if !free() {
			t.Error("no goroutine is free after the functions have returned")
		}
		time.Sleep(workTime)
		if free() {
			t.Error("a goroutine is left after workTime")
		}
		s.start(func() {})
		close(s.stop)
		if free() {
			t.Error("a goroutine is left after the stop")
		}
	})
}

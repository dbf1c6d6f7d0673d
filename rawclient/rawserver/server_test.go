package rawserver

import (
	"context"
	"io"
	"net"
	"testing"
)

// Serve closes the listener, whether the input or the context has ended.
func TestServeCloses(t *testing.T) {
	ended := make(chan struct{})
	close(ended)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for want, s := range map[error]*Server{io.EOF: {Ended: ended}, context.Canceled: {}} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Skip("skipped: cannot listen: ", err)
		}
		ctx := t.Context()
		if want == context.Canceled {
			ctx = canceled
		}
		if err := s.Serve(ctx, listener); err != want {
			t.Errorf("%v, want %v", err, want)
		}
		if listener.Close() == nil {
			t.Errorf("%v: the listener is open", want)
		}
	}
}

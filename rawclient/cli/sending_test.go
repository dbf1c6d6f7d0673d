package cli

import (
	"net"
	"testing"
)

// C6: a short request is on its way when send returns, and nothing touches the connection but
// reading. A late Write, even of nothing, would be told of a reset, and reading of a mere close.
func TestShortRequestIsSentAtOnce(t *testing.T) {
	for _, half := range []bool{false, true} {
		s := &script{answer: okay}
		conn, err := net.Dial("tcp", s.start(t, "127.0.0.1:0"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		sent := send(conn.(*net.TCPConn), []byte(get+"\r\n\r\n"), half)
		select {
		case <-sent.done:
		default:
			t.Error("something is left to be done")
		}
		if sent.n != sent.all || sent.err != nil {
			t.Errorf("%d octets of %d, %v", sent.n, sent.all, sent.err)
		}
	}
}

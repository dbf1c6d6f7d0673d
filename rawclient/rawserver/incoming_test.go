package rawserver

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"rawhttp/httpwire/explain"
)

// A notice ends the line of a prompt, and there is one only if the response is typed.
func TestWatchWithoutPrompt(t *testing.T) {
	typed := func(explain.Listing) ([]byte, error) { return nil, nil }
	for want, typing := range map[string]func(explain.Listing) ([]byte, error){"the client closed": nil, "\nthe client closed": typed} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Skip("skipped: cannot listen: ", err)
		}
		defer listener.Close()
		client, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		conn, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		client.Close()
		var said strings.Builder
		notice := func(format string, args ...any) { fmt.Fprintf(&said, format, args...) }
		in := &incoming{Server: &Server{Err: &said, Notice: notice, Type: typing}, conn: conn.(*net.TCPConn)}
		<-in.watch()
		if got := said.String(); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q first", got, want)
		}
	}
}

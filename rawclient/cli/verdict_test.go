package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
)

// One response, two readers: the exit code comes from the client, which reads a connection, and
// the listing from the octets. Their verdicts are the same for any octets, in whatever pieces
// they arrive and whichever output is asked for.

// A sender is a server that sends each connection the same octets, in pieces, and closes it.
type sender struct {
	listener net.Listener
	octets   []byte
	pieces   uint64 // each four bits are the length of one piece, less one; the rest is the last
}

func newSender(tb testing.TB) *sender {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Skip("skipped: cannot listen: ", err)
	}
	tb.Cleanup(func() { l.Close() })
	return &sender{listener: l}
}

// serve serves one connection.
func (s *sender) serve() {
	conn, err := s.listener.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	(&script{}).read(conn)
	rest := s.octets
	for pieces := s.pieces; pieces != 0 && len(rest) > 0; pieces >>= 4 {
		n := min(int(pieces&15)+1, len(rest))
		conn.Write(rest[:n])
		rest = rest[n:]
	}
	conn.Write(rest)
}

// receive runs the client once.
func (s *sender) receive(tb testing.TB, args ...string) (exit int, stderr string) {
	served := make(chan struct{})
	go func() {
		defer close(served)
		s.serve()
	}()
	var says bytes.Buffer
	args = append([]string{"-addr", s.listener.Addr().String()}, args...)
	exit = Run(tb.Context(), args, Stdio{In: strings.NewReader(""), Out: io.Discard, Err: &says})
	<-served
	return exit, says.String()
}

// verdictOf is the exit code that a listing stands for.
func verdictOf(l explain.Listing) int {
	if n := len(l.Lines); l.Err != nil || n > 0 && l.Lines[n-1].Rule == httpwire.RuleSurplus {
		return exitBroken
	}
	return exitComplete
}

var verdictRequests = [][]string{
	{"GET / HTTP/1.0"},
	{"GET / HTTP/1.1", "Host: a"},
	{"HEAD / HTTP/1.0"},
	{"CONNECT a:1 HTTP/1.0"},
}

// checkVerdicts has the client receive octets in pieces, as a response to each of the requests.
func (s *sender) checkVerdicts(tb testing.TB, b []byte, pieces uint64, which int, args ...string) {
	tb.Helper()
	request := verdictRequests[which%len(verdictRequests)]
	method, _, _ := strings.Cut(request[0], " ")
	s.octets, s.pieces = b, pieces
	l := explain.Response(b, []byte(method))
	exit, stderr := s.receive(tb, append(args, request...)...)
	if want := verdictOf(l); exit != want {
		tb.Fatalf("%v %s, %q in pieces %x: exit code %d, but the listing says %d: %v\n%s",
			args, request[0], b, pieces, exit, want, l.Err, stderr)
	}
	var fault *httpwire.SyntaxError
	if errors.As(l.Err, &fault) && args == nil &&
		!strings.HasSuffix(stderr, string(l.AppendError(nil))) {
		tb.Fatalf("%s, %q in pieces %x: standard error does not end with the listing's error:\n%s",
			request[0], b, pieces, stderr)
	}
}

// FuzzVerdicts: the client and the listing agree.
func FuzzVerdicts(f *testing.F) {
	for i, tt := range responses {
		if len(tt.response) < 1<<10 {
			f.Add([]byte(tt.response), uint64(i), i)
		}
	}
	for _, m := range gallery.Responses {
		if testing.Short() {
			break // TestVerdicts has them too
		}
		b := m.Octets()
		f.Add(b, uint64(0), 0)
		f.Add(b, ^uint64(0)>>3, 1)
	}
	s := newSender(f)
	f.Fuzz(func(t *testing.T, b []byte, pieces uint64, which int) {
		which &= 3
		s.checkVerdicts(t, b, pieces, which)
		switch len(b) % 4 {
		case 0:
			s.checkVerdicts(t, b, pieces, which, "-explain")
		case 1:
			s.checkVerdicts(t, b, pieces, which, "-decode")
		}
	})
}

// Every message of the gallery, whole, octet by octet at first, and as a listing. With -short it is the
// response to one of the requests.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	s := newSender(t)
	for i, m := range gallery.Responses {
		b := m.Octets()
		for which := range verdictRequests {
			if testing.Short() && which != i%len(verdictRequests) {
				continue
			}
			s.checkVerdicts(t, b, 0, which)
			s.checkVerdicts(t, b, 1<<60, which)
			s.checkVerdicts(t, b, 0, which, "-explain")
		}
	}
}

// The limits are the same for the client, with and without a listing, whatever is over them.
func TestVerdictAtLimits(t *testing.T) {
	t.Parallel()
	s := newSender(t)
	many := func(n int) string { return strings.Repeat("A: b\r\n", n) }
	long := func(n int) string {
		return "X: " + strings.Repeat("y", n-len("X: \r\n\r\n")) + "\r\n\r\n"
	}
	const chunks = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
	const fields, octets = httpwire.MaxResponseFields, httpwire.MaxResponseHead
	for i, in := range []string{
		ok + many(101) + "\r\n",
		ok + many(fields) + "\r\n",
		ok + many(fields+1) + "\r\n",
		ok + long(octets-len(ok)),
		ok + long(octets-len(ok)+1),
		ok + long(2*octets),
		ok + strings.TrimSuffix(long(octets-len(ok)+2), "\r\n"),
		chunks + "0\r\n" + many(101) + "\r\n",
		chunks + "0\r\n" + many(fields+1) + "\r\n",
		chunks + strings.Repeat("0", octets-2) + "\r\n\r\n",
		chunks + strings.Repeat("0", octets-1) + "\r\n\r\n",
		chunks + strings.Repeat("0", 2*octets) + "\r\n\r\n",
		chunks + "0\r\n" + long(octets),
		chunks + "0\r\n" + long(octets+1),
		strings.Repeat("HTTP/1.1 100 x\r\n\r\n", httpwire.MaxInterim) + ok + two,
		strings.Repeat("HTTP/1.1 100 x\r\n\r\n", httpwire.MaxInterim+1) + ok + two,
		ok + "Date: a\r\nDate: b\r\n\r\n" + strings.Repeat("x", keepMost),
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			s.checkVerdicts(t, []byte(in), 0, 0)
			s.checkVerdicts(t, []byte(in), 0xFFFF, 0, "-explain")
			if !testing.Short() {
				s.checkVerdicts(t, []byte(in), 0xFFFF, 0)
				s.checkVerdicts(t, []byte(in), 0, 0, "-explain")
			}
		})
	}
}

package grader

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"rawhttp/httpwire"
)

// silence is how long a server or client may be silent.
const silence = time.Second

// A serve is the function of a student that is a server.
type serve func(listener net.Listener, pages map[string]string) error

// pages are what the server has.
var pages = map[string]string{"/": "hello\n", "/news": "nothing\r\n\r\nnew\n", "/empty": ""}

// A server runs a serve for the length of one row.
type server struct {
	listener net.Listener
	ending   chan struct{} // closed when the function returns or crashes
	ended    chan error    // has what the function returned, or a *crash
}

// A lentListener is the listener that a function is given.
type lentListener struct {
	net.Listener
	mu       sync.Mutex
	accepted []net.Conn
	failed   int // calls of Accept that returned an error
}

// Accept waits for ever after three errors: a function that goes on accepting would take the time of
// the rows that follow.
func (l *lentListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	l.mu.Lock()
	if err == nil {
		l.accepted = append(l.accepted, c)
	} else {
		l.failed++
	}
	goesOn := l.failed > 3
	l.mu.Unlock()
	if goesOn {
		select {}
	}
	return c, err
}

// hangUp closes all connections, as the system does when a program ends.
func (l *lentListener) hangUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.accepted {
		c.Close()
	}
}

// start starts a server. The file is where the function is.
func start(f serve, file string) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{l, make(chan struct{}), make(chan error, 1)}
	go func() {
		defer l.Close() // a client that waits learns that nothing will come
		lent := &lentListener{Listener: l}
		returned := false
		defer func() {
			if cause := recover(); !returned {
				close(s.ending) // to find the line takes a while
				s.ended <- crashOf(cause, file)
				lent.hangUp()
			}
		}()
		err := f(lent, pages)
		returned = true
		close(s.ending)
		s.ended <- err
	}()
	return s, nil
}

// row returns a row that does something with a server of its own. The file is where the function is.
func (f serve) row(file, name, octets, hint string, do func(s *server) *mistake) row {
	return row{name, octets, hint, func() error { return f.with(file, do) }}
}

// with starts a server, does what a row does with it, and closes its listener.
func (f serve) with(file string, do func(s *server) *mistake) error {
	s, err := start(f, file)
	if err != nil {
		return err
	}
	defer s.listener.Close()
	m := do(s)
	if m == nil {
		return nil
	}
	select {
	case <-s.ending:
		err := <-s.ended
		if _, crashes := err.(*crash); crashes || errors.Is(err, ErrNotBegun) {
			return err
		}
		m.says += fmt.Sprintf("; your function has returned while the listener was open: %v", err)
	case <-time.After(200 * time.Millisecond): // it has not
	}
	return m
}

// A step is a part of a conversation: what is sent, and the response that has to come.
type step struct {
	send   string
	method string // of the request that the response is for
	code   int
	body   string // of a response 200
}

// A peer is the client's side of a connection.
type peer struct {
	net.Conn
	sent string
	came []byte // and is not read
}

func (s *server) dial() (*peer, *mistake) {
	c, err := net.DialTimeout("tcp", s.listener.Addr().String(), silence)
	if err != nil {
		return nil, &mistake{rule: httpwire.RuleComplete, says: "no connection: " + err.Error()}
	}
	return &peer{Conn: c}, nil
}

// talk has a conversation on a connection of its own. After it the server may have to close.
func (s *server) talk(steps []step, singly, closes bool) *mistake {
	p, m := s.dial()
	if m != nil {
		return m
	}
	defer p.Close()
	for _, st := range steps {
		if m := p.do(st, singly); m != nil {
			return m
		}
	}
	if closes {
		return p.closed()
	}
	return nil
}

// do does one step.
func (p *peer) do(st step, singly bool) *mistake {
	p.sent += st.send
	if p.send(st.send, singly); st.code == 0 {
		return nil
	}
	octets, resp, m := p.response(st.method)
	if m != nil {
		return m
	}
	spans, _ := httpwire.ResponseSpans(nil, []byte(octets), []byte(st.method))
	length := string(resp.Fields.Get("Content-Length"))
	switch {
	case resp.Code != st.code:
		m = mistakeAt(spans, httpwire.RuleStatusCode,
			fmt.Sprintf("want %d, your function writes %d", st.code, resp.Code))
	case st.code == 200 && length != fmt.Sprint(len(st.body)):
		m = mistakeAt(spans, httpwire.RuleEndOfHead,
			fmt.Sprintf("want a field Content-Length of %d octets, your function writes %q", len(st.body), length))
		m.rule = httpwire.RuleContentLength
	case st.code == 200 && st.method != "HEAD" && string(resp.Body) != st.body:
		head := len(octets) - len(resp.Body)
		m = &mistake{offset: head + same(string(resp.Body), st.body), rule: httpwire.RuleMessageBody,
			says: fmt.Sprintf("want the page %q, your function writes %q", st.body, resp.Body)}
	default:
		return nil
	}
	m.sent, m.octets = p.sent, octets
	return m
}

// send writes octets, together or one by one. A server may close before it has them all. The pauses
// let the other side read in between: without them, one Read often returns everything.
func (p *peer) send(octets string, singly bool) {
	p.SetWriteDeadline(time.Now().Add(silence))
	if !singly {
		io.WriteString(p, octets)
		return
	}
	for i := range len(octets) {
		io.WriteString(p, octets[i:i+1])
		time.Sleep(time.Millisecond)
	}
}

// response reads one response, and returns its octets.
func (p *peer) response(method string) (octets string, resp httpwire.Response, m *mistake) {
	for {
		resp = httpwire.Response{}
		n, fault := httpwire.ConsumeResponseHead(p.came, &resp)
		if fault == nil {
			length, says := bodyLength(&resp, method)
			if says != "" {
				return "", resp, &mistake{sent: p.sent, octets: string(p.came), offset: n - 2,
					rule: httpwire.RuleContentLength, says: says}
			}
			if int64(len(p.came)-n) >= length {
				end := n + int(length)
				octets, resp.Body = string(p.came[:end]), p.came[n:end]
				p.came = p.came[end:]
				return octets, resp, nil
			}
		} else if !errors.Is(fault, httpwire.ErrIncomplete) {
			return "", resp, p.faulty(fault, "writes this")
		}
		if err := p.read(); err != nil {
			_, fault := httpwire.ResponseSpans(nil, p.came, []byte(method))
			if len(p.came) == 0 {
				fault = &httpwire.IncompleteError{Rule: httpwire.RuleHTTPVersion}
			}
			return "", resp, p.faulty(fault, ended(err))
		}
	}
}

// bodyLength returns how many octets of body a response has, or says that it does not know.
func bodyLength(resp *httpwire.Response, method string) (length int64, says string) {
	f, err := resp.Framing([]byte(method))
	switch {
	case err != nil:
		return 0, err.Error()
	case f.Ending == httpwire.EndsWithHead:
		return 0, ""
	case f.Ending != httpwire.EndsAfterLength:
		return 0, "before this empty line, a field Content-Length has to say how long the body is"
	}
	return f.Length, ""
}

// faulty returns a mistake in the response of the server.
func (p *peer) faulty(fault error, did string) *mistake {
	m := missed(string(p.came), fault, 0, did)
	m.sent, m.octets = p.sent, string(p.came)
	return m
}

func (p *peer) read() error {
	buf := make([]byte, 4096)
	p.SetReadDeadline(time.Now().Add(silence))
	n, err := p.Read(buf)
	p.came = append(p.came, buf[:n]...)
	if n > 0 {
		return nil
	}
	return err
}

// ended says how a connection ended, or that nothing came.
func ended(err error) string {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Sprintf("writes nothing for %v and does not close", silence)
	}
	return "closes the connection"
}

// closed returns a mistake if the server does not close, or writes more.
func (p *peer) closed() *mistake {
	var err error
	if len(p.came) == 0 {
		err = p.read()
	}
	m := &mistake{sent: p.sent, octets: string(p.came), rule: httpwire.RuleSurplus}
	switch {
	case len(p.came) > 0:
		m.says = "the response has ended, and your function writes more"
	case errors.Is(err, os.ErrDeadlineExceeded):
		m.rule = httpwire.RuleComplete
		m.says = fmt.Sprintf("the response has ended, and after %v your function has not closed the "+
			"connection", silence)
	default:
		return nil
	}
	return m
}

// floods sends a head without end; the server has to stop.
func (s *server) floods() *mistake {
	const many = 32 << 20
	p, m := s.dial()
	if m != nil {
		return m
	}
	defer p.Close()
	line := []byte(strings.Repeat("X-Note: a\r\n", 1000))
	sent, err := io.WriteString(p, "GET / HTTP/1.0\r\n")
	p.SetWriteDeadline(time.Now().Add(silence))
	for err == nil && sent < many {
		var n int
		n, err = p.Write(line)
		sent += n
	}
	if err != nil { // it reads no more: either it has closed, or it responds
		err = p.read()
	}
	if sent >= many || errors.Is(err, os.ErrDeadlineExceeded) {
		return &mistake{rule: httpwire.RuleHeadLimit,
			says: fmt.Sprintf("after %d octets without an empty line the connection is still open", sent)}
	}
	return nil
}

// holds sends octets on a connection that stays open while do runs.
func (s *server) holds(octets string, do func() *mistake) *mistake {
	p, m := s.dial()
	if m != nil {
		return m
	}
	defer p.Close()
	p.send(octets, false)
	return do()
}

// ends closes the listener; the function has to return.
func (s *server) ends(file string) *mistake {
	s.listener.Close()
	select {
	case err := <-s.ended:
		s.ended <- err
		return nil
	case <-time.After(silence):
		return &mistake{rule: httpwire.RuleComplete,
			says: "the listener is closed, and your function does not return; it is " + placeIn(file)}
	}
}

package grader

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rawhttp/examples/peer"
	"rawhttp/httpwire"
)

// silence is how long a server or client may be silent, as package peer counts it.
const silence = time.Second

// A serve is the function of a student that is a server.
type serve func(listener net.Listener, pages map[string]string) error

// pages are what the server has.
var pages = map[string]string{"/": "hello\n", "/news": "nothing\r\n\r\nnew\n", "/empty": ""}

// A server runs a serve for the length of one row.
type server struct {
	file     string // that has the function
	listener net.Listener
	ending   chan struct{} // closed when the function returns or crashes
	ended    chan error    // has what the function returned, or a *crash
	over     atomic.Bool   // the row has passed or failed
}

// A lentListener is the listener that a function is given.
type lentListener struct {
	net.Listener
	over     *atomic.Bool // of its server
	mu       sync.Mutex
	accepted []net.Conn
	failed   int // calls of Accept that returned an error
}

// Accept ends its goroutine when the row is over: a function that calls log.Fatal after an error would end
// the rows that follow. It waits for ever after three errors: a function that goes on accepting would take
// their time.
func (l *lentListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if l.over.Load() {
		runtime.Goexit()
	}
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

// start starts a server. The function is in the file.
func start(f serve, file string) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{file: file, listener: l, ending: make(chan struct{}), ended: make(chan error, 1)}
	go func() {
		defer l.Close() // a client that waits learns that nothing will come
		lent := &lentListener{Listener: l, over: &s.over}
		err := error(goexit())
		defer func() {
			cause := recover()
			close(s.ending) // to find the line takes a while
			if cause != nil {
				err = crashOf(cause, file)
			}
			if _, crashes := err.(*crash); crashes {
				lent.hangUp()
			}
			s.ended <- err
		}()
		err = f(lent, pages)
	}()
	return s, nil
}

// A serverRow is a row of a table: what is done with a server of its own.
type serverRow struct {
	name, octets, hint string
	do                 func(s *server) *mistake
}

// talkRow returns the row of a conversation, after which the server closes.
func talkRow(name, hint string, steps ...step) serverRow {
	var octets strings.Builder
	for _, st := range steps {
		octets.WriteString(st.send)
	}
	return serverRow{name, octets.String(), hint, func(s *server) *mistake { return s.talk(steps, 0) }}
}

// check returns the check that tries the rows. The function is in the file.
func (f serve) check(file string, rows []serverRow) (check Check) {
	for _, r := range rows {
		check = append(check, row{r.name, r.octets, r.hint, func() error { return f.runRow(file, r.do) }})
	}
	return check
}

// runRow starts a server, does what a row does with it, and closes its listener.
func (f serve) runRow(file string, do func(s *server) *mistake) error {
	s, err := start(f, file)
	if err != nil {
		return err
	}
	defer s.stop()
	m := do(s)
	if m == nil {
		return nil
	}
	if _, has := peer.Wait(s.ending, 200*time.Millisecond); !has {
		return m
	}
	err = <-s.ended
	if _, crashes := err.(*crash); crashes || isNotBegun(err) {
		return err
	}
	m.says += fmt.Sprintf("; your function has returned while the listener was open: %v", err)
	return m
}

// stop ends a server whose row is over.
func (s *server) stop() {
	s.over.Store(true)
	s.listener.Close()
}

// A step is a part of a conversation: what is sent, and the response that has to come.
type step struct {
	send   string
	method string // of the request that the response is for
	code   int
	body   string // of a response 200
}

// expect returns the step that sends a request and wants a response with this code. If it is 200, the
// response has the page that the request names.
func expect(code int, request string) step {
	words := strings.Split(request, " ")
	return step{send: request, method: words[0], code: code, body: pages[words[1]]}
}

// sendMore returns the step that sends more at once.
func (st step) sendMore(more string) step {
	st.send += more
	return st
}

// alreadySent returns the step for a request whose first octets a step before it has sent.
func (st step) alreadySent(sent string) step {
	st.send = strings.TrimPrefix(st.send, sent)
	return st
}

// A conversation is one side of a connection.
type conversation struct {
	net.Conn
	sent string
	last string // the response that was read last
	came []byte // and is not read
}

func (s *server) dial() (*conversation, *mistake) {
	c, err := net.Dial("tcp", s.listener.Addr().String())
	if err != nil {
		return nil, &mistake{rule: httpwire.RuleComplete, says: "no connection: " + err.Error()}
	}
	return &conversation{Conn: c}, nil
}

// talk has a conversation on a connection of its own. After it the server has to close.
func (s *server) talk(steps []step, pauses time.Duration) *mistake {
	c, m := s.dial()
	if m != nil {
		return m
	}
	defer c.Close()
	for _, st := range steps {
		if m := c.do(st, pauses); m != nil {
			return m
		}
	}
	return c.closed()
}

// do does one step. Its octets are sent one by one as long as the pauses last. A server may close before it
// has them all.
func (c *conversation) do(st step, pauses time.Duration) *mistake {
	c.sent += st.send
	peer.SendSingly(c, st.send, pauses)
	octets, resp, m := c.response(st.method)
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
	m.sent, m.octets = c.sent, octets
	return m
}

// response reads one response, and returns its octets.
func (c *conversation) response(method string) (octets string, resp httpwire.Response, m *mistake) {
	for {
		n, fault := httpwire.ConsumeResponseHead(c.came, &resp)
		if fault == nil {
			f, fault := resp.Framing([]byte(method))
			length, known := bodyLength(f)
			switch {
			case fault != nil:
				return "", resp, c.faulty(fault, "writes this")
			case !known:
				return "", resp, &mistake{sent: c.sent, octets: string(c.came), offset: n - 2, rule: httpwire.RuleContentLength,
					says: "before this empty line, a field Content-Length has to say how long the body is"}
			}
			if int64(len(c.came)-n) >= length {
				end := n + int(length)
				octets, resp.Body = string(c.came[:end]), c.came[n:end]
				c.last, c.came = octets, c.came[end:]
				return octets, resp, nil
			}
		} else if !errors.Is(fault, httpwire.ErrIncomplete) {
			return "", resp, c.faulty(fault, "writes this")
		}
		if err := c.read(); err != nil {
			_, fault := httpwire.ResponseSpans(nil, c.came, []byte(method))
			return "", resp, c.faulty(fault, ended(err))
		}
	}
}

// bodyLength returns how many octets of body a response has, if its head says that.
func bodyLength(f httpwire.Framing) (length int64, known bool) {
	if f.Ending == httpwire.EndsWithHead {
		return 0, true
	}
	return f.Length, f.Ending == httpwire.EndsAfterLength
}

// faulty returns a mistake in the response of the server.
func (c *conversation) faulty(fault error, did string) *mistake {
	m := missed(string(c.came), fault, 0, did)
	m.sent, m.octets = c.sent, string(c.came)
	return m
}

func (c *conversation) read() error {
	buf := make([]byte, 4096)
	n, err := peer.Read(c, buf, silence)
	c.came = append(c.came, buf[:n]...)
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
func (c *conversation) closed() *mistake {
	var err error
	if len(c.came) == 0 { // a row that waits takes the time of others
		err = c.read()
	}
	m := &mistake{sent: c.sent, octets: c.last + string(c.came), offset: len(c.last),
		rule: httpwire.RuleSurplus}
	switch {
	case len(c.came) > 0:
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

// gets asks for a page on a connection of its own.
func (s *server) gets(request string) *mistake {
	return s.talk([]step{expect(200, request)}, 0)
}

// getsWhile asks for a page while another connection is open, on which octets were sent.
func (s *server) getsWhile(octets string) *mistake {
	c, m := s.dial()
	if m != nil {
		return m
	}
	defer c.Close()
	io.WriteString(c, octets)
	return s.gets(getPage)
}

// leaves sends octets and closes one side of the connection. The server has to close the other, and to go on.
func (s *server) leaves(octets string) *mistake {
	c, m := s.dial()
	if m != nil {
		return m
	}
	defer c.Close()
	io.WriteString(c, octets)
	c.Conn.(*net.TCPConn).CloseWrite()
	const most = 64 << 10 // of responses
	err := c.read()
	for err == nil && len(c.came) < most {
		err = c.read()
	}
	m = &mistake{sent: octets, octets: string(c.came), offset: len(c.came), rule: httpwire.RuleComplete}
	switch {
	case err == nil:
		m.says = "the client has closed its side, and your function writes without end"
	case errors.Is(err, os.ErrDeadlineExceeded):
		m.says = fmt.Sprintf("the client has closed its side, and after %v your function has not closed the connection", silence)
	default:
		return s.gets(getPage)
	}
	return m
}

// endless sends a head without end. The server has to stop reading it.
func (s *server) endless() *mistake {
	c, m := s.dial()
	if m != nil {
		return m
	}
	defer c.Close()
	sent, stops := peer.SendEndless(c, "GET / HTTP/1.0\r\n", silence)
	if stops {
		return nil
	}
	return &mistake{rule: httpwire.RuleHeadLimit,
		says: fmt.Sprintf("after %d octets without an empty line the connection is still open", sent)}
}

// ends closes the listener; the function has to return.
func (s *server) ends() *mistake {
	s.listener.Close()
	err, has := peer.Wait(s.ended, silence)
	if has {
		s.ended <- err
	}
	if c, crashes := err.(*crash); crashes {
		c.hint = closedHint
	} else if has {
		return nil
	}
	return &mistake{rule: httpwire.RuleComplete,
		says: "the listener is closed, and your function does not return; it is " + placeIn(s.file)}
}

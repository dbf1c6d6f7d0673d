package grader

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"rawhttp/examples/peer"
	"rawhttp/httpwire"
)

// Client returns the check of the client. The deadline of a client goes by the clock, and not by turns. So
// if it passes before the client has had the time for its work, on a busy machine, the row is tried again.
func Client(f func(addr, target string) (code int, body []byte, err error)) Check {
	var check Check
	for _, r := range clientRows {
		check = append(check, row{r.row, r.response, r.hint, func() error {
			inTime, err := r.askOnce(f)
			if !inTime {
				_, err = r.askOnce(f)
			}
			return err
		}})
	}
	return check
}

// askOnce lets the client ask a server once. It reports false if the client has failed after its deadline
// although it did not wait for more than the response.
func (r clientRow) askOnce(f func(addr, target string) (code int, body []byte, err error)) (inTime bool, mistake error) {
	s, err := respond(r.response, r.how)
	if err != nil {
		return true, err
	}
	defer s.listener.Close()
	begun := time.Now()
	code, body, err := func() (int, []byte, error) {
		defer close(s.returned)
		return f(s.listener.Addr().String(), "/news?x=1")
	}()
	took := time.Since(begun)
	if isNotBegun(err) {
		return true, err
	}
	if m := s.requestMistake(err); m != nil {
		return true, m
	}
	if m := clientMistake(r.response, r.code, r.body, code, body, err); m != nil {
		return took < silence || s.late.Load(), m
	}
	return true, s.lateMistake(r.response, r.how)
}

const (
	long  = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
	chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
)

// A clientRow is what a server sends, and what the client should return for it.
type clientRow struct {
	row, response string
	how           manner
	code          int // 0 if the response has to be refused
	body          string
	hint          string
}

var clientRows = []clientRow{
	{"a response", long, atOnce, 200, "hello", "connect, write the request, read the response"},
	{"until the close", "HTTP/1.0 200 OK\r\n\r\nhello", atOnce, 200, "hello",
		"without Content-Length and chunks the body goes on until the connection ends"},
	{"octets one by one", long, singly, 200, "hello", "one Read returns what has come: go on"},
	{"the connection stays open", long, open, 200, "hello",
		"read as many octets as Content-Length says; do not wait for the end of the connection"},
	{"a field in small letters", long[:17] + strings.ToLower(long[17:]), open, 200, "hello", capitalsHint},
	{"octets after the body", long + "HTTP/1.1", atOnce, 200, "hello",
		"the body has as many octets as Content-Length says, and no more"},
	{"a page that is not there", "HTTP/1.0 404 Not Found\r\nContent-Length: 2\r\n\r\nno", atOnce, 404,
		"no", "a code that is not 200 is a result, and not an error"},
	{"no content", "HTTP/1.1 204 No Content\r\n\r\n", open, 204, "",
		"204 and 304 have no body, whatever the fields say: do not wait for one"},
	{"not modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", open, 304, "",
		"204 and 304 have no body, whatever the fields say: do not wait for one"},
	{"an interim response", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + long, open, 200, "hello",
		"a code from 100 to 199 is not the final one: drop that head and read the next"},
	{"chunks", chunk + "0\r\n\r\n", open, 200, "hello",
		"if the head has Transfer-Encoding: chunked, read the body with Chunked"},
	{"chunks in capitals", strings.Replace(chunk, "chunked", "Chunked", 1) + "0\r\n\r\n", open, 200,
		"hello", "capitals make no difference in the name of a coding: strings.EqualFold"},
	{"an error of the server", "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops", open, 500, "oops",
		"a code that is not 200 is a result, and not an error"},
	{"a long head", "HTTP/1.1 200 OK\r\nX-Note: " + strings.Repeat("a", 20000) + "\r\n" +
		"Content-Length: 4\r\n\r\nnews", open, 200, "news", "a head may have up to 64 KB"},
	{"a body cut short", long[:len(long)-1], atOnce, 0, "", halfHint},
	{"chunks cut short", chunk, atOnce, 0, "", "without the last chunk the body is not whole"},
	{"a head cut short", "HTTP/1.1 200 OK\r\nContent-Le", atOnce, 0, "",
		"without an empty line there is no head"},
	{"no response", "", atOnce, 0, "", "a connection that ends before a response is an error"},
	{"a malformed status-line", "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n", atOnce, 0, "",
		"if StatusLine returns an error, return it"},
	{"a malformed field", "HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n", atOnce, 0, "",
		"if Fields returns an error, return it"},
	{"a malformed length", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", atOnce, 0, "",
		"if Body returns an error, return it"},
	{"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nhello", atOnce, 0,
		"", "two lengths let two readers see two messages: refuse a second Content-Length"},
	{"a length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n" +
		"\r\n0\r\n\r\n", atOnce, 0, "",
		"a length and chunks let two readers see two messages: refuse both together"},
	{"silence", "", open, 0, "", "net.Conn has SetDeadline: give up after a second"},
	{"a head that does not end", "HTTP/1.1 200 OK\r\n", flood, 0, "",
		"when 64 KB have come without an empty line, give up"},
}

// clientMistake compares what a client has returned with what it should have.
func clientMistake(
	response string, wantCode int, wantBody string, code int, body []byte, err error,
) error {
	spans, fault := httpwire.ResponseSpans(nil, []byte(response), []byte("GET"))
	switch {
	case wantCode == 0 && err != nil,
		err == nil && code == wantCode && string(body) == wantBody && wantCode != 0:
		return nil
	case wantCode == 0:
		return missed(response, fault, 0, "accepts it")
	case err != nil:
		return &mistake{rule: httpwire.RuleComplete, says: refused + err.Error()}
	case code != wantCode:
		return mistakeAt(spans, httpwire.RuleStatusCode,
			fmt.Sprintf("want %d, your function returns %d", wantCode, code))
	}
	return &mistake{offset: strings.Index(response, "\r\n\r\n") + 4, rule: httpwire.RuleMessageBody,
		says: fmt.Sprintf("want the body %q, your function returns %q", wantBody, body)}
}

// A manner is how a server sends its response.
type manner int

const (
	atOnce manner = iota // and closes
	singly               // one octet after the other, and closes
	open                 // and leaves the connection open
	flood                // and goes on with fields, without end
)

// A responder is a server that gives one response.
type responder struct {
	listener net.Listener
	request  chan string
	returned chan struct{} // closed when the client has returned
	late     atomic.Bool   // the client has not returned in time
}

func respond(response string, how manner) (*responder, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &responder{listener: l, request: make(chan string, 1), returned: make(chan struct{})}
	go r.serve(response, how)
	return r, nil
}

func (r *responder) serve(response string, how manner) {
	c, err := r.listener.Accept()
	if err != nil {
		return
	}
	defer c.Close()
	talk := &conversation{Conn: c}
	for err == nil && !bytes.Contains(talk.came, []byte("\r\n\r\n")) {
		err = talk.read()
	}
	r.request <- string(talk.came)
	pauses := time.Duration(0)
	if how == singly {
		pauses = silence / 4 // the client may give up after a second
	}
	peer.SendSingly(c, response, pauses)
	switch how {
	case open:
		r.await()
	case flood:
		go func() {
			r.await()
			c.Close()
		}()
		for err == nil {
			_, err = io.WriteString(c, strings.Repeat("X-Note: a\r\n", 1000))
		}
	}
}

// await waits until the client has returned. A client that has a response, or can have none, is late if it
// waits for its own deadline, which is a second.
func (r *responder) await() {
	if _, has := peer.Wait(r.returned, silence/2); !has {
		r.late.Store(true)
		<-r.returned
	}
}

// lateMistake returns a mistake if the client has waited for more than it needs.
func (r *responder) lateMistake(response string, how manner) error {
	switch {
	case !r.late.Load() || response == "":
		return nil
	case how == flood:
		return &mistake{offset: len(response), rule: httpwire.RuleHeadLimit,
			says: "fields follow without end, and your function goes on reading"}
	}
	return &mistake{offset: len(response), rule: httpwire.RuleComplete,
		says: "the response ends here, and your function goes on reading"}
}

// requestMistake returns what is wrong with the request that came. Said is the error of the client.
func (r *responder) requestMistake(said error) error {
	octets, _ := peer.Wait(r.request, 2*silence)
	spans, fault := httpwire.RequestSpans(nil, []byte(octets))
	var req httpwire.Request
	httpwire.ConsumeRequest([]byte(octets), &req)
	var m *mistake
	switch {
	case octets == "":
		m = mistakeAt(nil, httpwire.RuleMethod, "want a request, and your function sends nothing")
		if said != nil {
			m.says += "; it says: " + said.Error()
		}
	case fault != nil:
		m = missed(octets, fault, 0, "sends this")
	case string(req.Method) != "GET":
		m = mistakeAt(spans, httpwire.RuleMethod, fmt.Sprintf("want GET, your function sends %q", req.Method))
	case string(req.Target) != "/news?x=1":
		m = mistakeAt(spans, httpwire.RuleRequestTarget,
			fmt.Sprintf("want the target /news?x=1, your function sends %q", req.Target))
	case req.Version != httpwire.Version{Major: 1, Minor: 1}:
		m = mistakeAt(spans, httpwire.RuleHTTPVersion,
			"want HTTP/1.1, your function sends "+req.Version.String())
	case !req.Fields.Has("Connection", "close"):
		m = mistakeAt(spans, httpwire.RuleEndOfHead, "before this empty line, want the field Connection: close")
	case string(req.Fields.Get("Host")) != r.listener.Addr().String():
		m = mistakeAt(spans, httpwire.RuleEndOfHead,
			fmt.Sprintf("before this empty line, want the field Host: %s", r.listener.Addr()))
		m.rule = httpwire.RuleHostField
	default:
		return nil
	}
	m.octets = octets
	return m
}

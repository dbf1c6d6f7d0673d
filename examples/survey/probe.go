package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"rawhttp/examples/gallery"
	"rawhttp/examples/peer"
	"rawhttp/httpwire"
)

// probes are the questions that are not messages of the gallery.
var probes = []question{
	{robustness, "a client that goes away at once", func(e *examiner) string {
		return e.leaves("", false)
	}},
	{robustness, "a client that goes away in the request", func(e *examiner) string {
		return e.leaves("GET / HT", false)
	}},
	{robustness, "a client that breaks off", func(e *examiner) string {
		return e.leaves("GET / HTTP/1.0\r\n", true)
	}},
	{robustness, "octets one by one", (*examiner).octets},
	{robustness, "a client that says nothing", func(e *examiner) string { return e.waits(1, "") }},
	{robustness, "a client that stops in the request", func(e *examiner) string {
		return e.waits(1, "GET / HTTP/1.0\r\n")
	}},
	{robustness, "50 clients that say nothing", func(e *examiner) string { return e.waits(50, "") }},
	{robustness, "a head that does not end", (*examiner).flood},
	{responses, "GET", func(e *examiner) string { return e.response("GET", "/") }},
	{responses, "HEAD", (*examiner).head},
	{responses, "a target that is not there", func(e *examiner) string {
		return e.response("GET", "/no/such/target")
	}},
	{responses, "a method that is not known", func(e *examiner) string { return e.response("BREW", "/") }},
	{responses, "HEAD of a target that is not there", func(e *examiner) string {
		return e.response("HEAD", "/no/such/target")
	}},
}

// leaves sends octets and closes. What it does to the server is seen afterwards.
func (e *examiner) leaves(octets string, reset bool) string {
	c, err := e.dial()
	if err != nil {
		return labelled("your server", err.Error())
	}
	io.WriteString(c, octets)
	if reset {
		c.(*net.TCPConn).SetLinger(0)
	}
	c.Close()
	return ""
}

// octets sends a request one octet after the other. The pauses between them do not count as the server's
// time.
func (e *examiner) octets() string {
	c, err := e.dial()
	if err != nil {
		return labelled("your server", err.Error())
	}
	defer c.Close()
	peer.SendSingly(c, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", e.timeout/2)
	if n, err := peer.Read(c, make([]byte, 1), e.timeout); n == 0 {
		return differs(fmt.Sprintf("no response to a request that came octet by octet (%v)", err),
			"the response to GET /")
	}
	return ""
}

// waits has clients that do not complete a request, and asks while they wait.
func (e *examiner) waits(clients int, octets string) string {
	const expected = "each connection is served at once, by a goroutine or thread of its own, or by a loop " +
		"that waits for all of them"
	for i := range clients {
		c, err := e.dial()
		if err != nil {
			return differs(fmt.Sprintf("accepts no more connections while %d wait (%v)", i, err), expected)
		}
		defer c.Close()
		io.WriteString(c, octets)
	}
	if e.failure() == "" {
		return ""
	}
	return differs(fmt.Sprintf("no response while a client has sent %q and waits", octets), expected)
}

// flood sends a head without end.
func (e *examiner) flood() string {
	c, err := e.dial()
	if err != nil {
		return labelled("your server", err.Error())
	}
	defer c.Close()
	sent, stops := peer.SendEndless(c, "GET / HTTP/1.0\r\n", e.timeout)
	if stops {
		return ""
	}
	return differs(fmt.Sprintf("leaves the connection open after %d octets without an empty line", sent),
		"a limit, such as 64 KB, then 431 or 400 and a close")
}

// response looks at each octet of one response.
func (e *examiner) response(method, target string) string {
	_, wrong := e.one(method, target)
	return wrong
}

// one asks and returns the head of the response, or says what is wrong with it.
func (e *examiner) one(method, target string) (resp httpwire.Response, wrong string) {
	request := method + " " + target + " HTTP/1.0\r\n\r\n"
	r, err := exchange(e.ctx, e.addr, []byte(request), e.timeout)
	switch {
	case err != nil:
		return resp, labelled("your server", err.Error())
	case len(r.octets) == 0:
		return resp, labelled("your server", fmt.Sprintf("no response (%v)", r.end))
	}
	if r.outcome() == gallery.Simple {
		return resp, withoutHead(r.octets)
	}
	if fault := r.fault(); fault != "" {
		return resp, labelled("sent", strings.TrimSpace(request)) + fault
	}
	httpwire.ConsumeResponseHead(r.octets, &resp)
	if errors.Is(r.end, os.ErrDeadlineExceeded) {
		wrong = differs("leaves the connection open after the response",
			"a close: the request did not ask for keep-alive")
	}
	return resp, wrong
}

// head compares the responses to HEAD and GET.
func (e *examiner) head() string {
	get, wrong := e.one("GET", "/")
	if wrong != "" {
		return wrong
	}
	head, wrong := e.one("HEAD", "/")
	if wrong != "" {
		return wrong
	}
	if head.Code == 405 || head.Code == 501 {
		return differs(fmt.Sprint(head.Code), "the head of the response to GET")
	}
	for _, part := range []struct {
		name      string
		head, get []byte
	}{
		{"status code", fmt.Append(nil, head.Code), fmt.Append(nil, get.Code)},
		{"Content-Length", head.Fields.Get("Content-Length"), get.Fields.Get("Content-Length")},
		{"Content-Type", head.Fields.Get("Content-Type"), get.Fields.Get("Content-Type")},
	} {
		if !bytes.Equal(part.head, part.get) {
			return differs(fmt.Sprintf("%s %q for HEAD, and %q for GET", part.name, part.head, part.get), "the same")
		}
	}
	return ""
}

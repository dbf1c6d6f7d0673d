package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"

	"rawhttp/httpwire"
	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
	"rawhttp/rawclient/rawserver"
	"rawhttp/rawclient/wireclient"
)

// listen serves clients until ctx or the typed input ends.
func (c *console) listen(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	var output sync.Mutex // a notice can come while the user types
	out := &commandline.Output{W: c.std.Out, Failed: func(err error) {
		end(&failure{exitBroken, "cannot write the output: " + err.Error()})
	}}
	c.std.Out, c.std.Err = &lockedWriter{&output, out}, &lockedWriter{&output, c.std.Err}
	addr, err := dialAddress("-listen", c.opt.listen)
	if err != nil {
		return err
	}
	server := &rawserver.Server{Out: c.std.Out, Notice: c.notice,
		Timeout: c.opt.timeout, TimeIsOver: c.opt.timeIsOver(), Keep: keepMost, ShowBody: bodyShown}
	if c.opt.lists() {
		server.List = c.list
	}
	if err := c.chooseResponse(ctx, server); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return &failure{ExitConnect, listenError(addr, err)}
	}
	c.notice("listening at http://%s/  Ctrl-C ends it", listener.Addr())
	err = server.Serve(ctx, listener)
	if failed, ok := errors.AsType[*failure](context.Cause(ctx)); ok {
		return failed
	}
	if ctx.Err() != nil {
		c.newLine() // a terminal has printed ^C
		c.notice("interrupted: rawclient no longer listens")
		return nil
	}
	c.notice("the input has ended: rawclient no longer listens")
	if err == io.EOF {
		return nil
	}
	return err
}

// listenError says why rawclient cannot listen at an address, and what to do.
func listenError(addr string, err error) string {
	why := err.Error()
	if wireclient.IsInUse(err) {
		why = "another program uses this port"
		if strings.HasSuffix(addr, ":"+serverPort) {
			why += ", perhaps the server of this project"
		}
	}
	return "cannot listen at " + addr + ": " + why +
		"\nuse an address of this machine, and a port that is free:  -listen localhost:0"
}

// chooseResponse finds out where the responses come from.
func (c *console) chooseResponse(ctx context.Context, server *rawserver.Server) error {
	var response []byte
	var err error
	switch o := c.opt; {
	case o.given["in"]:
		if response, err = c.readFile(ctx, "-in", o.in); err == nil && len(response) == 0 {
			err = usageError("-in %s: the file is empty", o.in)
		}
		response = c.crlf(response)
	case len(o.lines) > 0:
		if response, err = c.octetsOfLines(ctx, "response"); !strings.HasPrefix(o.lines[0], "HTTP/") {
			c.notice("%q is sent as the status-line; a status-line is like  HTTP/1.0 200 OK", o.lines[0])
		}
	case c.std.InTerminal || o.interactive:
		keys := &responseKeys{keyboard: c.newKeyboard(ctx, "response")}
		server.Respond, server.Ended = keys.response, keys.ended
		return nil
	default:
		err = usageError("no response was given. Write it after the flags, name a file, or type it\n\n"+
			"  %[1]s -listen %[2]s -data hello \"HTTP/1.0 200 OK\"\n  %[1]s -listen %[2]s -in response.http\n"+
			"  %[1]s -listen %[2]s -i\n", command, o.listen)
	}
	server.Respond = func(explain.Listing) ([]byte, error) {
		c.showGiven(response)
		return response, nil
	}
	return err
}

// showGiven shows the head of a response that was not typed, and the first octets of its body.
func (c *console) showGiven(response []byte) {
	head := max(0, bytes.Index(response, []byte("\r\n\r\n")))
	shown := min(len(response), head+bodyShown)
	c.std.Out.Write(visible.AppendMarked(nil, '>', response[:shown]))
	if more := len(response) - shown; more > 0 {
		c.notice("and %d more octets", more)
	}
}

// list prints the listing of one message.
func (c *console) list(title string, listing explain.Listing) {
	c.std.Out.Write(append(c.appendListing(fmt.Appendf(nil, "\n%s\n\n", title), listing), '\n'))
}

// A responseKeys is the keyboard where responses are typed.
type responseKeys struct {
	*keyboard
	taught bool // a notice has said how to type
}

// response reads a response to a request. The last response is returned with io.EOF. An empty response closes
// the connection.
func (k *responseKeys) response(request explain.Listing) ([]byte, error) {
	k.notice("type the response, such as  HTTP/1.0 200 OK")
	if !k.taught {
		k.notice("Enter sends CR LF, and an empty line ends the head. A question mark alone lists the " +
			"request. An empty line alone closes the connection")
		k.taught = true
	}
	line, err := k.line()
	for string(line) == "?" {
		k.list("request", request)
		line, err = k.line()
	}
	if len(line) == 0 {
		if err == nil {
			k.notice("nothing is sent, and the connection is closed")
		}
		return nil, err
	}
	head, err := k.head(line, err)
	if err != nil {
		return head, err
	}
	return k.body(head, bodyLength(head, wireclient.ParseRequest(request.Octets).Method))
}

// bodyLength returns the length of the body that follows the head of a response, or -1 if the head
// does not say it.
func bodyLength(head, method []byte) int64 {
	var resp httpwire.Response
	if _, err := httpwire.ConsumeResponseHead(head, &resp); err != nil {
		return -1
	}
	framing, _ := resp.Framing(method) // it is valid even if the fields break a rule
	switch framing.Ending {
	case httpwire.EndsAfterLength:
		return framing.Length
	case httpwire.EndsWithHead, httpwire.EndsInterim:
		return 0
	}
	return -1
}

// A lockedWriter is a writer that several goroutines share.
type lockedWriter struct {
	mu *sync.Mutex
	w  io.Writer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.w.Write(p)
}

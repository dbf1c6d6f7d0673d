package cli

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"rawhttp/rawclient/wireclient"
)

// A listenServer is the client as a server: what -listen makes of it.
//
//	client                             rawclient -listen
//	  | request ---------------------->  |   shown line by line, as its lines arrive
//	  |                                  |   the response is typed, or is there already
//	  | <---------------------- response |   sent at once, exactly as it was given
//	  | <---------------------------FIN  |   the sending side is closed after each response
//	  | FIN -------------------------->  |   awaited for two seconds
//
// It serves one connection after the other. Memory and time are limited: of a request it keeps the
// first 256 KiB, and the time of -timeout is for the whole request.
type listenServer struct {
	*console
	response []byte    // of the command line or of a file; nil if it is typed
	keys     *keyboard // nil unless the response is typed
	taught   bool      // a notice has said how to type
}

// listen serves clients until ctx or the typed input ends.
func (c *console) listen(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var output sync.Mutex // a notice can come while the user types
	c.Out, c.Err = &lockedWriter{&output, c.Out}, &lockedWriter{&output, c.Err}
	l := &listenServer{console: c}
	addr, err := dialAddress("-listen", l.opt.listen)
	if err != nil {
		return err
	}
	if err := l.chooseResponse(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return &failure{exitConnect, listenError(addr, err)}
	}
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	defer listener.Close()
	c.notice("listening at http://%s/  Ctrl-C ends it", listener.Addr())
	err = l.serveAll(ctx, listener)
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

// serveAll serves one connection after the other, until ctx or the typed input ends. It returns why it
// has ended.
func (l *listenServer) serveAll(ctx context.Context, listener net.Listener) (err error) {
	connections := make(chan *incoming)
	go l.accept(ctx, listener, connections)
	var inputEnded chan struct{}
	if l.keys != nil {
		inputEnded = l.keys.ended
	}
	for number := 1; err == nil; {
		select {
		case in := <-connections:
			l.notice("connection %d, from %s", number, in.conn.RemoteAddr())
			err = in.serve(ctx)
			number++
		case <-inputEnded:
			err = io.EOF
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	return err
}

// chooseResponse finds out where the responses come from.
func (l *listenServer) chooseResponse(ctx context.Context) (err error) {
	switch o := l.opt; {
	case o.given["in"]:
		if l.response, err = l.readFile(ctx, "-in", o.in); err == nil && len(l.response) == 0 {
			err = usageError("-in %s: the file is empty", o.in)
		}
		l.response = l.crlf(l.response)
	case len(o.lines) > 0:
		if l.response, err = l.octetsOfLines(ctx, "response"); !strings.HasPrefix(o.lines[0], "HTTP/") {
			l.notice("%q is sent as the status-line; a status-line is like  HTTP/1.0 200 OK", o.lines[0])
		}
	case l.InTerminal || o.interactive:
		l.keys = l.newKeyboard(ctx, "response")
	default:
		err = usageError("no response was given. Write it after the flags, name a file, or type it\n\n"+
			"  %[1]s -listen %[2]s -data hello \"HTTP/1.0 200 OK\"\n  %[1]s -listen %[2]s -in response.http\n"+
			"  %[1]s -listen %[2]s -i\n", command, l.opt.listen)
	}
	return err
}

// accept takes connections and hands them over one at a time. One waits here, and the next ones wait
// in the queue of the system.
func (l *listenServer) accept(ctx context.Context, listener net.Listener, to chan<- *incoming) {
	for served := (*incoming)(nil); ; {
		conn, err := listener.Accept()
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			time.Sleep(10 * time.Millisecond) // such as too many open files, which pass
			continue
		}
		if served != nil && !served.ended.Load() {
			l.notice("%s has connected and waits: one client is served at a time", conn.RemoteAddr())
			served.giveWay()
		}
		in := &incoming{listenServer: l, conn: conn.(*net.TCPConn)}
		select {
		case to <- in:
			served = in
		case <-ctx.Done():
			conn.Close()
			return
		}
	}
}

// serve serves the connection. An error ends the server.
func (in *incoming) serve(ctx context.Context) error {
	defer in.ended.Store(true)
	defer in.conn.Close()
	defer context.AfterFunc(ctx, func() { in.conn.Close() })()
	if !in.receive() {
		return ctx.Err()
	}
	if in.opt.lists() {
		in.showListing("request", in.listing())
	}
	watch := in.watch()
	response, err := in.response, error(nil)
	if in.keys != nil {
		response, err = in.typeResponse()
	}
	if err != nil && err != io.EOF {
		return err
	}
	if len(response) > 0 {
		in.respond(response)
	} else {
		in.responded.Store(true)
		in.conn.CloseWrite()
	}
	in.finish(watch)
	return cmp.Or(err, ctx.Err())
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

// excerpt returns the head of a message and the first bodyShown octets of its body.
func excerpt(b []byte) []byte {
	head := bytes.Index(b, []byte("\r\n\r\n"))
	return b[:min(len(b), max(head, 0)+bodyShown)]
}

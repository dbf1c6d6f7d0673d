// Package rawserver is rawclient -listen: it shows people what clients send, and sends each of them a response
// that may break any rule.
//
//	client                             rawclient -listen
//	  | request ---------------------->  |   shown line by line, as its lines arrive
//	  |                                  |   the response is typed, or is there already
//	  | <---------------------- response |   sent at once, exactly as it was given
//	  | <---------------------------FIN  |   the sending side is closed after each response
//	  | FIN -------------------------->  |   awaited for two seconds
//
// It serves one connection after the other. Memory and time are limited: of a request it keeps the
// first octets, and the time is for the whole request.
//
//	server.go    one connection after the other
//	incoming.go  the request that a client sends, and what it does after the response
//	respond.go   the response, and what the client was still waiting for
package rawserver

import (
	"cmp"
	"context"
	"io"
	"net"
	"time"

	"rawhttp/httpwire/explain"
)

// A Server serves clients. It calls its functions and Out from several goroutines at the same time.
type Server struct {
	Out    io.Writer                                   // gets the octets of requests, with visible line ends
	Notice func(format string, args ...any)            // prints a notice; what follows its first line is an excerpt
	List   func(title string, listing explain.Listing) // prints a listing of a message; nil if none is wanted

	// Respond returns the response to a request. If it returns no octets, the connection is closed. With io.EOF no
	// other response follows, and Serve returns. Ended is closed when that is known before the next request, so
	// that Serve returns without waiting for it; nil if it is never closed.
	Respond func(request explain.Listing) ([]byte, error)
	Ended   <-chan struct{}

	Timeout    time.Duration // limits the time for a request, and for a response; not 0
	TimeIsOver string        // what a notice says when Timeout is over
	Keep       int           // how many octets of a request are kept
	ShowBody   int           // how many octets of its body are shown as they arrive
}

// Serve serves one connection after the other, until ctx or the responses end. It returns why it has ended: the
// error of ctx, io.EOF, or another error of Respond. The connections must be of TCP. Serve closes the listener.
func (s *Server) Serve(ctx context.Context, listener net.Listener) (err error) {
	defer listener.Close()
	ctx, end := context.WithCancel(ctx)
	defer end()
	context.AfterFunc(ctx, func() { listener.Close() }) // ends accept
	connections := make(chan *incoming)
	go s.accept(ctx, listener, connections)
	for number := 1; err == nil; {
		select {
		case in := <-connections:
			s.Notice("connection %d, from %s", number, in.conn.RemoteAddr())
			err = in.serve(ctx)
			number++
		case <-s.Ended:
			err = io.EOF
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	return err
}

// accept takes connections and hands them over one at a time. One waits here, and the next ones wait
// in the queue of the system.
func (s *Server) accept(ctx context.Context, listener net.Listener, to chan<- *incoming) {
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
			s.Notice("%s has connected and waits: one client is served at a time", conn.RemoteAddr())
			served.giveWay()
		}
		in := &incoming{server: s, conn: conn.(*net.TCPConn)}
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
	if in.server.List != nil {
		in.server.List("request", in.listing())
	}
	closed := in.awaitClosing()
	response, err := in.server.Respond(in.listing())
	if err != nil && err != io.EOF {
		return err
	}
	if len(response) > 0 {
		in.respond(response)
	} else {
		in.responded.Store(true)
		in.conn.CloseWrite()
	}
	in.finish(closed)
	return cmp.Or(err, ctx.Err())
}

package wireclient

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/stream"
)

// An Exchange is one request and its response on a connection. Each Do begins anew.
type Exchange struct {
	Conn      Conn
	Request   *Request
	HalfClose bool          // close the sending side after the request
	Trickle   time.Duration // the pause between octets of the request; 0 sends them at once
	Silence   time.Duration // a Silence is reported if nothing is received for this long; 0 reports none
	Watch     time.Duration // how long the connection is watched after the response; 0 is until the close

	handle   func(Event) error
	failed   error // the first error of handle: no event follows, and reading ends
	sending  *sending
	receiver *receiver
	rd       *stream.Reader // the octets of receiver
	inHead   bool           // a head is being read
	buf      []byte         // for the octets of a body
}

// Do sends the request and calls handle with each event, in order. An error of handle ends the
// exchange, and Do returns it. When ctx ends, the connection is closed, and End or Close has the
// error of ctx.
func (x *Exchange) Do(ctx context.Context, handle func(Event) error) error {
	defer context.AfterFunc(ctx, func() { x.Conn.Close() })()
	x.handle, x.failed = handle, nil
	x.receiver = &receiver{conn: x.Conn, ctx: ctx, deadline: within(x.Silence), onSilence: func(error) error {
		x.emit(&Silence{Received: x.rd.Count(), Sending: x.sending.active(),
			InHead: x.inHead && len(x.rd.Buffered()) > 0})
		return nil
	}}
	x.rd = stream.NewReader(x.receiver)
	x.sending = send(x.Conn, x.Request.Octets, x.Trickle, x.HalfClose)
	x.receive()
	x.sending.stop()
	return x.failed
}

// Sent returns how many octets of the request were sent, and why not all. Call it when Do has returned.
func (x *Exchange) Sent() (int, error) { return x.sending.n, x.sending.err }

func (x *Exchange) emit(e Event) {
	if x.failed == nil {
		x.failed = x.handle(e)
		x.receiver.end(x.failed)
	}
}

// receive reads interim responses and the final one.
func (x *Exchange) receive() {
	for interim := 0; ; interim++ {
		h := x.head(interim == 0)
		switch {
		case h == nil:
			return
		case h.Framing.Ending != httpwire.EndsInterim:
			x.final(h)
			return
		case interim == httpwire.MaxInterim:
			x.emit(&Broken{fmt.Errorf("more than %d interim responses, and no final one",
				httpwire.MaxInterim)})
			x.emit(&End{})
			return
		}
	}
}

// final reads the body of the final response, and watches the connection. If the response is a 4xx or 5xx,
// final first stops sending: the server needs no more of the request (RFC 1945 sections 9.4 and 9.5).
func (x *Exchange) final(h *Head) {
	if httpwire.Class(h.Response.Code) >= 4 {
		if x.sending.stop(); x.sending.n < len(x.Request.Octets) {
			x.Conn.CloseWrite()
		}
	}
	if !x.body(h.Framing) {
		return
	}
	x.emit(&End{})
	if h.Framing.Ending != httpwire.EndsWhenClosed {
		x.watch()
	}
}

// end reports that err cut the response short. what is a clause that says how much of it came.
func (x *Exchange) end(err error, what string, args ...any) {
	x.emit(&End{err, fmt.Sprintf(what, args...)})
}

// head reads a head. It returns nil if no other part of the response can follow.
func (x *Exchange) head(first bool) *Head {
	h := &Head{Offset: x.rd.Consumed(), repairer: new(repairer)}
	resp := new(httpwire.Response)
	x.inHead = true
	octets, err := x.rd.Part(httpwire.MaxResponseHead, func(b []byte) (int, error) {
		return h.repairer.consume(b, resp)
	})
	x.inHead = false
	switch have := x.rd.Buffered(); {
	case err == nil:
		x.readFields(h, resp)
		x.emitHead(h, octets)
		return h
	case len(have) == 0 && first:
		x.end(err, "no response came")
	case len(have) == 0:
		x.end(err, "no final response came")
	case first && httpwire.IsSimpleResponse(have):
		x.simple(h)
	default:
		x.unreadable(h, err)
	}
	return nil
}

// unreadable reports a head that is incomplete or breaks a rule, and reads what follows it.
func (x *Exchange) unreadable(h *Head, err error) {
	octets := x.arrived()
	x.emitHead(h, octets)
	fault, broken := errors.AsType[*httpwire.SyntaxError](err)
	switch {
	case !broken:
		x.end(err, "incomplete: %s of the head, without the empty line that ends it",
			explain.OctetCount(int64(len(octets))))
	case fault.Rule == httpwire.RuleHeadLimit:
		x.allIsResponse("the head has no end within %d octets", httpwire.MaxResponseHead)
	case len(h.repairer.edits) == maxEdits:
		x.allIsResponse("the head breaks rules at more than %d octets", maxEdits)
	default:
		x.allIsResponse("the head cannot be read")
	}
}

// allIsResponse reads everything up to the close as the response. The arguments say why.
func (x *Exchange) allIsResponse(why string, args ...any) {
	x.unframed(fmt.Errorf(why+", so the response is everything up to the close", args...))
}

// readFields finds out what the fields say about the rest of the response.
func (x *Exchange) readFields(h *Head, resp *httpwire.Response) {
	h.Response = resp
	h.Closes = x.Request.Closes() || resp.Fields.Has("Connection", "close") ||
		!resp.Fields.Has("Connection", "keep-alive") &&
			!(resp.Version.AtLeast(1, 1) && x.Request.Version.AtLeast(1, 1))
	var err error
	h.Framing, err = resp.Framing(x.Request.Method)
	if fault, ok := errors.AsType[*httpwire.SyntaxError](err); ok {
		fault.Offset = int(h.Offset) + h.repairer.original(fault.Offset) // interim responses precede the head
		h.Fault = fault
	}
}

func (x *Exchange) emitHead(h *Head, octets []byte) {
	h.Octets, h.Repairs = octets, h.repairer.repairs(h.Offset)
	x.emit(h)
}

// simple reads a Simple-Response, which has no head: all octets are the body. Another protocol and a
// misspelled status-line do not begin with "HTTP/" either. So simple first waits for enough octets to tell
// these apart.
func (x *Exchange) simple(h *Head) {
	const protocolOctets = 16 // more than any protocol needs to be recognized
	for {
		_, undecided := httpwire.LooksLikeStatusLine(x.rd.Buffered())
		decided := undecided == nil && len(x.rd.Buffered()) >= protocolOctets
		if decided || x.rd.Fill() != nil {
			break
		}
	}
	if foreign := explain.Foreign(x.rd.Buffered()); foreign != nil {
		x.unframed(foreign)
		return
	}
	if like := explain.LikeStatusLine(x.rd.Buffered()); like != "" {
		x.allIsResponse("%s", like)
		return
	}
	h.Simple = true
	x.emitHead(h, nil)
	if x.untilClose() {
		x.emit(&End{})
	}
}

var errSilent = errors.New("nothing was received for a while")

// toTheEnd is more octets than any response has.
const toTheEnd = math.MaxInt64

// unframed reads everything up to the close, or until nothing comes for a while, because of err.
func (x *Exchange) unframed(err error) {
	x.emit(&Broken{err})
	x.receiver.deadline, x.receiver.onSilence = within(x.Silence), func(error) error { return errSilent }
	if _, err := x.data(toTheEnd); err == io.EOF || err == errSilent {
		x.emit(&End{})
	} else {
		x.end(err, "no more came")
	}
}

// body reads a body, and reports whether it is complete.
func (x *Exchange) body(f httpwire.Framing) bool {
	switch f.Ending {
	case httpwire.EndsAfterChunks:
		return x.chunks()
	case httpwire.EndsWhenClosed:
		return x.untilClose()
	}
	n, err := x.data(f.Length)
	if err != nil {
		x.end(err, "incomplete: %d of %s of the body", n, explain.OctetCount(f.Length))
	}
	return err == nil
}

// untilClose reads a body that ends when the server closes the connection.
func (x *Exchange) untilClose() bool {
	n, err := x.data(toTheEnd)
	if err != io.EOF {
		x.end(err, "incomplete: %s of a body that ends with the close", explain.OctetCount(n))
	}
	return err == io.EOF
}

// data reports the next n octets as they come. It returns io.EOF if the connection ends before
// them.
func (x *Exchange) data(n int64) (done int64, err error) {
	if size := min(n, 256<<10); int64(len(x.buf)) < size {
		x.buf = make([]byte, size)
	}
	for done < n && err == nil {
		var read int
		read, err = x.rd.Read(x.buf[:min(int64(len(x.buf)), n-done)])
		x.emitData(x.buf[:read], false)
		done += int64(read)
	}
	return done, err
}

// arrived reads and returns all octets that have arrived.
func (x *Exchange) arrived() []byte { b, _ := x.rd.Body(int64(len(x.rd.Buffered()))); return b }

func (x *Exchange) emitData(b []byte, framing bool) {
	if len(b) > 0 {
		x.emit(&Data{Octets: b, Framing: framing})
	}
}

// chunks reads a chunked body and its framing, and reports whether it is complete.
func (x *Exchange) chunks() bool {
	c := &stream.Chunks{Reader: x.rd}
	for c.Next() {
		x.emitData(c.Framing, true)
		if n, err := x.data(c.Size); err != nil {
			x.end(err, "incomplete: %d of %d octets of chunk %d", n, c.Size, c.Number)
			return false
		}
	}
	fault, broken := errors.AsType[*httpwire.SyntaxError](c.Err)
	switch {
	case c.Err == nil:
		return true
	case broken && fault.Rule == httpwire.RuleHeadLimit:
		x.unframed(fmt.Errorf("%s has no end within %d octets, so the rest is everything up to the close",
			c, httpwire.MaxResponseHead))
	case broken:
		x.unframed(fmt.Errorf("%s cannot be read, so the rest is everything up to the close: %w",
			c, fault))
	default:
		x.emitData(x.arrived(), true)
		x.end(c.Err, "incomplete: the body ends in %s", c)
	}
	return false
}

// maxSurplus bounds the octets that are read after a response.
const maxSurplus = 1 << 20

// watch looks at the connection after a complete response. Octets that come are not a second
// response (RFC 9112 section 6.3). If there is no limit, it reports the first silence and waits on.
func (x *Exchange) watch() {
	start := time.Now()
	deadline := within(cmp.Or(x.Watch, min(x.Silence, time.Second)))()
	x.receiver.deadline = func() time.Time { return deadline }
	x.receiver.onSilence = func(err error) error {
		if x.Watch > 0 {
			return err
		}
		x.emit(&Silence{Received: x.rd.Count(), Complete: true})
		return nil
	}
	begin, err := x.rd.Consumed(), error(nil)
	x.emitData(x.arrived(), false)
	for buf := make([]byte, 4<<10); err == nil && x.rd.Consumed()-begin < maxSurplus; {
		var n int
		n, err = x.rd.Read(buf)
		x.emitData(buf[:n], false)
	}
	x.emit(&Close{x.rd.Consumed() - begin, err, time.Since(start)})
}

// Package stream reads whole messages from an io.Reader, however their octets arrive: it is the
// one place that waits for them. All that it knows of HTTP it asks httpwire, over and over as the
// buffer fills, and the answer is one of three: a message, an error, or wait.
//
// Everything is bounded. A start line and a head have limits; a body is read into memory that
// grows with the octets that came, never with the number that was announced.
package stream

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"rawhttp/httpwire"
)

// A Reader reads messages from a source, one after the other. Whatever it hands out is a view of
// its buffer, valid until the next message is waited for.
type Reader struct {
	// Limits in octets, of the request-line without its CR LF and of the whole head. Zero means
	// none for the line, and the size of the largest buffer for the head.
	MaxLine, MaxHead int

	src   io.Reader
	buf   []byte
	start int // of the message in buf
	next  int // octet to be read
	end   int // of the octets in buf
	count int64
}

const (
	firstBuffer = 1 << 10
	keptBuffer  = 16 << 10
	wholeHead   = 64 << 10
)

// NewReader returns a Reader of the octets of src.
func NewReader(src io.Reader) *Reader { return &Reader{src: src} }

// Reset makes r a Reader of src that keeps its limits, and its buffer if that is not a large one.
func (r *Reader) Reset(src io.Reader) {
	*r = Reader{MaxLine: r.MaxLine, MaxHead: r.MaxHead, src: src, buf: r.buf}
	if len(r.buf) > keptBuffer {
		r.buf = nil
	}
}

// Octets returns what has come of the current message so far and is in the buffer; a body that was
// too long for it is missing.
func (r *Reader) Octets() []byte { return r.buf[r.start:r.end] }

// Buffered returns the octets that have come and were not read yet.
func (r *Reader) Buffered() []byte { return r.buf[r.next:r.end] }

// Count returns how many octets have come in all.
func (r *Reader) Count() int64 { return r.count }

// Wait begins a new message and waits until there is an octet of it. It returns io.EOF if the
// source ends before.
func (r *Reader) Wait() error {
	if r.Begin(); r.next < r.end {
		return nil
	}
	return r.Fill()
}

// Begin begins a new message with the octets that are buffered, if any.
func (r *Reader) Begin() {
	if r.start = r.next; r.next == r.end {
		r.start, r.next, r.end = 0, 0, 0
	}
}

// Room returns room for octets that come by another way than the source, and Came says how many
// of them there were.
func (r *Reader) Room() []byte {
	if r.end == len(r.buf) {
		r.makeRoom()
	}
	return r.buf[r.end:]
}

// Came says that n octets were put into what Room returned.
func (r *Reader) Came(n int) {
	r.end += n
	r.count += int64(n)
}

// Fill waits for more octets. The error is that of the source; io.EOF inside a message is
// io.ErrUnexpectedEOF.
func (r *Reader) Fill() error {
	n, err := r.read(r.Room())
	r.end += n
	if err == io.EOF && r.end > r.start {
		return io.ErrUnexpectedEOF
	}
	return err
}

// read returns at least one octet, or an error.
func (r *Reader) read(p []byte) (int, error) {
	for range 100 {
		n, err := r.src.Read(p)
		r.count += int64(n)
		if n > 0 {
			return n, nil
		}
		if err != nil {
			return 0, err
		}
	}
	return 0, io.ErrNoProgress
}

// makeRoom moves the message to the front of the buffer, or into a larger one if it is there.
func (r *Reader) makeRoom() {
	to := r.buf
	if r.start == 0 {
		to = make([]byte, max(firstBuffer, 4*len(r.buf)))
	}
	r.end = copy(to, r.buf[r.start:r.end])
	r.next -= r.start
	r.start = 0
	r.buf = to
}

// RequestHead reads the head of the message that was waited for; with simple, a Simple-Request is
// one as well (see httpwire.ConsumeRequest). A head that breaks a rule, or a limit, is a
// *httpwire.SyntaxError; one that is cut off by the end of the source is io.ErrUnexpectedEOF.
//
// Octets that trickle in are looked at again only when a line has ended or twice as many are there:
// a head in single octets costs as many readings as it has lines, not as it has octets.
func (r *Reader) RequestHead(req *httpwire.Request, simple bool) error {
	consume := httpwire.ConsumeRequestHead
	if simple {
		consume = httpwire.ConsumeRequest
	}
	for read, seen := 0, 0; ; {
		b := r.Buffered()
		over := r.overLine(b)
		if over != nil || len(b) >= 2*read || bytes.IndexByte(b[seen:], '\n') >= 0 {
			read = len(b)
			n, err := consume(b, req)
			if fault, ok := err.(*httpwire.SyntaxError); ok && (over == nil || fault.Offset < over.Offset) {
				over = r.first(fault, b)
			}
			if err == nil && n > r.maxHead() {
				over = r.overHead(b)
			}
			if over != nil {
				return over
			}
			if err == nil {
				r.next += n
				return nil
			}
		}
		seen = len(b)
		if len(b) >= r.maxHead() {
			return r.overHead(b)
		}
		if err := r.Fill(); err == io.ErrUnexpectedEOF {
			return r.cutOff(consume, req)
		} else if err != nil {
			return err
		}
	}
}

// cutOff returns the rule that the octets so far break, or else io.ErrUnexpectedEOF. The last line
// may not have been looked at, because it has no end.
func (r *Reader) cutOff(consume func([]byte, *httpwire.Request) (int, error),
	req *httpwire.Request) error {
	_, err := consume(r.Buffered(), req)
	if fault, ok := err.(*httpwire.SyntaxError); ok {
		return r.first(fault, r.Buffered())
	}
	return io.ErrUnexpectedEOF
}

// overLine returns the fault of a request-line that is over its limit, be it complete or not.
func (r *Reader) overLine(b []byte) *httpwire.SyntaxError {
	if r.MaxLine == 0 || len(b) < r.MaxLine {
		return nil
	}
	line := bytes.TrimPrefix(b, []byte("\r\n"))
	most := r.MaxLine + len("\r\n")
	if len(line) < most || bytes.IndexByte(line[:most], '\n') >= 0 {
		return nil
	}
	at := len(b) - len(line) + r.MaxLine
	return &httpwire.SyntaxError{Offset: at, Octet: b[at], Rule: httpwire.RuleLineLimit}
}

// overHead returns the fault of a head that is over its limit.
func (r *Reader) overHead(b []byte) *httpwire.SyntaxError {
	at := min(r.maxHead(), len(b)-1)
	return &httpwire.SyntaxError{Offset: at, Octet: b[at], Rule: httpwire.RuleHeadLimit}
}

// first returns the fault, or that of the limit if the head reached it before.
func (r *Reader) first(fault *httpwire.SyntaxError, b []byte) *httpwire.SyntaxError {
	if fault.Offset >= r.maxHead() {
		return r.overHead(b)
	}
	return fault
}

func (r *Reader) maxHead() int {
	if r.MaxHead > 0 {
		return r.MaxHead
	}
	return wholeHead
}

// ResponseHead reads the head of the message that was waited for, as RequestHead does.
func (r *Reader) ResponseHead(resp *httpwire.Response) error {
	for {
		n, err := httpwire.ConsumeResponseHead(r.Buffered(), resp)
		switch {
		case err == nil && n > r.maxHead():
			return r.overHead(r.Buffered())
		case err == nil:
			r.next += n
			return nil
		case !errors.Is(err, httpwire.ErrIncomplete):
			return err
		case len(r.Buffered()) >= r.maxHead():
			return r.overHead(r.Buffered())
		}
		if err := r.Fill(); err != nil {
			return err
		}
	}
}

// Body reads a body of n octets. It stands in the buffer behind the head if it fits there, and
// otherwise in memory of its own.
func (r *Reader) Body(n int64) ([]byte, error) {
	if n > int64(len(r.buf)-r.next) {
		return r.longBody(n)
	}
	for int64(r.end-r.next) < n {
		if err := r.Fill(); err != nil {
			return nil, err
		}
	}
	r.next += int(n)
	return r.buf[r.next-int(n) : r.next], nil
}

// longBody reads no octet behind the body, so that the next message begins in the buffer.
func (r *Reader) longBody(n int64) ([]byte, error) {
	body := append([]byte(nil), r.Buffered()...)
	r.next = r.end
	for int64(len(body)) < n {
		if len(body) == cap(body) {
			more := min(int64(max(len(body), firstBuffer)), n-int64(len(body)))
			body = slices.Grow(body, int(more))
		}
		m, err := r.read(body[len(body):min(int64(cap(body)), n)])
		body = body[:len(body)+m]
		if err == io.EOF {
			return body, io.ErrUnexpectedEOF
		}
		if err != nil {
			return body, err
		}
	}
	return body, nil
}

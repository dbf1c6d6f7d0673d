// Package stream reads whole messages from an io.Reader. The octets of a message may arrive in any
// number of pieces: a Reader collects them in a buffer and calls httpwire again until the message
// is complete or breaks a rule.
//
// A server reads each request with [Reader.RequestHead] and [Reader.Body]. A client reads each response with
// [Reader.Response]. If a body may be too long for memory, it calls [Reader.ResponseHead], and then [Reader.Read],
// with [Chunks] if the body is in chunks. No other call is needed between two messages.
//
// Memory is limited. The request-line and the head have limits. The memory for a body grows with
// the octets that arrive, whatever Content-Length announces.
package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"rawhttp/httpwire"
)

// A Reader reads messages from a source, one after the other. The zero Reader has no source: call Reset
// before you read.
//
// The slices that a Reader returns, and those in the values that it reads, point into its buffer. They
// are valid until the next call of a method that waits for octets or begins a message. Body and Read are
// exceptions: a head stays valid while they read, but not while Part, Fill or a Chunks does.
type Reader struct {
	// Limits in octets: of the request-line without its CR LF, and of the whole head. If MaxLine is
	// not above 0, the line has no limit of its own. If MaxHead is not, the limit is 64 KiB.
	MaxLine, MaxHead int

	src   io.Reader
	buf   []byte
	start int   // start of the message in buf
	next  int   // next octet to read in buf
	end   int   // end of the octets in buf
	count int64 // octets received so far
	err   error // what the source returned along with the last octets
}

const (
	firstBuffer = 1 << 10  // size of the first buffer
	keptBuffer  = 16 << 10 // size of the largest buffer that Reset keeps

	// eager is how many octets Part passes to consume, in all calls together, before it begins to save time.
	// Until then it calls consume whenever octets arrive, so that consume finds a fault at once.
	eager = 64 << 10
)

// NewReader returns a Reader for the octets of src.
func NewReader(src io.Reader) *Reader { return &Reader{src: src} }

// Reset makes r a Reader for the octets of src. It keeps the limits, and the buffer unless it is
// larger than 16 KiB.
func (r *Reader) Reset(src io.Reader) {
	*r = Reader{MaxLine: r.MaxLine, MaxHead: r.MaxHead, src: src, buf: r.buf}
	if len(r.buf) > keptBuffer {
		r.buf = nil
	}
}

// Octets returns the octets of the current message that have arrived. Of a body that does not fit into the
// buffer, or that Read reads, it returns only what arrived together with the head.
func (r *Reader) Octets() []byte { return r.buf[r.start:r.end] }

// Buffered returns the octets that have arrived and have not been read.
func (r *Reader) Buffered() []byte { return r.buf[r.next:r.end] }

// Count returns the number of octets that have arrived since NewReader or Reset.
func (r *Reader) Count() int64 { return r.count }

// Consumed returns the number of octets that have been read as parts of messages since NewReader or Reset.
func (r *Reader) Consumed() int64 { return r.count - int64(r.end-r.next) }

// Begin begins a new message. What has been read is dropped from the buffer, and what is left there are the
// first octets of the new message. To wait for a message before you read it, call Begin, and Fill if nothing
// is left.
func (r *Reader) Begin() {
	if r.start = r.next; r.next == r.end {
		r.start, r.next, r.end = 0, 0, 0
	}
}

// Fill waits for more octets. It returns the error of the source, except that io.EOF becomes
// io.ErrUnexpectedEOF after the first octet of a message.
func (r *Reader) Fill() error {
	if r.end == len(r.buf) {
		r.makeRoom()
	}
	n, err := r.read(r.buf[r.end:])
	r.end += n
	if err == io.EOF && r.end > r.start {
		return io.ErrUnexpectedEOF
	}
	return err
}

// read reads at least one octet, or returns an error. An error that comes with octets is returned by
// the next read, because a source need not return it again.
func (r *Reader) read(p []byte) (n int, err error) {
	for range 100 {
		if err, r.err = r.err, nil; err == nil {
			n, err = r.src.Read(p)
		}
		r.count += int64(n)
		if n > 0 {
			r.err = err
			return n, nil
		}
		if err != nil {
			return 0, err
		}
	}
	return 0, io.ErrNoProgress
}

// makeRoom moves the message to the start of the buffer. If it is there already, makeRoom moves it
// to a larger buffer.
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

// RequestHead begins a new message, as Begin does, and reads its head. If simple is set, the message may be
// a Simple-Request (see httpwire.ConsumeRequest).
//
// If the head breaks a rule or a limit, the error is a *httpwire.SyntaxError. If the source ends before
// the head, it is io.EOF, and if it ends within the head, io.ErrUnexpectedEOF. If the source fails, it is
// the error of the source.
func (r *Reader) RequestHead(req *httpwire.Request, simple bool) error {
	consume := httpwire.ConsumeRequestHead
	if simple {
		consume = httpwire.ConsumeRequest
	}
	return r.head(r.MaxLine, func() (n int, err error) { return consume(r.Buffered(), req) })
}

// ResponseHead begins a new message, as Begin does, and reads its head. It returns the same errors as RequestHead.
func (r *Reader) ResponseHead(resp *httpwire.Response) error {
	return r.head(0, func() (n int, err error) { return httpwire.ConsumeResponseHead(r.Buffered(), resp) })
}

// Response begins a new message, as Begin does, and reads it with its body. It may be an interim response,
// such as 100 (Continue). The method is that of the request. If the body is in chunks, resp.Body has the
// octets of the chunks, and the trailer is dropped. Response does not limit the length of a body.
//
// It returns the errors of ResponseHead, of httpwire.Response.Framing, and of Body or Chunks.Next. With an error,
// resp.Body has the octets of the body that have arrived.
func (r *Reader) Response(resp *httpwire.Response, method []byte) error {
	resp.Body, resp.Parts = nil, nil
	if err := r.ResponseHead(resp); err != nil {
		return err
	}
	f, err := resp.Framing(method)
	switch {
	case err != nil:
		return err
	case f.Ending == httpwire.EndsAfterChunks:
		// Part does not keep the head in the buffer, so resp gets a copy. It was read above, without a fault.
		httpwire.ConsumeResponseHead(slices.Clone(r.buf[r.start:r.next]), resp)
		c := Chunks{Reader: r}
		for c.Next() {
			data, err := r.Body(c.Size)
			if resp.Body = append(resp.Body, data...); err != nil {
				return err
			}
		}
		return c.Err
	case f.Ending == httpwire.EndsWhenClosed:
		resp.Body, err = io.ReadAll(r)
		return err
	}
	resp.Body, err = r.Body(f.Length)
	return err
}

// head begins a message and reads its head. consume reads it from the octets that have arrived. maxLine is
// the limit of the request-line, if it is above 0.
func (r *Reader) head(maxLine int, consume func() (n int, err error)) error {
	r.Begin()
	n, err := r.await(func(b []byte) bool { return len(b) >= r.maxHead() || overLine(b, maxLine) != nil },
		func() (int, error) {
			n, err := consume()
			return r.applyLimits(n, err, maxLine)
		})
	r.next += n
	return err
}

// Part reads a part of a message, such as a line of a chunked body, and returns its octets. Before that it
// drops what has been read, as Begin does. consume is called with the octets that have arrived, but with at
// most limit of them. It returns what the Consume functions of package httpwire return.
//
// If the part has more than limit octets, the error is a *httpwire.SyntaxError with httpwire.RuleHeadLimit.
// If the source ends before the part, it is io.EOF, and if it ends within the part, io.ErrUnexpectedEOF. Any
// other error comes from consume or from the source. The Offset of a *httpwire.SyntaxError counts from the first
// octet since NewReader or Reset: if consume returns one, Part changes it. With an error, the octets that have
// arrived stay in the buffer.
func (r *Reader) Part(limit int, consume func(b []byte) (n int, err error)) ([]byte, error) {
	r.Begin()
	before := r.Consumed()
	limit = max(limit, 1) // a fault needs an octet
	read := 0             // octets, in all calls of consume
	n, err := r.await(func(b []byte) bool { return len(b) >= limit || read < eager }, func() (int, error) {
		b := r.Buffered()[:min(len(r.Buffered()), limit)]
		read += len(b)
		n, err := consume(b)
		if len(b) == limit && errors.Is(err, httpwire.ErrIncomplete) {
			err = &httpwire.SyntaxError{Offset: limit - 1, Octet: b[limit-1], Rule: httpwire.RuleHeadLimit}
		}
		return n, err
	})
	if fault, ok := err.(*httpwire.SyntaxError); ok {
		fault.Offset += int(min(before, int64(math.MaxInt-fault.Offset))) // with 32 bits, before can be more than an int
	}
	if err != nil {
		return nil, err
	}
	return r.Body(int64(n))
}

// await calls consume until its error is not ErrIncomplete.
//
// Reading a part again after each octet would take quadratic time. So await calls consume again only after the
// end of a line, when the number of octets has doubled, or when the source has ended: then the last line may
// break a rule, even if it is not complete. It also does so if due reports true of the octets that have arrived,
// for example because they reach a limit.
func (r *Reader) await(due func(b []byte) bool, consume func() (n int, err error)) (n int, err error) {
	var ended error // of the source
	for tried, searched := 0, 0; ; {
		b := r.Buffered()
		if ended != nil || len(b) >= 2*tried || bytes.IndexByte(b[searched:], '\n') >= 0 || due(b) {
			if n, err := consume(); !errors.Is(err, httpwire.ErrIncomplete) {
				return n, err
			}
			tried = len(b)
		}
		if ended != nil {
			return 0, ended
		}
		searched = len(b)
		ended = r.Fill()
	}
}

// applyLimits returns n and err, which are the result of reading a head, unless the head exceeds a
// limit at an earlier octet. Then it returns the fault of the limit.
func (r *Reader) applyLimits(n int, err error, maxLine int) (int, error) {
	b := r.Buffered()
	fault, _ := err.(*httpwire.SyntaxError)
	if line := overLine(b, maxLine); line != nil && (fault == nil || line.Offset <= fault.Offset) {
		fault = line
	}
	switch {
	case fault != nil && fault.Offset < r.maxHead():
		return 0, fault
	case n > r.maxHead(), err != nil && len(b) >= r.maxHead():
		at := r.maxHead() - 1
		return 0, &httpwire.SyntaxError{Offset: at, Octet: b[at], Rule: httpwire.RuleHeadLimit}
	}
	return n, err
}

// overLine returns the fault of a request-line that is longer than its limit, or nil. The line need
// not be complete: the octet after the last one that is allowed decides. If that is a CR, the next one
// decides.
func overLine(b []byte, maxLine int) *httpwire.SyntaxError {
	line := bytes.TrimPrefix(b, []byte("\r\n"))
	if maxLine <= 0 || len(line) <= maxLine || bytes.IndexByte(line[:maxLine+1], '\n') >= 0 {
		return nil
	}
	at := len(b) - len(line) + maxLine
	if b[at] == '\r' {
		at++
	}
	if at == len(b) || b[at] == '\n' {
		return nil
	}
	return &httpwire.SyntaxError{Offset: at, Octet: b[at], Rule: httpwire.RuleLineLimit}
}

func (r *Reader) maxHead() int {
	if r.MaxHead <= 0 {
		return httpwire.MaxResponseHead
	}
	return r.MaxHead
}

// Body reads a body of n octets. It returns a slice of the buffer if the body fits there, and new
// memory otherwise. If the source ends within the body, the error is io.ErrUnexpectedEOF. With an
// error, Body returns the octets of the body that have arrived, and the rest cannot be read any more. If n is
// negative, Body returns an error and reads nothing.
func (r *Reader) Body(n int64) ([]byte, error) {
	switch {
	case n < 0:
		return nil, fmt.Errorf("httpwire/stream: a body cannot have %d octets", n)
	case n > int64(len(r.buf)-r.next):
		return r.longBody(n)
	}
	for int64(r.end-r.next) < n {
		if err := r.Fill(); err != nil {
			return r.Buffered(), err
		}
	}
	start := r.next
	r.next += int(n)
	return r.buf[start:r.next:r.next], nil // what the caller appends must not replace the next message
}

// Read reads a piece of a body, as an io.Reader does: octets from the buffer, or else those that arrive next.
// It does not know where the body ends.
func (r *Reader) Read(p []byte) (n int, err error) {
	if r.next == r.end && len(p) > 0 {
		return r.read(p)
	}
	n = copy(p, r.Buffered())
	r.next += n
	return n, nil
}

// longBody reads a body into new memory. It reads no octet that follows the body, because the next
// message has to begin in the buffer.
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
		switch {
		case err == io.EOF:
			return body, io.ErrUnexpectedEOF
		case err != nil:
			return body, err
		}
	}
	return body, nil
}

// A Chunks reads the framing of a body in chunks (RFC 9112 section 7.1): the size of each chunk, the end of each
// chunk, and the trailer. Make it with the Reader of the body, and call Next until it returns false. After each
// call read Size octets, for example with Body or Read of the Reader.
type Chunks struct {
	Reader  *Reader
	Framing []byte // the octets that Next has read, valid until the Reader reads on
	Number  int    // of the chunk, counted from 1
	Size    int64  // of the data that follow the framing; 0 unless Next has read the size of a chunk
	Err     error  // why Next has returned false; nil if the body is complete

	piece  chunkPiece      // what Next has read or waits for
	fields httpwire.Fields // storage for the trailer
}

// A chunkPiece is a piece of the framing of a body in chunks.
type chunkPiece uint8

const (
	noPiece    chunkPiece = iota // Next has not been called
	sizeLine                     // the size of a chunk, before its data
	endOfChunk                   // the CR LF after the data
	trailer                      // the fields after the last chunk, and the empty line
)

// Next reads the next piece of the framing with Part. A piece may be as long as a head (Reader.MaxHead). If the
// source ends, Err is io.ErrUnexpectedEOF, because the body is not complete.
func (c *Chunks) Next() bool {
	switch {
	case c.Err != nil || c.piece == trailer:
		return false
	case c.piece != sizeLine:
		c.piece, c.Number = sizeLine, c.Number+1
	case c.Size > 0:
		c.piece, c.Size = endOfChunk, 0
	default:
		c.piece = trailer
	}
	if c.Framing, c.Err = c.Reader.Part(c.Reader.maxHead(), c.consume); c.Err == io.EOF {
		c.Err = io.ErrUnexpectedEOF
	}
	if c.Err != nil {
		c.Size = 0 // that of an incomplete line has no meaning
	}
	return c.Err == nil
}

// consume reads the current piece.
func (c *Chunks) consume(b []byte) (n int, err error) {
	switch c.piece {
	case endOfChunk:
		return httpwire.ConsumeChunkEnd(b)
	case trailer:
		return httpwire.ConsumeTrailer(b, &c.fields)
	}
	c.Size, n, err = httpwire.ConsumeChunkLine(b)
	return n, err
}

// Trailer reports whether Next has read the trailer, or waits for it.
func (c *Chunks) Trailer() bool { return c.piece == trailer }

// String returns the name of the piece that Next has read or waits for, such as "the size of chunk 1".
func (c *Chunks) String() string {
	switch c.piece {
	case endOfChunk:
		return fmt.Sprintf("the end of chunk %d", c.Number)
	case trailer:
		return "the trailer"
	}
	return fmt.Sprintf("the size of chunk %d", c.Number)
}

package cli

import (
	"errors"
	"fmt"
	"io"
	"math"

	"rawhttp/httpwire"
)

// toTheEnd is more octets than any answer has.
const toTheEnd = math.MaxInt64

// body reads and prints the body, and reports whether it is complete.
func (x *exchange) body(h *head) bool {
	switch h.framing.Ending {
	case httpwire.EndsAfterChunks:
		return x.chunks()
	case httpwire.EndsWhenClosed:
		n, err := x.pass(toTheEnd)
		if err != io.EOF {
			x.end(err, fmt.Sprintf("incomplete: %d octets of a body that ends with the close", n))
		}
		return err == io.EOF
	}
	n, err := x.pass(h.framing.Length)
	if err != nil {
		x.end(err, fmt.Sprintf("incomplete: %d of %d octets of the body", n, h.framing.Length))
	}
	return err == nil
}

// pass prints the next n octets, whatever they are, without holding more than a few of them.
// It returns io.EOF if the connection ends before.
func (x *exchange) pass(n int64) (done int64, err error) {
	first := min(int64(len(x.rd.Buffered())), n)
	x.take(int(first))
	done, err = first, x.out.err
	for buf := []byte(nil); err == nil && done < n && !x.out.direct(); {
		if buf == nil {
			buf = make([]byte, 32<<10)
		}
		var m int
		m, err = x.line.Read(buf[:min(int64(len(buf)), n-done)])
		x.out.body(buf[:m])
		done += int64(m)
		if err == nil {
			err = x.out.err
		}
	}
	if err != nil || done == n {
		return done, err
	}
	m, err := x.line.copy(x.out.raw, n-done)
	x.out.passed(m)
	return done + m, x.out.failed(err)
}

// take prints n octets that have come already.
func (x *exchange) take(n int) {
	x.out.body(x.rd.Buffered()[:n])
	x.rd.Body(int64(n))
}

// takeFraming takes n octets that frame chunks: -decode leaves them out.
func (x *exchange) takeFraming(n int) {
	if !x.opt.decode {
		x.take(n)
		return
	}
	x.out.leaveOut(x.rd.Buffered()[:n])
	x.rd.Body(int64(n))
}

// chunks reads a chunked body. Its framing is shown too, unless -decode says otherwise: the point
// is to see it.
func (x *exchange) chunks() bool {
	for i := 1; ; i++ {
		var size int64
		line := func(b []byte) (n int, err error) {
			size, n, err = httpwire.ConsumeChunkLine(b)
			return n, err
		}
		if !x.part(fmt.Sprintf("the size of chunk %d", i), line) {
			return false
		}
		if size == 0 {
			break
		}
		if n, err := x.pass(size); err != nil {
			x.end(err, fmt.Sprintf("incomplete: %d of %d octets of chunk %d", n, size, i))
			return false
		}
		if !x.part(fmt.Sprintf("the end of chunk %d", i), httpwire.ConsumeChunkEnd) {
			return false
		}
	}
	return x.part("the trailer", func(b []byte) (int, error) {
		fs := make(httpwire.Fields, 0, httpwire.MaxResponseFields)
		return httpwire.ConsumeTrailer(b, &fs)
	})
}

// part reads and prints one piece of the framing, and reports whether it could be read.
func (x *exchange) part(what string, consume func([]byte) (int, error)) bool {
	err := x.rd.Wait()
	for err == nil {
		var n int
		b := x.rd.Buffered()
		if n, err = consume(b); err == nil && n <= httpwire.MaxResponseHead {
			x.takeFraming(n)
			return true
		}
		if err == nil {
			err = httpwire.ErrIncomplete
		}
		if !errors.Is(err, httpwire.ErrIncomplete) || len(b) >= httpwire.MaxResponseHead {
			x.malformed(what, err)
			return false
		}
		err = x.rd.Fill()
	}
	x.take(len(x.rd.Buffered()))
	x.end(err, "incomplete: the body ends in "+what)
	return false
}

// malformed deals with framing that cannot be read: what follows is shown as it is.
func (x *exchange) malformed(what string, err error) {
	if fault := (*httpwire.SyntaxError)(nil); errors.As(err, &fault) {
		fault.Offset += int(x.out.total)
	}
	x.fault("%s cannot be read; what follows is shown as it is: %v", what, err)
	x.unframed()
}

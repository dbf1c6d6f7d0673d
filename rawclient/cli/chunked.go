package cli

import (
	"errors"
	"fmt"

	"rawhttp/httpwire"
	"rawhttp/httpwire/stream"
)

// A chunkReader reads a chunked body to its end and keeps nothing of it.
type chunkReader struct {
	rd     *stream.Reader
	awaits string // what was being read when an error came
	octets int64  // of the data in the chunks so far
}

// isChunked reports whether a request has a chunked body. chunked must be the last coding, as in a
// response.
func isChunked(req *httpwire.Request, err error) bool {
	fault := (*httpwire.SyntaxError)(nil)
	if !errors.As(err, &fault) || fault.Rule != httpwire.RuleTransferCoding {
		return false
	}
	resp := httpwire.Response{StatusLine: httpwire.StatusLine{Version: req.Version, Code: 200},
		Fields: req.Fields}
	framing, _ := resp.Framing(nil)
	return framing.Ending == httpwire.EndsAfterChunks
}

// read reads the body. The offset of a fault counts from the beginning of the request.
func (c *chunkReader) read() error {
	for i := 1; ; i++ {
		var size int64
		err := c.framing(fmt.Sprintf("the size of chunk %d", i), func(b []byte) (n int, err error) {
			size, n, err = httpwire.ConsumeChunkLine(b)
			return n, err
		})
		if err != nil {
			return err
		}
		if size == 0 {
			break
		}
		if err := c.data(i, size); err != nil {
			return err
		}
		if err := c.framing(fmt.Sprintf("the end of chunk %d", i), httpwire.ConsumeChunkEnd); err != nil {
			return err
		}
	}
	return c.framing("the trailer, or the empty line that ends the body", func(b []byte) (int, error) {
		fields := make(httpwire.Fields, 0, httpwire.MaxResponseFields)
		return httpwire.ConsumeTrailer(b, &fields)
	})
}

// data reads the data of a chunk in pieces, so that a large one takes no memory.
func (c *chunkReader) data(chunk int, size int64) error {
	for left := size; left > 0; {
		c.awaits = fmt.Sprintf("%d more of %d octets of chunk %d", left, size, chunk)
		if err := c.rd.Wait(); err != nil {
			return err
		}
		n := min(left, int64(len(c.rd.Buffered())))
		if _, err := c.rd.Body(n); err != nil {
			return err
		}
		left -= n
		c.octets += n
	}
	return nil
}

// framing reads one piece of the framing.
func (c *chunkReader) framing(what string, consume func([]byte) (int, error)) error {
	c.awaits = what
	err := c.rd.Wait()
	for err == nil {
		b := c.rd.Buffered()
		start := int(c.rd.Count()) - len(b)
		n, fault := consume(b)
		switch syntax := (*httpwire.SyntaxError)(nil); {
		case fault == nil:
			_, err = c.rd.Body(int64(n))
			return err
		case errors.As(fault, &syntax):
			syntax.Offset += start
			return fault
		case len(b) >= httpwire.MaxResponseHead:
			const last = httpwire.MaxResponseHead - 1
			return &httpwire.SyntaxError{Offset: start + last, Octet: b[last], Rule: httpwire.RuleHeadLimit}
		}
		err = c.rd.Fill()
	}
	return err
}

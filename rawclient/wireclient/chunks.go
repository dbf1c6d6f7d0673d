package wireclient

import (
	"errors"
	"fmt"
	"math"

	"rawhttp/httpwire"
	"rawhttp/httpwire/stream"
)

// Trailer is what ReadChunks calls the last piece of the framing.
const Trailer = "the trailer"

// ReadChunks reads a chunked body. It calls framing for each piece of the framing, with what it is and how
// to read it, and data for the octets of each chunk. Chunks are counted from 1. The first error ends it.
func ReadChunks(framing func(what string, consume func([]byte) (int, error)) error,
	data func(chunk int, size int64) error) error {
	for chunk := 1; ; chunk++ {
		var size int64
		err := framing(fmt.Sprintf("the size of chunk %d", chunk), func(b []byte) (n int, err error) {
			size, n, err = httpwire.ConsumeChunkLine(b)
			return n, err
		})
		if err != nil {
			return err
		}
		if size == 0 {
			break
		}
		if err := data(chunk, size); err != nil {
			return err
		}
		if err := framing(fmt.Sprintf("the end of chunk %d", chunk), httpwire.ConsumeChunkEnd); err != nil {
			return err
		}
	}
	return framing(Trailer, func(b []byte) (int, error) {
		fs := make(httpwire.Fields, 0, httpwire.MaxResponseFields)
		return httpwire.ConsumeTrailer(b, &fs)
	})
}

// ReadPiece waits for a head, or for a piece of the framing of chunks, until consume accepts it or
// finds a fault in it. It returns the length of the piece, which stays in the buffer of rd. The error
// is that of rd or a fault, such as httpwire.RuleHeadLimit if the piece is longer than
// httpwire.MaxResponseHead. The offset of a fault counts from base octets before the piece.
func ReadPiece(rd *stream.Reader, base int64, consume func([]byte) (int, error)) (n int, err error) {
	rd.Begin()
	n, err = rd.Await(httpwire.MaxResponseHead, consume)
	if fault, ok := errors.AsType[*httpwire.SyntaxError](err); ok {
		move(fault, base)
	}
	return n, err
}

// move adds n to the offset of a fault. A sum that an int cannot hold becomes the greatest int: with 32
// bits, a response can be longer than that.
func move(fault *httpwire.SyntaxError, n int64) {
	fault.Offset += int(min(n, int64(math.MaxInt-fault.Offset)))
}

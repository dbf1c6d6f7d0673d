package httpwire

// The chunked transfer coding (RFC 9112 section 7.1). Servers use it in HTTP/1.1, so a client has
// to read it. This package does not write it.

// ConsumeChunkLine reads the line that precedes a chunk from the start of b. It returns the size of
// the chunk and the length n of the line. The data and CR LF follow the line. If size is 0, a
// trailer follows instead.
func ConsumeChunkLine(b []byte) (size int64, n int, err error) {
	s := scanner{b: b}
	size = s.chunkLine()
	n, err = s.result()
	return size, n, err
}

// ConsumeChunkEnd reads the CR LF that follows the data of a chunk.
func ConsumeChunkEnd(b []byte) (n int, err error) {
	s := scanner{b: b}
	s.literal(RuleCRLF, "\r\n")
	return s.result()
}

// ConsumeTrailer reads the fields that follow the last chunk, and the empty line, into fs. The
// capacity of fs limits the number of fields, as in a Request.
func ConsumeTrailer(b []byte, fs *Fields) (n int, err error) {
	s := scanner{b: b}
	*fs = s.fields(*fs, true)
	return s.result()
}

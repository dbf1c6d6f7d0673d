package httpwire

// Chunks are for reading only: the server sends none, but HTTP/1.1 servers do
// (RFC 9112 section 7.1).

// ConsumeChunkLine reads the line before a chunk from the start of b and returns the size of the
// chunk; the line is n octets. Size octets of data follow it, then CR LF; after size 0 comes a
// trailer instead.
func ConsumeChunkLine(b []byte) (size int64, n int, err error) {
	s := scanner{b: b}
	size = s.chunkLine()
	n, err = s.result()
	return size, n, err
}

// ConsumeChunkEnd reads the CR LF behind the data of a chunk.
func ConsumeChunkEnd(b []byte) (n int, err error) {
	s := scanner{b: b}
	s.literal(RuleCRLF, "\r\n")
	return s.result()
}

// ConsumeTrailer reads the fields behind the last chunk, and the empty line, into fs, whose
// capacity counts as in Request.
func ConsumeTrailer(b []byte, fs *Fields) (n int, err error) {
	s := scanner{b: b}
	*fs = s.fields(*fs, true)
	return s.result()
}

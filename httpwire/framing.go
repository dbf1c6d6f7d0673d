package httpwire

import "bytes"

// Framing: where the body ends, and whether the connection stays open.
//
// If two parties disagree on where a body ends, they see different messages in the same octets. An
// attacker can use that to hide a request from a proxy: request smuggling. So there is one way to
// give the length of a request, one Content-Length in digits, and everything else is refused.

const (
	maxLength int64 = 1<<63 - 1 // stands for every length that an int64 cannot hold
	noLength  int64 = -1        // there is no Content-Length, or an invalid one
)

// BodyLength returns the number of octets in the body (RFC 9112 section 6.3). Without
// Content-Length it is 0. A length that an int64 cannot hold becomes the largest int64.
//
// It looks only at the method, the version, Content-Length and Transfer-Encoding. Call Check first, which
// refuses a request of HTTP/2.0 or with two Host fields.
//
// It returns a *SyntaxError if
//
//   - Content-Length is invalid or repeated (RuleContentLength),
//   - Content-Length is missing, and the method is POST or PUT (RuleLengthRequired),
//   - Transfer-Encoding is in HTTP/1.0, is together with Content-Length, is ill-formed, or does not have
//     chunked as its last coding, so that it is not certain where the body ends (RuleTransferEncoding),
//   - chunked is applied twice (RuleChunkedOnce), or
//   - there is any other Transfer-Encoding, because none is implemented (RuleTransferCoding).
func (r *Request) BodyLength() (int64, error) {
	te, cl := r.Fields.Find("Transfer-Encoding"), r.Fields.Find("Content-Length")
	switch {
	case te != nil && (cl != nil || !r.Version.AtLeast(1, 1)):
		return 0, te.fault(-1, RuleTransferEncoding)
	case te != nil:
		return 0, r.Fields.faultOfCoding(te)
	case cl != nil:
		return r.Fields.contentLength()
	case string(r.Method) == "POST" || string(r.Method) == "PUT":
		return 0, r.endOfHeadFault(RuleLengthRequired)
	}
	return 0, nil
}

// faultOfCoding returns the error for a request in HTTP/1.1 that has a Transfer-Encoding and no Content-Length. te
// is the first field of that name. There is always an error, because no coding is implemented.
func (fs Fields) faultOfCoding(te *Field) error {
	if ill := fs.illCoding(); ill != nil {
		return ill
	}
	switch last, again := fs.chunked(); {
	case !last:
		return te.fault(-1, RuleTransferEncoding)
	case again != nil:
		return again
	}
	return te.fault(-1, RuleTransferCoding)
}

// KeepAlive reports whether the client asks to keep the connection open after the response: the
// Connection field has keep-alive and does not have close (RFC 9112 section C.2.2).
func (r *Request) KeepAlive() bool {
	keepAlive := false
	for _, option := range r.Fields.Members("Connection") {
		if EqualFold(option, "close") {
			return false
		}
		keepAlive = keepAlive || EqualFold(option, "keep-alive")
	}
	return keepAlive
}

// An Ending is the way in which a response ends (RFC 9112 section 6.3).
type Ending uint8

const (
	EndsWithHead    Ending = iota // there is no body: HEAD, 204 and 304
	EndsInterim                   // there is no body, and another response follows: 1xx
	EndsInProtocol                // there is no body, and another protocol follows: 101
	EndsInTunnel                  // there is no body, and a tunnel follows: 2xx to CONNECT
	EndsAfterLength               // Content-Length gives the length of the body
	EndsAfterChunks               // the body ends with its last chunk
	EndsWhenClosed                // the body ends when the connection closes
)

// String describes the ending in a few words.
func (e Ending) String() string {
	return [...]string{"none", "an interim response", "another protocol", "a tunnel", "Content-Length", "chunked",
		"up to the close"}[e]
}

// OtherProtocol reports whether the octets after the head belong to another protocol.
func (e Ending) OtherProtocol() bool { return e == EndsInProtocol || e == EndsInTunnel }

// A Framing says where a response ends. Length is the length of the body for EndsAfterLength, and 0
// otherwise.
type Framing struct {
	Ending Ending
	Length int64
}

// Framing returns where the response to a request with the given method ends. It also checks the
// head, as Check does, and the fields that frame the body.
//
// The error is a *SyntaxError. If Check returns an error, it is that one. Otherwise it is a fault of the field
// Transfer-Encoding in a response that can have a body: the field is in HTTP/1.0, it is together with
// Content-Length, its value is ill-formed, or chunked is applied twice or has parameters. The Framing is valid
// even with an error: it says how to read on after the fault.
func (r *Response) Framing(method []byte) (Framing, error) {
	f, err := r.framing(method)
	if bad := r.Check(method); bad != nil {
		err = bad
	}
	return f, err
}

func (r *Response) framing(method []byte) (Framing, error) {
	te := r.Fields.Find("Transfer-Encoding")
	switch {
	case r.Code == 101:
		return Framing{Ending: EndsInProtocol}, nil
	case Class(r.Code) == 1:
		return Framing{Ending: EndsInterim}, nil
	case r.tunnels(method):
		return Framing{Ending: EndsInTunnel}, nil
	case string(method) == "HEAD" || !BodyAllowed(r.Code):
		return Framing{}, nil
	case te != nil:
		return r.codedFraming(te)
	}
	length, _ := r.Fields.contentLength()
	if length == noLength {
		return Framing{Ending: EndsWhenClosed}, nil
	}
	return Framing{EndsAfterLength, length}, nil
}

// tunnels reports whether this is a 2xx response to CONNECT. Its Content-Length and its
// Transfer-Encoding are ignored (RFC 9110 section 9.3.6).
func (r *Response) tunnels(method []byte) bool {
	return string(method) == "CONNECT" && Class(r.Code) == 2
}

// codedFraming returns the framing of a response with the field Transfer-Encoding. If chunked is not the
// last coding, the close ends the body, even if the value is ill-formed (RFC 9112 section 6.3).
func (r *Response) codedFraming(te *Field) (Framing, error) {
	chunked, err := r.Fields.chunked()
	f := Framing{Ending: EndsWhenClosed}
	if r.Version.AtLeast(1, 1) && chunked {
		f.Ending = EndsAfterChunks
	}
	switch ill := r.Fields.illCoding(); {
	case !r.Version.AtLeast(1, 1), r.Fields.Find("Content-Length") != nil:
		err = te.fault(-1, RuleTransferEncoding)
	case ill != nil:
		err = ill
	}
	return f, err
}

// illCoding returns a fault at the first octet that the grammar of Transfer-Encoding does not allow, or nil.
func (fs Fields) illCoding() *SyntaxError {
	for f := range fs.Named("Transfer-Encoding") {
		value := f.Value
		if bytes.Contains(value, []byte("\r\n")) { // a fold; spaces replace it, so that the index stays the same
			value = bytes.ReplaceAll(value, []byte("\r\n"), []byte("  "))
		}
		if at := ValueFault("Transfer-Encoding", value); at >= 0 {
			return f.fault(at, RuleTransferEncoding)
		}
	}
	return nil
}

// BodyAllowed reports whether a response with this status code can have a body (RFC 1945 section 7.2). It
// is true for 205: a recipient reads such a body, although a server must not send it (RFC 9110 section
// 15.3.6).
func BodyAllowed(code int) bool { return Class(code) != 1 && code != 204 && code != 304 }

// contentLength returns the number in the Content-Length field, or noLength if there is none. A second
// field is an error, and so is a list. If all of them have the same number, contentLength returns the
// number as well (RFC 9112 section 6.3).
func (fs Fields) contentLength() (int64, error) {
	var digits []byte
	var again error
	for f := range fs.Named("Content-Length") {
		next, at := parseLength(f.Value)
		switch {
		case next == nil:
			return noLength, f.fault(at, RuleContentLength)
		case digits != nil && !bytes.Equal(next, digits):
			return noLength, f.fault(-1, RuleContentLength)
		case again == nil && (digits != nil || at >= 0):
			again = f.fault(at, RuleContentLength)
		}
		digits = next
	}
	return number(digits), again
}

// parseLength reads 1*DIGIT, possibly with folds around it. fault is the index of the first octet that
// does not fit, or -1 if all octets fit. If they do not fit, digits is nil, except for a list that
// has the same number in each member.
func parseLength(v []byte) (digits []byte, fault int) {
	digits, end := parseDigits(v, after(v, 0, fold))
	at, next := end, after(v, end, fold)
	if digits != nil && next == len(v) {
		return digits, -1
	}
	for ; next < len(v); next = after(v, end, fold) {
		if v[next] != ',' {
			return nil, at
		}
		var again []byte
		if again, end = parseDigits(v, after(v, next+1, fold)); again == nil || !bytes.Equal(again, digits) {
			return nil, at
		}
	}
	return digits, at
}

// parseDigits reads 1*DIGIT at index i, and returns the index of its end. Leading zeros are left out, so that
// the digits of equal numbers are equal, even if an int64 cannot hold them. Without a digit, digits is nil.
func parseDigits(v []byte, i int) (digits []byte, end int) {
	if end = after(v, i, digit); end == i {
		return nil, end
	}
	for i < end-1 && v[i] == '0' {
		i++
	}
	return v[i:end], end
}

// number returns the number that the digits stand for, at most maxLength. If digits is nil, it is noLength.
func number(digits []byte) (n int64) {
	if digits == nil {
		return noLength
	}
	for _, o := range digits {
		d := int64(o - '0')
		if n > (maxLength-d)/10 {
			return maxLength
		}
		n = n*10 + d
	}
	return n
}

// chunked reports whether chunked is the last transfer coding. A sender may apply it once only
// (RFC 9112 section 6.1). If chunked occurs twice, the error is at the second one.
func (fs Fields) chunked() (last bool, again error) {
	seen := false
	for f, m := range fs.Members("Transfer-Encoding") {
		last = EqualFold(m, "chunked")
		if last && seen && again == nil {
			at := cap(f.Value) - cap(m) // m is a slice of the value, and both have the same end
			again = f.fault(at, RuleChunkedOnce)
		}
		seen = seen || last
	}
	return last, again
}

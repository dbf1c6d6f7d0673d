package httpwire

// Where the body ends, and whether the connection goes on. Two parties that disagree on the first
// can be made to see different messages in the same octets, which is called request smuggling; so
// a request has one cheap rule, one Content-Length in digits, and everything else is refused.

// Lengths of a body that are no number of octets.
const (
	UntilClose int64 = -1 // it ends with the connection
	Chunked    int64 = -2 // it ends with its last chunk
)

// maxLength stands for every number of octets too large to count.
const maxLength = 1<<63 - 1

// Check reports as a *SyntaxError what no production can say of a request head: a major version
// other than 1, a request-target that does not go with its method, a field repeated that may not
// be, a Host field missing in HTTP/1.1 or ill-formed in any version (RFC 9112 section 3.2, RFC 9110
// section 5.3).
func (r *Request) Check() error {
	if r.Version.Major != 1 {
		at := r.Offset + len(r.Method) + len(" ") + len(r.Target) + len(" HTTP/")
		return &SyntaxError{at, '0' + r.Version.Major, RuleMajorVersion}
	}
	if !r.formFitsMethod() {
		return &SyntaxError{r.Offset + len(r.Method) + len(" "), r.Target[0], RuleTargetForm}
	}
	if f := r.Fields.repeated(false); f != nil {
		return &SyntaxError{f.Offset, f.Name[0], ruleOfRepeated(f.Name)}
	}
	return r.checkHost()
}

// formFitsMethod reports whether "*" comes with OPTIONS only, and CONNECT without a path. That
// CONNECT alone has host and port for its target is seen when the target is read.
func (r *Request) formFitsMethod() bool {
	switch {
	case string(r.Target) == "*":
		return string(r.Method) == "OPTIONS"
	case string(r.Method) == "CONNECT":
		return len(r.Target) == 0 || r.Target[0] != '/'
	}
	return true
}

func (r *Request) checkHost() error {
	f := r.Fields.find("Host")
	switch {
	case f == nil && r.Version.AtLeast(1, 1):
		return &SyntaxError{len(r.Head) - len("\r\n"), '\r', RuleHostField}
	case f == nil:
		return nil
	}
	if at := HostFault(f.Value); at >= 0 {
		return f.fault(at, RuleHostField)
	}
	return nil
}

// BodyLength returns how many octets of body follow the head. Without Content-Length there are
// none, except that POST and PUT have to say so. What it refuses, as a *SyntaxError with the offset
// of the field or octet, is any Transfer-Encoding (RuleTransferEncoding where it breaks the
// framing, RuleTransferCoding where it is merely not implemented), a second or ill-formed
// Content-Length, and a missing one (RFC 9112 section 6.3). A length too large for an int64 is the
// largest int64.
func (r *Request) BodyLength() (int64, error) {
	te, cl := r.Fields.find("Transfer-Encoding"), r.Fields.find("Content-Length")
	switch {
	case te != nil && (cl != nil || !r.Version.AtLeast(1, 1)):
		return 0, te.fault(-1, RuleTransferEncoding)
	case te != nil:
		return 0, te.fault(-1, RuleTransferCoding)
	case cl != nil:
		return r.Fields.contentLength()
	case string(r.Method) == "POST" || string(r.Method) == "PUT":
		return 0, &SyntaxError{len(r.Head) - len("\r\n"), '\r', RuleLengthRequired}
	}
	return 0, nil
}

// KeepAlive reports whether the client asked for the connection to go on, as HTTP/1.0 clients have
// to (RFC 9112 section C.2.2). A close beside it wins.
func (r *Request) KeepAlive() bool {
	keep := false
	for i := range r.Fields {
		if !EqualFold(r.Fields[i].Name, "Connection") {
			continue
		}
		for m, rest, more := nextMember(r.Fields[i].Value); ; m, rest, more = nextMember(rest) {
			if EqualFold(m, "close") {
				return false
			}
			keep = keep || EqualFold(m, "keep-alive")
			if !more {
				break
			}
		}
	}
	return keep
}

// An Ending says how a reader finds the end of a response (RFC 9112 section 6.3).
type Ending uint8

const (
	EndsWithHead    Ending = iota // no body follows: HEAD, 204 and 304
	EndsInterim                   // no body follows, but another response does: 1xx
	EndsInProtocol                // no body follows, but octets of another protocol do: 101
	EndsInTunnel                  // the same, in the tunnel that CONNECT asked for
	EndsAfterLength               // Content-Length gives the number of octets
	EndsAfterChunks               // the last chunk ends the body
	EndsWhenClosed                // the close of the connection ends the body
)

// String names the ending in a few words.
func (e Ending) String() string {
	return [...]string{"none", "none", "another protocol", "a tunnel", "Content-Length", "chunked",
		"up to the close"}[e]
}

// OtherProtocol reports whether the octets after the head are not HTTP any more.
func (e Ending) OtherProtocol() bool { return e == EndsInProtocol || e == EndsInTunnel }

// A Framing says where a response ends. Length counts the octets of the body if they are counted.
type Framing struct {
	Ending
	Length int64
}

// Framing decides how the response to a request with the given method is framed, and what is wrong
// with its head. It is the one function that does: clients, listings and exit codes all ask it.
//
// The error is a *SyntaxError with the offset of the first fault, from Check or from the fields
// that frame the body. The Framing holds all the same: it says how to read what is there.
func (r *Response) Framing(method []byte) (Framing, error) {
	f, err := r.framing(method)
	if bad := r.Check(method); bad != nil {
		err = bad
	}
	return f, err
}

func (r *Response) framing(method []byte) (Framing, error) {
	switch {
	case r.Code == 101:
		return Framing{Ending: EndsInProtocol}, nil
	case Class(r.Code) == 1:
		return Framing{Ending: EndsInterim}, nil
	case r.tunnels(method):
		return Framing{Ending: EndsInTunnel}, nil
	case string(method) == "HEAD" || !BodyAllowed(r.Code):
		return Framing{}, nil
	case r.Fields.find("Transfer-Encoding") != nil:
		return r.codedFraming()
	}
	length, _ := r.Fields.contentLength()
	if length == UntilClose {
		return Framing{Ending: EndsWhenClosed}, nil
	}
	return Framing{EndsAfterLength, length}, nil
}

// tunnels reports whether this is a success in response to CONNECT. Its Content-Length and
// Transfer-Encoding are ignored, whatever they say (RFC 9110 section 9.3.6).
func (r *Response) tunnels(method []byte) bool {
	return string(method) == "CONNECT" && Class(r.Code) == 2
}

// codedFraming is for a response with Transfer-Encoding.
func (r *Response) codedFraming() (Framing, error) {
	te := r.Fields.find("Transfer-Encoding")
	chunked, again := r.Fields.chunked()
	f := Framing{Ending: EndsWhenClosed}
	if r.Version.AtLeast(1, 1) && chunked {
		f.Ending = EndsAfterChunks
	}
	switch {
	case !r.Version.AtLeast(1, 1) || r.Fields.find("Content-Length") != nil:
		return f, te.fault(-1, RuleTransferEncoding)
	case again != nil:
		return f, again
	}
	return f, nil
}

// Check reports as a *SyntaxError what no production can say of the head of a response to a request
// with the given method: a major version other than 1, a status code outside 100 to 599, a
// field repeated that may not be, and an ill-formed Content-Length even where no body follows
// (RFC 9110 sections 2.5, 5.3, 8.6 and 15).
func (r *Response) Check(method []byte) error {
	version := r.Offset + len("HTTP/")
	switch code := version + len("1.0 "); {
	case r.Version.Major != 1:
		return &SyntaxError{version, '0' + r.Version.Major, RuleMajorVersion}
	case r.Code < 100 || r.Code > 599:
		return &SyntaxError{code, '0' + byte(r.Code/100), RuleStatusClass}
	}
	ignored := r.tunnels(method)
	if _, err := r.Fields.contentLength(); err != nil && !ignored {
		return err
	}
	if f := r.Fields.repeated(ignored); f != nil {
		return &SyntaxError{f.Offset, f.Name[0], RuleSingleton}
	}
	return nil
}

// BodyLength returns what Framing says as a number: how many octets of body follow the head of a
// response to a request with the given method, or UntilClose, or Chunked.
func (r *Response) BodyLength(method []byte) (int64, error) {
	f, err := r.Framing(method)
	switch f.Ending {
	case EndsWhenClosed:
		return UntilClose, err
	case EndsAfterChunks:
		return Chunked, err
	}
	return f.Length, err
}

// BodyAllowed reports whether a response with this code may have a body (RFC 1945 section 7.2).
func BodyAllowed(code int) bool { return Class(code) != 1 && code != 204 && code != 304 }

// contentLength returns the number in the Content-Length field. A second field is an error even if
// it says the same, but then the number comes with the error.
func (fs Fields) contentLength() (int64, error) {
	length, again := UntilClose, error(nil)
	for i := range fs {
		f := &fs[i]
		if !EqualFold(f.Name, "Content-Length") {
			continue
		}
		n, at := parseLength(f.Value)
		switch {
		case at >= 0:
			return UntilClose, f.fault(at, RuleContentLength)
		case length >= 0 && n != length:
			return UntilClose, f.fault(-1, RuleContentLength)
		case length >= 0 && again == nil:
			again = f.fault(-1, RuleContentLength)
		}
		length = n
	}
	return length, again
}

// parseLength reads 1*DIGIT, folded or not. A bad octet's index comes back in at, which is -1 if
// all is well.
func parseLength(v []byte) (n int64, at int) {
	end := len(v) - len(trimLeft(v))
	start := end
	for ; end < len(v) && digit.has(v[end]); end++ {
		d := int64(v[end] - '0')
		if n > (maxLength-d)/10 {
			n = maxLength
		} else {
			n = n*10 + d
		}
	}
	if end == start || len(trimLeft(v[end:])) > 0 {
		return 0, end
	}
	return n, -1
}

// Fault locates a fault in the first field of that name, for a reader that does not take its value.
func (fs Fields) Fault(name string, r Rule) *SyntaxError { return fs.find(name).fault(0, r) }

// fault makes a SyntaxError of a field: of the octet of its value at index at, of the end of the
// line if the value ends there, of the field as a whole if at is negative.
func (f *Field) fault(at int, r Rule) *SyntaxError {
	switch {
	case at < 0:
		return &SyntaxError{f.Offset, f.Name[0], r}
	case at >= len(f.Value):
		return &SyntaxError{f.ValueOffset + len(f.Value), f.behind(), r}
	}
	return &SyntaxError{f.ValueOffset + at, f.Value[at], r}
}

// behind returns the octet behind the value, which is CR or white space. A value that was read is
// a view of the buffer that holds it.
func (f *Field) behind() byte {
	if n := len(f.Value); n < cap(f.Value) {
		return f.Value[:n+1][n]
	}
	return '\r'
}

// chunked reports whether chunked is the last transfer coding. A sender applies it once only
// (RFC 9112 section 6.1): again locates the field that names it a second time, nil if none does.
func (fs Fields) chunked() (last bool, again error) {
	seen := false
	for i := range fs {
		f := &fs[i]
		if !EqualFold(f.Name, "Transfer-Encoding") {
			continue
		}
		for m, rest, more := nextMember(f.Value); ; m, rest, more = nextMember(rest) {
			if len(m) > 0 {
				last = EqualFold(m, "chunked")
				if last && seen && again == nil {
					again = f.fault(cap(f.Value)-cap(m), RuleChunkedOnce)
				}
				seen = seen || last
			}
			if !more {
				break
			}
		}
	}
	return last, again
}

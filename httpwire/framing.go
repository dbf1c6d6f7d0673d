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
	if f := r.Fields.repeated(); f != nil {
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
	case f == nil || len(f.Value) == 0:
		return nil
	}
	s := scanner{b: f.Value}
	s.authority()
	if s.rule == 0 && s.pos == len(f.Value) {
		return nil
	}
	return f.fault(s.pos, RuleHostField)
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

// BodyLength returns how many octets of body follow the head of a response to a request with the
// given method, or UntilClose, or Chunked. A length may come together with a *SyntaxError: it is
// then how to go on reading, not what the message says (RFC 9112 section 6.3).
func (r *Response) BodyLength(method []byte) (int64, error) {
	if string(method) == "HEAD" || !BodyAllowed(r.Code) {
		return 0, nil
	}
	if te := r.Fields.find("Transfer-Encoding"); te != nil {
		length := UntilClose
		if r.Version.AtLeast(1, 1) && r.Fields.lastIs("Transfer-Encoding", "chunked") {
			length = Chunked
		}
		if !r.Version.AtLeast(1, 1) || r.Fields.find("Content-Length") != nil {
			return length, te.fault(-1, RuleTransferEncoding)
		}
		return length, nil
	}
	if r.Fields.find("Content-Length") == nil {
		return UntilClose, nil
	}
	return r.Fields.contentLength()
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

// lastIs reports whether the last member of a list is the given one.
func (fs Fields) lastIs(name, member string) bool {
	is := false
	for i := range fs {
		if !EqualFold(fs[i].Name, name) {
			continue
		}
		for m, rest, more := nextMember(fs[i].Value); ; m, rest, more = nextMember(rest) {
			if len(m) > 0 {
				is = EqualFold(m, member)
			}
			if !more {
				break
			}
		}
	}
	return is
}

package httpwire

import "strconv"

// The writer. It appends a part of a message, and reads the octets back with the production that
// the receiver will read them with. If the result is not what the caller passed, the writer refuses the
// message and returns dst unchanged. For example, it refuses a value that holds CR LF, a name that holds a
// colon, and a target that holds a space. So an attacker whose octets the caller passes on cannot add a
// field or a message.

type writer struct {
	dst    []byte
	start  int     // offset of the message in dst
	length int     // offset in dst of Content-Length, or of the empty line if there is none
	s      scanner // reads the octets back
	err    error   // a *SyntaxError
}

func (w *writer) result() ([]byte, error) {
	if w.err != nil {
		return w.dst[:w.start], w.err
	}
	return w.dst, nil
}

// fail refuses the message because of the octet dst[at]. Only the first failure counts.
func (w *writer) fail(at int, r Rule) {
	if w.err != nil {
		return
	}
	w.err = &SyntaxError{at - w.start, w.dst[at], r}
}

// reader returns a scanner for the octets from index from on.
func (w *writer) reader(from int) *scanner {
	w.s.b, w.s.pos = w.dst, from
	return &w.s
}

// readBack checks that the scanner has read all octets without a fault.
func (w *writer) readBack() {
	switch {
	case w.s.rule != 0:
		w.fail(w.s.pos, w.s.rule)
	case w.s.pos != len(w.dst):
		w.fail(w.s.pos, RuleSurplus)
	}
}

func (w *writer) requestLine(l *RequestLine) {
	from := len(w.dst)
	w.dst = append(w.dst, l.Method...)
	w.dst = append(w.dst, ' ')
	w.dst = append(w.dst, l.Target...)
	w.dst = append(w.dst, " HTTP/1.0\r\n"...)
	w.reader(from).requestLine(new(RequestLine))
	w.readBack()
}

func (w *writer) statusLine(l *StatusLine) {
	from, version := len(w.dst), "HTTP/1.0 "
	if Class(l.Code) == 1 { // HTTP/1.0 has no 1xx (RFC 9110 section 15.2)
		version = "HTTP/1.1 "
	}
	w.dst = append(w.dst, version...)
	w.dst = strconv.AppendInt(w.dst, int64(l.Code), 10)
	w.dst = append(w.dst, ' ')
	w.dst = append(w.dst, l.Reason...)
	w.dst = append(w.dst, "\r\n"...)
	w.reader(from).statusLine(new(StatusLine))
	w.readBack()
	if l.Code > 599 { // a code below 100 was refused above, because it has fewer than three digits
		w.fail(from+len(version), RuleStatusClass)
	}
}

// fields appends the field lines in order. If the message must not have a field, the error is at the name of
// that field.
func (w *writer) fields(fs Fields) {
	repeated := fs.repeated(false)
	for i := range fs {
		start, name := len(w.dst), fs[i].Name
		w.field(&fs[i])
		switch {
		case &fs[i] == repeated:
			w.fail(start, ruleOfRepeated(name))
		case EqualFold(name, "Transfer-Encoding"):
			w.fail(start, RuleTransferEncoding)
		case EqualFold(name, "Content-Length"):
			w.length = start
		}
	}
}

// emptyLine ends the head.
func (w *writer) emptyLine() {
	if w.length == 0 {
		w.length = len(w.dst)
	}
	w.dst = append(w.dst, "\r\n"...)
}

func (w *writer) field(f *Field) {
	from := len(w.dst)
	w.dst = append(w.dst, f.Name...)
	w.dst = append(w.dst, ':')
	if len(f.Value) > 0 {
		w.dst = append(w.dst, ' ')
	}
	w.dst = append(w.dst, f.Value...)
	w.dst = append(w.dst, "\r\n"...)

	var line [1]Field
	w.reader(from).fieldLines(line[:0], false)
	got := &line[0]
	if got.Name == nil {
		w.s.halt(RuleFieldName)
	}
	if w.s.pos < len(w.dst) && blank.has(w.dst[w.s.pos]) {
		w.s.halt(RuleObsFold)
	}
	w.readBack()
	switch {
	case len(got.Name) != len(f.Name):
		w.fail(from+len(got.Name), RuleFieldName)
	case len(got.Value) != len(f.Value):
		w.fail(from+len(f.Name)+len(": "), RuleFieldValue)
	}
}

func (w *writer) requestBody(req *Request) {
	length, err := req.BodyLength()
	if fault, ok := err.(*SyntaxError); ok {
		w.fail(w.length, fault.Rule)
	} else if length != int64(len(req.Body)) {
		w.fail(w.length, RuleContentLength)
	}
	w.dst = append(w.dst, req.Body...)
}

// responseHead appends the head of a response. It checks that Content-Length agrees with the body, and that the
// response may have the body.
func (w *writer) responseHead(resp *Response, method []byte) {
	w.statusLine(&resp.StatusLine)
	w.fields(resp.Fields)
	w.emptyLine()

	length, err := resp.Fields.contentLength()
	none := !BodyAllowed(resp.Code) || resp.tunnels(method)
	// These responses have no body. A Content-Length says how long the body would be.
	head := string(method) == "HEAD" || resp.Code == 304
	switch {
	case err != nil,
		length >= 0 && length != resp.Len() && !head,
		length >= 0 && none && resp.Code != 304:
		w.fail(w.length, RuleContentLength)
	case resp.Len() == 0, !none && resp.Code != 205: // RFC 9110 section 15.3.6
	default:
		w.refuseBody(resp)
	}
}

// refuseBody refuses a response that has a body and must not have one. The error is at the first octet of the
// body.
func (w *writer) refuseBody(resp *Response) {
	from := len(w.dst)
	if w.dst = resp.AppendBody(w.dst); len(w.dst) > from {
		w.fail(from, RuleSurplus)
	} else {
		w.fail(w.length, RuleMessageBody) // Parts has no octet, although Len says that it has
	}
}

func (w *writer) responseBody(resp *Response) {
	from := len(w.dst)
	w.dst = resp.AppendBody(w.dst)
	if length := resp.Len(); length >= 0 && length != int64(len(w.dst)-from) {
		w.fail(w.length, RuleMessageBody) // Parts has fewer or more octets than Len says
	}
}

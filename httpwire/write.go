package httpwire

// How octets are written. There is one grammar, so whatever was appended is read back by the same
// production that will read it at the other end. If that does not yield what was meant (a CR LF in
// a value, a colon in a name, a space in a target), the message is refused and dst comes back as it
// was: nothing that passes here can say more, or less, than the caller did.

type writer struct {
	dst   []byte
	start int // of the message in dst
	s     scanner
	err   error // a *SyntaxError or an *EndError
}

func (w *writer) result() ([]byte, error) {
	if w.err != nil {
		return w.dst[:w.start], w.err
	}
	return w.dst, nil
}

// fail refuses the message at index at of dst. Only the first refusal counts.
func (w *writer) fail(at int, r Rule) {
	if w.err != nil {
		return
	}
	err := SyntaxError{Offset: at - w.start, Rule: r}
	if at >= len(w.dst) {
		w.err = &EndError{err}
		return
	}
	err.Octet = w.dst[at]
	w.err = &err
}

// reader returns a scanner of what was appended from the given index on.
func (w *writer) reader(from int) *scanner {
	w.s.b, w.s.pos = w.dst, from
	return &w.s
}

// readBack checks that the reader has read all that was appended.
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

func (w *writer) simpleRequest(req *SimpleRequest) {
	from := len(w.dst)
	w.dst = append(w.dst, "GET "...)
	w.dst = append(w.dst, req.Target...)
	w.dst = append(w.dst, "\r\n"...)
	w.reader(from).simpleRequest(new(SimpleRequest))
	w.readBack()
}

func (w *writer) statusLine(l *StatusLine) {
	from := len(w.dst)
	w.dst = append(w.dst, "HTTP/1.0 "...)
	if l.Code < 100 || l.Code > 599 {
		w.fail(len(w.dst), RuleStatusCode)
		return
	}
	w.dst = append(w.dst, '0'+byte(l.Code/100), '0'+byte(l.Code/10%10), '0'+byte(l.Code%10), ' ')
	w.dst = append(w.dst, l.Reason...)
	w.dst = append(w.dst, "\r\n"...)
	w.reader(from).statusLine(new(StatusLine))
	w.readBack()
}

// fields appends the field lines in their order.
func (w *writer) fields(fs Fields) {
	for i := range fs {
		w.field(&fs[i])
	}
	if f := fs.repeated(false); f != nil {
		w.fail(len(w.dst), ruleOfRepeated(f.Name))
	}
	if fs.find("Transfer-Encoding") != nil {
		w.fail(len(w.dst), RuleTransferEncoding)
	}
}

// emptyLine ends the head.
func (w *writer) emptyLine() { w.dst = append(w.dst, "\r\n"...) }

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
		w.fail(len(w.dst), fault.Rule)
	} else if length != int64(len(req.Body)) {
		w.fail(len(w.dst), RuleContentLength)
	}
	w.dst = append(w.dst, req.Body...)
}

func (w *writer) responseBody(resp *Response, method []byte) {
	length, err := UntilClose, error(nil)
	if resp.Fields.find("Content-Length") != nil {
		length, err = resp.Fields.contentLength()
	}
	head := string(method) == "HEAD" || resp.Code == 304 // say the length of a body that stays away
	switch {
	case err != nil, length >= 0 && length != resp.Len() && !head:
		w.fail(len(w.dst), RuleContentLength)
	case length >= 0 && !BodyAllowed(resp.Code) && resp.Code != 304:
		w.fail(len(w.dst), RuleContentLength)
	case resp.Len() > 0 && !BodyAllowed(resp.Code):
		w.fail(len(w.dst), RuleMessageBody)
	}
	if !head {
		w.dst = resp.AppendBody(w.dst)
	}
}

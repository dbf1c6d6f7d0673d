package explain

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
)

// Advice is tested by following it: the line that an error suggests is put into the message, as its
// reader would put it there, and the message is read again. The line must be accepted. Then
// faults in other lines may show.

// suggestion returns the line that an error suggests, "" if there is none.
func suggestion(text []byte) string {
	_, help, _ := strings.Cut(string(text), "\n  help  ")
	rows := strings.Split(strings.TrimRight(help, "\n"), "\n")
	last := rows[len(rows)-1]
	if n := len(rows); n > 1 && strings.HasSuffix(rows[n-2], ":") {
		return strings.TrimPrefix(last, indent)
	}
	_, line, _ := strings.Cut(last, ":  ")
	return line
}

// readAgain returns the rule that a message breaks, nil if it breaks none.
func readAgain(b []byte, response bool) *httpwire.SyntaxError {
	_, err := httpwire.RequestSpans(nil, b)
	if response {
		_, err = httpwire.ResponseSpans(nil, b, nil)
	}
	e, _ := errors.AsType[*httpwire.SyntaxError](err)
	return e
}

// wholeHead are the rules about all fields of one name.
var wholeHead = []httpwire.Rule{httpwire.RuleHostField, httpwire.RuleSingleton,
	httpwire.RuleContentLength, httpwire.RuleLengthRequired}

// obey puts a line into a message where the error is, and returns where the line is then.
func obey(b []byte, e *httpwire.SyntaxError, line string) (obeyed []byte, at int) {
	start, end := lineAt(b, e.Offset)
	put := []byte(line + "\r\n")
	if e.Rule == httpwire.RuleObsFold && !bytes.HasPrefix(bytes.TrimLeft(b[start:end], " \t"), []byte(line)) {
		start, _ = lineAt(b, start-1)
	}
	name, _, isField := strings.Cut(line, ":")
	if !slices.Contains(wholeHead, e.Rule) || !isField {
		return slices.Concat(b[:start], put, b[end:]), start
	}
	at = -1
	first := bytes.LastIndex(b[:e.Offset], []byte("\r\n\r\n")) + len("\r\n\r\n")
	if first < len("\r\n\r\n") {
		first = 0
	}
	obeyed = append(obeyed, b[:first]...)
	for i := first; i < len(b); {
		from, to := lineAt(b, i)
		ended := i > first && len(bytes.Trim(b[from:to], "\r\n")) == 0
		for !ended && to < len(b) && (b[to] == ' ' || b[to] == '\t') {
			_, to = lineAt(b, to) // a folded line belongs to the field
		}
		old, _, _ := bytes.Cut(b[from:to], []byte(":"))
		switch {
		case at < 0 && ended && len(obeyed) > 2, at < 0 && i > first && httpwire.EqualFold(old, name):
			at = len(obeyed)
			obeyed = append(obeyed, put...)
		}
		if ended && len(obeyed) > 2 {
			return append(obeyed, b[from:]...), at
		}
		if i == first || !httpwire.EqualFold(old, name) {
			obeyed = append(obeyed, b[from:to]...)
		}
		i = to
	}
	return obeyed, at
}

// checkAdvice follows the advice on what is wrong with a message, if any, and returns whether there
// was a line to send. A message that looks like a response is read as a response and as a request.
func checkAdvice(t *testing.T, b []byte) bool {
	t.Helper()
	asRequest := checkAdviceAs(t, b, false)
	return (&fault{b: b}).isResponse() && checkAdviceAs(t, b, true) || asRequest
}

func checkAdviceAs(t *testing.T, b []byte, response bool) bool {
	t.Helper()
	e := readAgain(b, response)
	if e == nil {
		return false
	}
	before := bytes.Clone(b)
	text := AppendError(nil, b, e)
	if !bytes.Equal(b, before) {
		t.Fatalf("%q: the message was changed to %q", before, b)
	}
	obeyed, at, line := []byte(nil), 0, suggestion(text)
	switch {
	case bytes.Contains(text, []byte("delete the empty line before it")):
		obeyed, at = slices.Concat(b[:e.Offset], b[e.Offset+len("\r\n"):]), e.Offset
	case line == "":
		return false
	default:
		obeyed, at = obey(b, e, line)
	}
	method, _, isRequest := strings.Cut(line, " ")
	if isRequest && strings.Contains(line, " HTTP/") && capitalMethod([]byte(method)) != "" {
		t.Fatalf("%q: the method of %q will be refused\n%s", b, line, text)
	}
	again := readAgain(obeyed, response)
	if again == nil {
		return true
	}
	if e.Rule.IsProduction() && again.Rule > httpwire.RuleTargetForm &&
		again.Offset == at {
		return true // this field beside others breaks a rule, and not an octet of the line
	}
	oldName, _, _ := bytes.Cut(obeyed[min(again.Offset, len(obeyed)):], []byte(":"))
	name, _, _ := strings.Cut(line, ":")
	same := again.Rule == e.Rule && slices.Contains(wholeHead, e.Rule) &&
		(e.Rule != httpwire.RuleSingleton || httpwire.EqualFold(oldName, name))
	if same || at <= again.Offset && again.Offset < at+len(line)+len("\r\n") {
		t.Fatalf("%q\n%s\nobeyed: %q\n%v", b, text, obeyed, again)
	}
	return true
}

// TestAdvice follows the advice on every message of the gallery, and on changed ones: each octet
// left out, each put there twice, each replaced by one that is often wrong.
func TestAdvice(t *testing.T) {
	const wrong = " \t\r\n:\"\\\x00\xE9h%/[@'#,;"
	step := 1
	if testing.Short() {
		step = 29
	}
	followed := 0
	for _, octets := range inGallery(slices.Concat(gallery.Bad, gallery.Good, gallery.Responses)) {
		b := []byte(octets)
		if checkAdvice(t, b) {
			followed++
		}
		for i := 0; i < min(len(b), 120); i += step {
			checkAdvice(t, slices.Concat(b[:i], b[i+1:]))
			checkAdvice(t, slices.Concat(b[:i], b[i:i+1], b[i:]))
			for k := range 2 {
				checkAdvice(t, slices.Concat(b[:i], []byte{wrong[(i*2+k)%len(wrong)]}, b[i+1:]))
			}
		}
	}
	if followed < 60 {
		t.Errorf("only %d messages of the gallery have advice that names a line", followed)
	}
}

// TestAdviceOfRows follows the advice on every row of the table of mistakes.
func TestAdviceOfRows(t *testing.T) {
	for _, row := range mistakeRows {
		checkAdvice(t, []byte(row.octets()))
	}
}

// TestAdviceOfPairs follows the advice on two mistakes at once, each of which has a line to send. After at most two
// different lines the message must be accepted.
func TestAdviceOfPairs(t *testing.T) {
	const line, host = "GET / HTTP/1.1\r\n", "Host: localhost\r\n"
	var lines, fields []string // with one mistake
	for _, octets := range inGallery(gallery.Bad) {
		head, _, _ := strings.Cut(octets, "\r\n\r\n")
		for i, l := range strings.SplitAfter(head, "\r\n") {
			l = strings.TrimSuffix(l, "\r\n") + "\r\n"
			switch {
			case i == 0 && steps(t, l+host, 1) == 1:
				lines = append(lines, l)
			case i > 0 && steps(t, line+host+l, 1) == 1:
				fields = append(fields, l)
			}
		}
	}
	pairs := 0
	for i, field := range fields {
		for _, l := range lines {
			steps(t, l+host+field, 2)
			pairs++
		}
		for _, other := range fields[:i] {
			both := strings.ToLower(other + field) // repaired, two fields of one name break another rule
			if !strings.Contains(both, "host") && strings.Count(both, "content-length") < 2 {
				steps(t, line+host+other+field, 2)
				pairs++
			}
		}
	}
	if pairs < 1700 {
		t.Errorf("only %d pairs: %d request-lines, %d fields", pairs, len(lines), len(fields))
	}
}

// steps follows the advice on a head until it is accepted, and returns how many steps that takes. With most 1 it
// returns 0 if one step is not enough; otherwise that is an error, and so is the same advice again.
func steps(t *testing.T, head string, most int) int {
	b, said := []byte(head+"\r\n"), []string(nil)
	for e := readAgain(b, false); e != nil; e = readAgain(b, false) {
		advice := string(AppendError(nil, b, e))
		line := suggestion([]byte(advice))
		if line == "" || len(said) == most || slices.Contains(said, advice) {
			if most > 1 {
				t.Errorf("%q: after %q, the advice is\n%s", head, said, advice)
			}
			return 0
		}
		said = append(said, advice)
		b, _ = obey(b, e, line)
	}
	return len(said)
}

func FuzzAdvice(f *testing.F) {
	for _, octets := range inGallery(slices.Concat(gallery.Bad, gallery.Good, gallery.Responses)) {
		f.Add([]byte(octets))
	}
	f.Add([]byte("POST / HTTP/1.0\r\n\r\n ")) // a body that looks like a folded line
	for _, row := range mistakeRows {
		f.Add([]byte(row.octets()))
	}
	f.Fuzz(func(t *testing.T, b []byte) { checkAdvice(t, b) })
}

// The grounds for a refusal, where the octets of the fault or those around it decide them.
func TestBasis(t *testing.T) {
	for _, row := range []struct{ in, want string }{
		{"GET  / HTTP/1.0\r\n", "our choice; RFC 9112 section 3 allows it"},
		{"GET\t/ HTTP/1.0\r\n", "our choice; RFC 9112 section 3 allows it"},
		{"GET\v/ HTTP/1.0\r\n", "our choice; RFC 9112 section 3 allows it"},
		{" GET / HTTP/1.0\r\n", "our choice; RFC 9112 section 3 allows it"},
		{"GET /\tHTTP/1.0\r\n", "our choice; RFC 9112 section 3 allows it"},
		{"GET /  HTTP/1.0\r\n", "our choice; RFC 9112 section 3 allows it"},
		{"GET / HTTP/1.0 \r\n", "our choice; RFC 9112 section 3 allows it"},
		{"GET / HTTP/1.0 x\r\n", "MUST: RFC 1945 section 2.2, RFC 9112 section 2.2"},
		{"GET / HTTP/1.0 \rx\r\n", "MUST: RFC 1945 section 2.2, RFC 9112 section 2.2"},
		{"POST /x\r\n\r\n", "MUST: RFC 1945 section 5.1, RFC 9112 section 3"},
		{"GET\r\n\r\n", "MUST: RFC 1945 section 5.1, RFC 9112 section 3"},
		{"GET/ HTTP/1.0\r\n", "MUST: RFC 1945 section 5.1, RFC 9112 section 3"},
		{"GET: / HTTP/1.0\r\n", "MUST: RFC 1945 section 5.1, RFC 9112 section 3"},
		{"GET / HTTP/1.0 \n", "our choice; RFC 9112 section 3 allows it"},
		{"GET / HTTP/1.0\r \r\n", "MUST: RFC 9112 section 2.2"},
		{"\rGET / HTTP/1.0\r\n", "MUST: RFC 9112 section 2.2"},
		{head10 + "A: b\rc\r\n", "MUST: RFC 9112 section 2.2"},
		{head10 + "\rX", "MUST: RFC 9112 section 2.2"},
		{"\nGET / HTTP/1.0\r\n", "our choice; RFC 9112 section 2.2 allows it"},
		{"\r\n\r\nGET / HTTP/1.0\r\n", "our choice; RFC 9112 section 2.2 allows it"},
		{"GET / HTTP/1.0\n\n", "our choice; RFC 9112 section 2.2 allows it"},
		{"GET / http/1.0\r\n", "MUST: RFC 9112 section 2.3; RFC 1945 section 2.1 allows it"},
		{"GET / HTTP/1.10\r\n", "MUST: RFC 9112 section 2.3; RFC 1945 section 3.1 allows it"},
		{"GET / HTTP/01.0\r\n", "MUST: RFC 9112 section 2.3; RFC 1945 section 3.1 allows it"},
		{"GET / 1.0\r\n", "MUST: RFC 1945 section 3.1, RFC 9112 section 2.3"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a\nx", "MUST: RFC 9112 section 7.1.1"},
		{head10 + "A: b\r\n c\r\n", "MUST: RFC 9112 section 5.2; RFC 1945 section 2.2 allows it"},
		{head10 + " A: b\r\n", "MUST: RFC 9112 section 2.2"},
		{"HTTP/1.0 200 OK\r\n A: b\r\n", "MUST: RFC 9112 section 2.2"},
		{head10 + "Host : x\r\n", "MUST: RFC 1945 section 4.2, RFC 9112 section 5.1"},
		{head10 + "A: b\x01\r\n\r\n", "our choice: RFC 1945 section 4.2; RFC 9110 section 5.5 allows it"},
		{head10 + "A: b\x00\r\n\r\n", "MUST: RFC 1945 section 4.2, RFC 9110 section 5.5"},
		{"GET /a|b HTTP/1.0\r\n", "MUST: RFC 9112 section 3.2, RFC 3986 section 3.3; RFC 1945 section 3.2.1 allows it"},
		{"GET /a\x80b HTTP/1.0\r\n", "MUST: RFC 9112 section 3.2, RFC 3986 section 3.3; RFC 1945 section 3.2.1 allows it"},
		{"GET /a\"b HTTP/1.0\r\n", "MUST: RFC 1945 section 5.1.2, RFC 9112 section 3.2"},
		{"GET * HTTP/1.0\r\n\r\n", "MUST: RFC 9112 section 3.2.3, RFC 9112 section 3.2.4"},
		{"GET / HTTP/2.0\r\n\r\n", "MAY: RFC 9110 section 6.2, RFC 9110 section 15.6.6"},
		{"POST / HTTP/1.0\r\n\r\n",
			"SHOULD: RFC 1945 section 7.2.2, RFC 9110 section 15.5.12; RFC 9112 section 6.3 allows it"},
		{"HTTP/1.0x200 OK\r\n\r\n", "MUST: RFC 1945 section 6.1, RFC 9112 section 4"},
		{"HTTP/1.00 200 OK\r\n\r\n", "MUST: RFC 9112 section 2.3; RFC 1945 section 3.1 allows it"},
		{"HTTP/1.0 200 OK\r\nExpires: 0\r\nexpires: 0\r\n\r\n",
			"MUST: RFC 1945 section 4.2, RFC 9110 section 5.3; RFC 9111 section 4.2.1 allows it"},
		{head10 + "Age: 1\r\nAge: 2\r\n\r\n", "MUST: RFC 1945 section 4.2, RFC 9110 section 5.3"},
		{"HTTP/1.0 200 OK\r\nAge: 1\r\nAge: 2\r\n\r\n",
			"MUST: RFC 1945 section 4.2, RFC 9110 section 5.3; RFC 9111 section 5.1 allows it"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked;q=1\r\n\r\n", "SHOULD: RFC 9112 section 7.1"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chun ked\r\n\r\n", "MUST: RFC 9112 section 6.1"},
		{"GET http://u:1@h/ HTTP/1.0\r\n", "SHOULD: RFC 9110 section 4.2.4"},
		{"GET http://u:p@h/ HTTP/1.0\r\n", "SHOULD: RFC 9110 section 4.2.4"},
		{"CONNECT  h:1 HTTP/1.0\r\n", "our choice; RFC 9112 section 3 allows it"},
		{"CONNECT h HTTP/1.0\r\n", "MUST: RFC 9110 section 9.3.6, RFC 9112 section 3.2.3"},
		{"CONNECT h: HTTP/1.0\r\n", "MUST: RFC 9110 section 9.3.6, RFC 9112 section 3.2.3"},
		{"CONNECT h:x HTTP/1.0\r\n", "MUST: RFC 9110 section 9.3.6, RFC 9112 section 3.2.3"},
		{"GET http://h:x/ HTTP/1.0\r\n", "MUST: RFC 9110 section 4.2.1, RFC 3986 section 3.2.3"},
		{"GET [::1]:80 HTTP/1.0\r\n", "MUST: RFC 1945 section 5.1.2, RFC 9112 section 3.2"},
		{"GET ftp://h/ HTTP/1.0\r\n", "MUST: RFC 9110 section 4.2.1, RFC 9110 section 7.4"},
		{head10 + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
			"MAY: RFC 9110 section 8.6; RFC 9112 section 6.3 allows it"},
		{head10 + "Content-Length: 1, 1\r\n\r\nx",
			"MAY: RFC 9110 section 8.6; RFC 9112 section 6.3 allows it"},
		{head10 + "Content-Length: ,\r\n\r\nx", "MUST: RFC 1945 section 10.4, RFC 9112 section 6.3"},
		{head10 + "Content-Length: , 1\r\n\r\nx", "MUST: RFC 1945 section 10.4, RFC 9112 section 6.3"},
		{head10 + "Content-Length: 1, 2\r\n\r\nx", "MUST: RFC 1945 section 10.4, RFC 9112 section 6.3"},
		{head10 + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx",
			"MUST: RFC 1945 section 10.4, RFC 9112 section 6.3"},
		{head11 + "Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
			"MAY: RFC 9112 section 6.1"},
		{head11 + "Host: a\r\nTransfer-Encoding: chunked, ,\r\nContent-Length: 1\r\n\r\n",
			"MAY: RFC 9112 section 6.1"},
		{head11 + "Host: a\r\nTransfer-Encoding: \"chunked\"\r\nContent-Length: 1\r\n\r\n",
			"MUST: RFC 9112 section 6.3"},
		{head11 + "Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
			"MUST: RFC 9112 section 6.3"},
		{head10 + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
			"MUST: RFC 9112 section 6.1"},
		{head11 + "Host: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", "MUST: RFC 9112 section 6.3"},
		{head11 + "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
			"MUST: RFC 9112 section 6.3"},
		{head11 + "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n", "SHOULD: RFC 9112 section 6.1"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
			"SHOULD: RFC 9112 section 6.3"},
		{"HTTP/1.1 100 \r\n\r\nHTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
			"MUST: RFC 9112 section 6.1"},
		{"HTTP/1.0 200 not HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
			"MUST: RFC 9112 section 6.1"},
		{"HTTP/2.0 200 OK\r\n\r\n", "MAY: RFC 9110 section 2.5, RFC 9110 section 6.2"},
		{"HTTP/1.0\t200 OK\r\n", "our choice; RFC 9112 section 4 allows it"},
		{"HTTP/1.0  200 OK\r\n", "our choice; RFC 9112 section 4 allows it"},
		{"HTTP/1.0 200\r\n", "our choice; RFC 9112 section 4 allows it"},
		{"HTTP/1.0 200\tOK\r\n", "our choice; RFC 9112 section 4 allows it"},
		{"HTTP/1.0 \t200 OK\r\n", "our choice; RFC 9112 section 4 allows it"},
		{"HTTP/1.0 200\vOK\r\n", "our choice; RFC 9112 section 4 allows it"},
		{"HTTP/1.0 \f200 OK\r\n", "our choice; RFC 9112 section 4 allows it"},
		{"HTTP/1.0 200OK\r\n", "MUST: RFC 1945 section 6.1.1, RFC 9112 section 4"},
		{"HTTP/1.0x 200\r\n", "MUST: RFC 1945 section 6.1, RFC 9112 section 4"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8000000000000000\r\n",
			"our choice: RFC 9110 section 17.5; RFC 9112 section 7.1 allows it"},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\n",
			"MUST: RFC 9112 section 7.1"},
	} {
		b := []byte(row.in)
		e := readAgain(b, (&fault{b: b}).isResponse())
		if e == nil {
			t.Errorf("%q is refused by no rule", row.in)
			continue
		}
		text := string(AppendError(nil, b, e))
		if unwrapped := strings.Join(strings.Fields(text), " ") + " "; !strings.Contains(unwrapped, " "+row.want+" ") {
			t.Errorf("%q: want %q, got\n%s", row.in, row.want, text)
		}
		if got := Basis(b, e).String(); got != row.want {
			t.Errorf("%q: Basis is %q, want %q", row.in, got, row.want)
		}
		if got := ErrorLine(b, e); !strings.HasSuffix(got, " ("+row.want+")") ||
			strings.Contains(strings.TrimSuffix(got, " ("+row.want+")"), "RFC") {
			t.Errorf("%q: ErrorLine is %q, want %q at its end", row.in, got, row.want)
		}
	}
}

// The caret, the log and the text name what is missing after the path.
func TestVersionIsAwaited(t *testing.T) {
	for _, in := range []string{"POST /path\r\n", "POST /path", "GET http://h/"} {
		l := listOf(in, false, "")
		text := AppendError(nil, []byte(in), l.Err)
		for _, want := range []string{"expected HTTP-version, ", "\n  want  HTTP/1.0, in capitals"} {
			if !bytes.Contains(text, []byte(want)) {
				t.Errorf("%q: no %q in\n%s", in, want, text)
			}
		}
	}
	if got := string(AppendWaiting(nil, []byte("POST /path"), 10)); !strings.HasSuffix(got,
		"waiting for HTTP/1.0, in capitals") {
		t.Error(got)
	}
}

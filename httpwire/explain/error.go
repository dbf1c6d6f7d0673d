package explain

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/visible"
)

// An error is shown as a good compiler shows it: what happened, where, which rule says so, and what
// to type next.
//
//	error: two spaces between method and request-target
//	  offset 4, line 1, column 5
//	  | GET␠␠/address_book/api/v1.0/addresses␠HTTP/1.0␍␊
//	  |     ^ expected request-target, found SP
//	  want  a path that begins with "/", then one SP and the version
//	  rule  request-line = method SP request-target SP HTTP-version
//	        our choice; RFC 9112 section 3 allows it
//	  help  send exactly one space:  GET /address_book/api/v1.0/addresses HTTP/1.0
const (
	excerptWidth = visible.LineWidth - len("  | ")
	leftWidth    = 36 // of the excerpt, before the caret, if it has to be cut
	indent       = "        "
	ellipsis     = "..."
)

// AppendError appends an explanation of err, which ended the message at the start of b. err is a
// *httpwire.SyntaxError with an offset into b, or httpwire.ErrIncomplete. The explanation is text of
// several lines, in ASCII and the symbols of package visible, and safe on a terminal. For any other
// error AppendError appends its text, and for nil nothing.
func AppendError(dst, b []byte, err error) []byte {
	return appendError(dst, &fault{b: basicauth.Redact(b), unhidden: b}, err)
}

// AppendErrorSoFar does what AppendError does, for a message of which more octets can follow those in b:
// a server refuses a request as soon as it finds a fault. If the end of the faulty line is missing,
// AppendErrorSoFar proposes no corrected line, because half of the line would be missing from it.
func AppendErrorSoFar(dst, b []byte, err error) []byte {
	return appendError(dst, &fault{b: basicauth.Redact(b), unhidden: b, more: true}, err)
}

// AppendError appends an explanation of the error that ended the listing. Unlike the function
// AppendError, it knows whether the message was read as a response.
func (l *Listing) AppendError(dst []byte) []byte {
	return appendError(dst, &fault{b: l.Octets, response: l.Response, method: l.method}, l.Err)
}

func appendError(dst []byte, f *fault, err error) []byte {
	if err == nil {
		return dst
	}
	if !f.locate(err) {
		return append(visible.Blanks.Append(append(dst, "error: "...), []byte(err.Error())), '\n')
	}
	m := f.mistake()
	dst = fmt.Appendf(dst, "error: %s\n", m.title)
	dst = fmt.Appendf(dst, "  offset %d, line %d, column %d\n", f.at, // a column is an octet
		1+bytes.Count(f.b[:f.start], []byte("\n")), 1+f.at-f.start)
	dst = f.appendExcerpt(dst, m.shownRule(f))
	if f.unhidden != nil && !bytes.Equal(f.text(), withoutEnd(f.unhidden[f.start:f.end])) {
		dst = appendEntry(dst, "note", "credentials are shown as *")
	}
	if f.short {
		dst = appendEntry(dst, "have", f.have())
	}
	dst = appendEntry(dst, "want", m.shownRule(f).Want())
	dst = appendEntry(dst, "rule", m.production(f))
	dst = visible.AppendRows(dst, indent, m.basisFor(f).String())
	return appendHelp(dst, m.helpFor(f), m.exampleFor(f))
}

// ErrorLine returns the text of err, with the grounds for refusing the message at the start of b. err
// is as for AppendError. The text of a *httpwire.SyntaxError itself has only the sections about its rule.
// Each octet of a secret becomes an asterisk.
func ErrorLine(b []byte, err error) string {
	syntax, ok := errors.AsType[*httpwire.SyntaxError](err)
	if !ok {
		return err.Error()
	}
	shown, text, f := *syntax, err.Error(), &fault{b: basicauth.Redact(b)}
	if f.locate(err); f.isHidden() {
		shown.Octet = f.b[f.at]
		text = shown.Error()
	}
	text = strings.TrimSuffix(text, " ("+shown.Rule.Sections()+")")
	return text + " (" + f.mistake().basisFor(f).String() + ")"
}

// appendExcerpt appends the line that holds the fault, and a caret below. A long line is cut around
// the fault. If the line is still empty, the line before it is shown too.
func (f *fault) appendExcerpt(dst []byte, r httpwire.Rule) []byte {
	at := min(f.at, len(f.b))
	if f.start == f.end && f.start > 0 {
		from, to := lineAt(f.b, f.start-1)
		text, _ := window(f.b[from:to], 0)
		dst = fmt.Appendf(dst, "  | %s\n", text)
	}
	text, caret := window(f.b[f.start:f.end], at-f.start)
	dst = append(bytes.TrimRight(fmt.Appendf(dst, "  | %s", text), " "), '\n')
	return f.appendCaret(dst, caret, r)
}

// window makes octets visible, within the width of an excerpt and around index at, and returns the
// column of that index.
func window(line []byte, at int) (text string, caret int) {
	var st visible.Style
	left, right, head, tail := 0, len(line), "", ""
	if len(line) >= excerptWidth || st.Columns(line) >= excerptWidth {
		for left = at; left > 0 && st.Columns(line[left:at]) < leftWidth; {
			left--
		}
	}
	if left > 0 {
		head = ellipsis
	}
	caret = len(head) + st.Columns(line[left:at])
	if room := excerptWidth - caret; len(line)-at > room || st.Columns(line[at:]) > room {
		tail = ellipsis
		for right = at; st.Columns(line[at:right+1]) <= room-len(tail); {
			right++
		}
	}
	return head + string(visible.Append(nil, line[left:right])) + tail, caret
}

// appendCaret appends the caret, and what was expected and found. That text comes after the caret,
// before it, or in the line below, wherever there is room.
func (f *fault) appendCaret(dst []byte, caret int, r httpwire.Rule) []byte {
	said := f.expected(r)
	blank := func(n int) string { return strings.Repeat(" ", n) }
	switch {
	case caret+len("^ ")+len(said) <= excerptWidth:
		return fmt.Appendf(dst, "  | %s^ %s\n", blank(caret), said)
	case caret > len(said):
		return fmt.Appendf(dst, "  | %s%s ^\n", blank(caret-len(said)-1), said)
	}
	return fmt.Appendf(dst, "  | %s^\n  | %s\n", blank(caret), said)
}

// isHidden reports whether the octet at the fault is part of a secret.
func (f *fault) isHidden() bool { return f.at < len(f.b) && f.b[f.at] != f.octet }

// expected says what was expected under rule r, and what was found.
func (f *fault) expected(r httpwire.Rule) string {
	found := octetName(f.octet)
	if f.isHidden() {
		found = "an octet that is hidden"
	}
	switch {
	case f.short:
		return "expected " + r.String() + ", nothing here yet"
	case r == httpwire.RuleMisdirected:
		return "expected another host"
	case r == httpwire.RuleKnownMethod:
		return "expected another method"
	case r == httpwire.RuleRequestTarget && isVersion(f):
		return "expected request-target, found HTTP-version"
	case r == httpwire.RuleObsFold:
		return "expected field-name, found " + found
	case r == httpwire.RuleSurplus:
		return "expected the end of the message, found " + found
	case r.IsLimit() || f.rule.IsLimit():
		return "the limit is reached here"
	case r.IsProduction():
		return "expected " + r.String() + ", found " + found
	case len(f.text()) == 0:
		return r.String() + " is missing, found the end of the head"
	case f.at == f.start:
		return r.String() + ": found this field"
	}
	return r.String() + ": found " + found
}

// octetName names an octet in print.
func octetName(o byte) string {
	switch o {
	case 0:
		return "NUL"
	case '\t':
		return "HTAB"
	case '\n':
		return "LF"
	case '\r':
		return "CR"
	case ' ':
		return "SP"
	case '"':
		return `'"'`
	case 0x7F:
		return "DEL"
	}
	if ' ' < o && o < 0x7F {
		return `"` + string(rune(o)) + `"`
	}
	return fmt.Sprintf("octet 0x%02X", o)
}

// appendEntry appends a word and a text, wrapped.
func appendEntry(dst []byte, word, text string) []byte {
	return visible.AppendRows(dst, pad("  "+word, len(indent)), text)
}

// appendHelp appends what to do, and after or below it a line to type.
func appendHelp(dst []byte, help, example string) []byte {
	if example == "" {
		return appendEntry(dst, "help", help)
	}
	if len(help)+len(exampleNext)+len(example) <= visible.LineWidth-len(indent) {
		return fmt.Appendf(dst, "  help  %s%s%s\n", help, exampleNext, example)
	}
	dst = appendEntry(dst, "help", help+":")
	return fmt.Appendf(dst, "%s%s\n", indent, example)
}

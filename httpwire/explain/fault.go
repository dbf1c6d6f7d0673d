package explain

import (
	"bytes"
	"slices"
	"strings"

	"rawhttp/httpwire"
)

// What shows from the octets around a fault.

func (f *fault) before() []byte {
	line, at := f.text()
	return line[:min(at, len(line))]
}

func atStart(f *fault) bool { return len(f.before()) == 0 }

func afterSP(f *fault) bool { return bytes.HasSuffix(f.before(), []byte(" ")) }

func afterCR(f *fault) bool {
	return f.at > 0 && f.at <= len(f.b) && f.b[f.at-1] == '\r'
}

func notAfterCR(f *fault) bool { return !afterCR(f) }

func isControl(f *fault) bool {
	return f.octet < ' ' && strings.IndexByte("\t\r\n", f.octet) < 0 || f.octet == 0x7F
}

func beyondASCII(f *fault) bool { return f.octet >= 0x80 }

func isEmpty(f *fault) bool { return len(f.b) == 0 }

// bodyOctets counts what follows the empty line: as much of a body as has come.
func (f *fault) bodyOctets() int64 {
	if f.short {
		return f.bodySpan()
	}
	at := min(f.at, len(f.b)) // which may be that of the empty line itself
	_, body, _ := bytes.Cut(f.b[max(0, at-len("\r\n")):], []byte("\r\n\r\n"))
	return int64(len(body))
}

// bodySpan counts the octets of a body that is too short.
func (f *fault) bodySpan() int64 {
	spans, _ := httpwire.RequestSpans(nil, f.b)
	if f.isResponse() {
		spans, _ = httpwire.ResponseSpans(nil, f.b, nil)
	}
	if k := len(spans); k > 0 && spans[k-1].Rule == httpwire.RuleMessageBody {
		return int64(spans[k-1].End - spans[k-1].Start)
	}
	return 0
}

// hasLowerMethod reports whether the line begins with a method in small letters.
func hasLowerMethod(f *fault) bool {
	line, _ := f.text()
	method, _, _ := bytes.Cut(line, []byte(" "))
	return capitalMethod(method) != ""
}

// rest returns the line from the fault on.
func (f *fault) rest() []byte {
	line, at := f.text()
	return line[min(at, len(line)):]
}

// target returns the request-target as far as it goes without a space.
func (f *fault) target() []byte {
	line, _ := f.text()
	_, rest, _ := bytes.Cut(line, []byte(" "))
	target, _, _ := bytes.Cut(rest, []byte(" "))
	return target
}

func hasOtherScheme(f *fault) bool {
	return afterSP(f) && bytes.Contains(f.target(), []byte("://"))
}

func isHTTPS(f *fault) bool {
	t := f.target()
	return len(t) >= len("https:") && httpwire.EqualFold(t[:len("https:")], "https:")
}

// hasNoScheme reports whether the target is no URL at all, although it begins with h.
func hasNoScheme(f *fault) bool { return !bytes.Contains(f.target(), []byte(":/")) }

func hasUser(f *fault) bool { return bytes.IndexByte(f.target(), '@') >= 0 }

func afterSlashes(f *fault) bool { return bytes.HasSuffix(f.before(), []byte("//")) }

func isLowerVersion(f *fault) bool {
	line, at := f.text()
	i := bytes.LastIndexByte(line[:min(at, len(line))], ' ') + 1
	if f.isResponse() {
		i = 0
	}
	v := line[i:]
	return len(v) >= len("http/") && httpwire.EqualFold(v[:len("http/")], "http/") &&
		!bytes.HasPrefix(v, []byte("HTTP"))
}

// isVersionLater reports whether the version stands further on in the line.
func isVersionLater(f *fault) bool { return bytes.Contains(f.rest(), []byte(" HTTP/")) }

func isURL(f *fault) bool { return bytes.HasPrefix(f.rest(), []byte("://")) }

// isHostPort reports whether the target is a host and a port in digits.
func isHostPort(f *fault) bool {
	_, port, ok := bytes.Cut(f.target(), []byte(":"))
	return ok && len(port) > 0 && len(bytes.Trim(port, "0123456789")) == 0
}

// hasNoColon reports whether the line is complete, and has no colon.
func hasNoColon(f *fault) bool {
	_, end := f.line()
	return bytes.HasSuffix(f.b[:end], []byte("\n")) && bytes.IndexByte(f.rest(), ':') < 0
}

func isBlankLine(f *fault) bool {
	line, _ := f.text()
	return len(bytes.Trim(line, " \t")) == 0
}

func isColonNext(f *fault) bool {
	return bytes.HasPrefix(bytes.TrimLeft(f.rest(), " \t"), []byte(":"))
}

func notAtEnd(f *fault) bool { return len(bytes.Trim(f.rest(), " \t")) > 0 }

// inBody reports whether an empty line came before.
func inBody(f *fault) bool {
	return bytes.Contains(f.b[:min(f.at, len(f.b))], []byte("\r\n\r\n"))
}

func atEndOfHead(f *fault) bool { return atStart(f) && f.octet == '\r' }

// isTypedLineEnd reports whether "\r\n" or "\n" stands here in letters, with nothing after it but
// more of them and quotation marks.
func isTypedLineEnd(f *fault) bool {
	return !f.short && f.octet == '\\' && len(bytes.Trim(typedLineEnds(f.rest()), "\"' ")) == 0
}

// typedLineEnds cuts line ends in letters off the beginning.
func typedLineEnds(b []byte) []byte {
	for {
		rest := bytes.TrimPrefix(bytes.TrimPrefix(b, []byte(`\r`)), []byte(`\n`))
		if len(rest) == len(b) {
			return b
		}
		b = rest
	}
}

func isQuotedRequest(f *fault) bool {
	return atStart(f) && bytes.Contains(f.rest(), []byte(" /"))
}

// isSingleQuoted reports whether the request-line is in single quotation marks, as cmd passes it.
func isSingleQuoted(f *fault) bool {
	line, _ := f.text()
	return bytes.HasPrefix(line, []byte("'")) && (f.rule == httpwire.RuleMethod ||
		f.rule == httpwire.RuleKnownMethod || f.rule == httpwire.RuleCRLF && f.octet == '\'')
}

func isQuotedField(f *fault) bool {
	return atStart(f) && bytes.HasSuffix(f.rest(), []byte(`"`)) && f.accepts(unquoted(f))
}

func isConnect(f *fault) bool {
	line, _ := f.text()
	return bytes.HasPrefix(line, []byte("CONNECT "))
}

// isLowerConnect reports whether the method is CONNECT but for its case.
func isLowerConnect(f *fault) bool {
	method, _, _ := f.words()
	return capitalMethod(method) == "CONNECT"
}

// isVersion reports whether a version stands where the target is expected.
func isVersion(f *fault) bool {
	const start = "http/"
	t := f.target()
	return len(t) >= len(start) && httpwire.EqualFold(t[:len(start)], start)
}

func isVersion11(f *fault) bool {
	line, _, _ := bytes.Cut(bytes.TrimPrefix(f.b, []byte("\r\n")), []byte("\r\n"))
	return bytes.Contains(line, []byte(" HTTP/1.")) && !bytes.HasSuffix(line, []byte(" HTTP/1.0"))
}

func afterDigit(f *fault) bool {
	before := f.before()
	return len(before) > 0 && strings.IndexByte("0123456789", before[len(before)-1]) >= 0
}

// afterStatus reports whether the status code is complete.
func afterStatus(f *fault) bool { return len(f.before()) >= len("HTTP/1.0 200") }

// inBrackets reports whether the fault is in an address in brackets.
func inBrackets(f *fault) bool {
	before := f.before()
	return bytes.LastIndexByte(before, '[') > bytes.LastIndexByte(before, ']')
}

// inChunks reports whether the fault is in a chunked body.
func inChunks(f *fault) bool { return f.isResponse() && inBody(f) && !afterCR(f) }

// value returns the value of the field that the fault is in.
func (f *fault) value() []byte {
	line, _ := f.text()
	_, value, _ := bytes.Cut(line, []byte(":"))
	return bytes.Trim(value, " \t")
}

func hasURL(f *fault) bool { return bytes.Contains(f.value(), []byte("://")) }

func hasUserInField(f *fault) bool { return bytes.IndexByte(f.value(), '@') >= 0 }

func afterComma(f *fault) bool { return bytes.HasSuffix(f.before(), []byte(",")) }

// atValue reports whether the fault is at the beginning of the value.
func atValue(f *fault) bool {
	_, value, ok := bytes.Cut(f.before(), []byte(":"))
	return ok && len(bytes.TrimLeft(value, " \t")) == 0
}

func inPort(f *fault) bool {
	_, value, _ := bytes.Cut(f.before(), []byte(":"))
	return bytes.IndexByte(value, ':') >= 0
}

// hasFieldsInBody reports whether the body begins with the fields of the request, Content-Length among
// them, and an empty line.
func hasFieldsInBody(f *fault) bool {
	_, body, _ := bytes.Cut(f.b, []byte("\r\n\r\n"))
	return checkRequest(slices.Concat([]byte("POST / HTTP/1.0\r\n"), body)) == nil
}

// isSameLengthTwice reports whether each Content-Length so far says the same number.
func isSameLengthTwice(f *fault) bool { return atStart(f) && f.sameLengths() }

// sameLengths reports whether all members of all Content-Length fields are the same digits.
func (f *fault) sameLengths() bool {
	head, _, _ := bytes.Cut(f.b, []byte("\r\n\r\n"))
	var first []byte
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		name, value, _ := bytes.Cut(line, []byte(":"))
		if !httpwire.EqualFold(name, "Content-Length") {
			continue
		}
		for member := range bytes.SplitSeq(value, []byte(",")) {
			member = bytes.Trim(member, " \t")
			if first == nil {
				first = member
			}
			if !bytes.Equal(member, first) || len(bytes.Trim(member, "0123456789")) > 0 {
				return false
			}
		}
	}
	return len(first) > 0
}

// inField holds for a fault in the field of that name.
func inField(name string) func(*fault) bool {
	return func(f *fault) bool {
		line, _ := f.text()
		field, _, _ := bytes.Cut(line, []byte(":"))
		return httpwire.EqualFold(field, name)
	}
}

// afterHexDigit reports whether a hexadecimal digit stands right before the fault.
func afterHexDigit(f *fault) bool {
	before := f.before()
	return len(before) > 0 && strings.IndexByte("0123456789ABCDEFabcdef", before[len(before)-1]) >= 0
}

// inQuotes reports whether the last quotation mark of the line so far has no partner.
func inQuotes(f *fault) bool { return bytes.Count(f.before(), []byte(`"`))%2 == 1 }

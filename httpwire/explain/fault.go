package explain

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"

	"rawhttp/httpwire"
)

// What the octets around a fault show: those of its line, of the line before the fault, and of the
// line from the fault on.
var (
	isConnect      = lineHas(`^CONNECT `)
	isHTTPS        = lineHas(`(?i)^[^ ]* https:`)
	isHostPort     = lineHas(`^[^ ]* ([^ :]*|\[[^ /]*\]):[0-9]+( |$)`) // and not a path
	hasHostPort    = lineHas(`^[^ ]* ([^ :/]*|\[[^ /]*\]):[0-9]+/`)    // before a path
	isVersion      = lineHas(`(?i)^[^ ]* http/`)                       // where the target is expected
	isBlankLine    = lineHas(`^[ \t]*$`)
	hasScheme      = lineHas(`^[^ ]* [^ ]*:/`)
	hasUser        = lineHas(`^[^ ]* [^ ]*@`)
	hasURL         = lineHas(`://`)
	hasUserInField = lineHas(`@`)
	inHost         = lineHas(`(?i)^Host:`)
	inLength       = lineHas(`(?i)^Content-Length:`)

	atStart       = beforeHas(`^$`)
	atValue       = beforeHas(`^[^:]*:[ \t]*$`)
	afterSP       = beforeHas(` $`)
	afterComma    = beforeHas(`,$`)
	afterSlashes  = beforeHas(`//$`)
	afterDigit    = beforeHas(`[0-9]$`)
	afterHexDigit = beforeHas(`[0-9A-Fa-f]$`)
	afterStatus   = beforeHas(`^.{12}`) // the length of "HTTP/1.0 200"
	inBrackets    = beforeHas(`\[[^\]]*$`)
	inPort        = beforeHas(`^[^:]*:[^:]*:`)
	inQuotes      = beforeHas(`^[^"]*"([^"]*"[^"]*")*[^"]*$`)

	isURL          = restHas(`^://`)
	isColonNext    = restHas(`^[ \t]*:`)
	isVersionLater = restHas(` HTTP/`)
	notAtEnd       = restHas(`[^ \t]`)
	isOtherURL     = restHas(`^[^ ]*://`)
	hasPath        = restHas(` /`)
	isTypedLineEnd = restHas(`^(\\[rn])+(["' ]*$|[A-Za-z-]+:)`) // in letters, before nothing or a field
)

// hasSpaceInTarget reports whether the version of a request follows later. In a status-line nothing
// precedes the version.
func hasSpaceInTarget(f *fault) bool { return isVersionLater(f) && !f.isResponse() }

// longestLine is how many octets of a line a pattern sees, so that a long line costs no more time.
const longestLine = 1024

func lineHas(pattern string) func(*fault) bool {
	re := lazy(pattern)
	return func(f *fault) bool {
		line, _ := f.text()
		return re().Match(line[:min(len(line), longestLine)])
	}
}

func beforeHas(pattern string) func(*fault) bool {
	re := lazy(pattern)
	return func(f *fault) bool {
		before := f.before()
		return re().Match(before[max(0, len(before)-longestLine):])
	}
}

func restHas(pattern string) func(*fault) bool {
	re := lazy(pattern)
	return func(f *fault) bool {
		rest := f.rest()
		return re().Match(rest[:min(len(rest), longestLine)])
	}
}

// lazy compiles a regular expression when it is first needed.
func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// before returns the line up to the fault.
func (f *fault) before() []byte {
	line, at := f.text()
	return line[:at]
}

// rest returns the line from the fault on.
func (f *fault) rest() []byte {
	line, at := f.text()
	return line[at:]
}

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
	spans, _ := f.spans()
	if k := len(spans); k > 0 && spans[k-1].Rule == httpwire.RuleMessageBody {
		return int64(spans[k-1].End - spans[k-1].Start)
	}
	return 0
}

// hasLowerMethod reports whether the line begins with a method in small letters.
func hasLowerMethod(f *fault) bool {
	method, _, _ := f.words()
	return capitalMethod(method) != ""
}

func hasOtherScheme(f *fault) bool { return afterSP(f) && isOtherURL(f) }

func hasNoScheme(f *fault) bool { return !hasScheme(f) }

func isLowerVersion(f *fault) bool {
	line, at := f.text()
	i := bytes.LastIndexByte(line[:at], ' ') + 1
	if f.isResponse() {
		i = 0
	}
	v := line[i:]
	return len(v) >= len("http/") && httpwire.EqualFold(v[:len("http/")], "http/") &&
		!bytes.HasPrefix(v, []byte("HTTP"))
}

// hasNoColon reports whether the line is complete, and has no colon.
func hasNoColon(f *fault) bool {
	_, end := f.line()
	return bytes.HasSuffix(f.b[:end], []byte("\n")) && bytes.IndexByte(f.rest(), ':') < 0
}

// upToHere returns the octets before the fault, which may be beyond the end of those that are known.
func (f *fault) upToHere() []byte { return f.b[:min(f.at, len(f.b))] }

// inBody reports whether an empty line came before.
func inBody(f *fault) bool { return bytes.Contains(f.upToHere(), []byte("\r\n\r\n")) }

func atEndOfHead(f *fault) bool { return atStart(f) && f.octet == '\r' }

func isQuotedRequest(f *fault) bool { return atStart(f) && hasPath(f) }

// isSingleQuoted reports whether the request-line is in single quotation marks, as cmd passes it.
func isSingleQuoted(f *fault) bool {
	line, _ := f.text()
	return bytes.HasPrefix(line, []byte("'")) && (f.rule == httpwire.RuleMethod ||
		f.rule == httpwire.RuleKnownMethod || f.rule == httpwire.RuleCRLF && f.octet == '\'')
}

func isQuotedField(f *fault) bool {
	return atStart(f) && bytes.HasSuffix(f.rest(), []byte(`"`)) && f.accepts(unquoted(f))
}

// isLowerConnect reports whether the method is CONNECT but for its case.
func isLowerConnect(f *fault) bool {
	method, _, _ := f.words()
	return capitalMethod(method) == "CONNECT"
}

// request reads the message as a request, as far as that is possible.
func (f *fault) request() (req httpwire.Request) {
	httpwire.ConsumeRequestHead(f.b, &req)
	return req
}

// isRequest11 reports whether the message is a request in HTTP/1.1 or later.
func isRequest11(f *fault) bool { return f.request().Version.AtLeast(1, 1) }

// lacksChunked reports whether the message is a request in HTTP/1.1 whose Transfer-Encoding alone
// frames the body. The fault is then that chunked is not the last coding.
func lacksChunked(f *fault) bool {
	return isRequest11(f) && f.request().Fields.Get("Content-Length") == nil
}

// isResponse11 reports whether the message is a response in HTTP/1.1 or later.
func isResponse11(f *fault) bool {
	head := f.head()
	return f.isResponse() && bytes.HasPrefix(head, []byte("HTTP/1.")) &&
		!bytes.HasPrefix(head, []byte("HTTP/1.0"))
}

// inChunks reports whether the fault is at the end of a chunk that is not as long as its size says. If
// the fault is an LF after a CR, the chunk lacks one octet, and the CR was read as its last one.
func inChunks(f *fault) bool { return inBody(f) && (!afterCR(f) || f.octet == '\n') }

// isBareIPv6 reports whether a host is an IPv6 address that lacks its brackets only.
func isBareIPv6(f *fault) bool {
	line := bracketed(f)
	return line != nil && f.accepts(line)
}

// hasFieldsInBody reports whether the body begins with the fields of the request, one of them
// Content-Length, and an empty line.
func hasFieldsInBody(f *fault) bool {
	_, body, _ := bytes.Cut(f.b, []byte("\r\n\r\n"))
	return checkRequest(slices.Concat([]byte("POST / HTTP/1.0\r\n"), body)) == nil
}

// isSameLengthTwice reports whether each Content-Length so far says the same number.
func isSameLengthTwice(f *fault) bool { return atStart(f) && f.sameLengths() }

// head returns the head that holds the fault. Those of interim responses may precede it.
func (f *fault) head() []byte {
	const end = "\r\n\r\n"
	from := f.b
	if i := bytes.LastIndex(f.upToHere(), []byte(end)); i >= 0 {
		from = f.b[i+len(end):]
	}
	head, _, _ := bytes.Cut(from, []byte(end))
	return head
}

// sameLengths reports whether all members of all Content-Length fields are the same digits.
func (f *fault) sameLengths() bool {
	var first []byte
	for line := range bytes.SplitSeq(f.head(), []byte("\r\n")) {
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

package explain

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"

	"rawhttp/httpwire"
)

// The conditions of the table of mistakes: what the octets around a fault show.

// has makes a condition of a regular expression. A mark ‸ in the expression is the place of the fault:
// the line up to the fault must end with what precedes the mark, and the rest of the line, with its CR
// LF, must begin with what follows it. An expression without a mark must match anywhere in the line.
func has(pattern string) func(*fault) bool {
	before, rest, marked := strings.Cut(pattern, "‸")
	if !marked {
		re := lazy(pattern)
		return func(f *fault) bool {
			line := f.text()
			return re().Match(line[:min(len(line), longestLine)])
		}
	}
	reBefore, reRest := lazy("(?:"+before+")$"), lazy("^(?:"+rest+")")
	return func(f *fault) bool { return reRest().Match(f.rest()) && reBefore().Match(f.before()) }
}

// lazy compiles a regular expression when it is first needed.
func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// typedLineEnd is a line end typed in letters, with nothing or a field after it.
const typedLineEnd = `(\\[rn])+(["' \r\n]*$|[A-Za-z-]+:)`

// Conditions of more than one mistake.
var (
	isConnect   = has(`^CONNECT `)
	isHostPort  = has(`^[^ ]* ([^ :]*|\[[^ /]*\]):[0-9]+( |$)`) // and not a path
	hasHostPort = has(`^[^ ]* ([^ :/]*|\[[^ /]*\]):[0-9]+/`)    // before a path
	isHost      = has(`(?i)^[^ ]* (www\.|(localhost|([0-9]+\.){3}[0-9]+|\[[^ /]*\])[/ ])`)
	isVersion   = has(`(?i)^[^ ]* http‸/[^/]`) // where the target is expected
	isBlankLine = has(`^[ \t]+$`)              // and nothing else in it
	beginsChunk = has(`^[[:xdigit:]]+[ \t]*(;|$)`)
	inBrackets  = has(`\[[^\]]*‸`)
)

func isEmpty(f *fault) bool { return len(f.b) == 0 }

// isHalfLineEnd reports whether the octets end with the CR of a line end.
func isHalfLineEnd(f *fault) bool {
	return bytes.HasSuffix(f.before(), []byte("\r")) && f.rule != httpwire.RuleMessageBody &&
		f.rule != httpwire.RuleChunkData
}

func hasLowerMethod(f *fault) bool { return f.capitalMethod() != "" }

func isLowerConnect(f *fault) bool { return f.capitalMethod() == "CONNECT" }

// capitalMethod returns the known method that the line begins with in small letters, or "".
func (f *fault) capitalMethod() string {
	line := f.text()
	method, _, _ := bytes.Cut(line, []byte(" "))
	return capitalMethod(method)
}

// afterMethod is the condition that the fault is one of some octets, right after the name of a method.
func afterMethod(octets string) func(*fault) bool {
	return func(f *fault) bool {
		return strings.IndexByte(octets, f.octet) >= 0 && isMethod(string(f.upToHere()[f.start:]))
	}
}

// beginsWithField reports whether the line begins with the name of a field, and its first colon is part of the value.
func beginsWithField(f *fault) bool { return lacksColon(string(f.text())) }

// inBody reports whether an empty line came before.
func inBody(f *fault) bool { return bytes.Contains(f.upToHere(), []byte("\r\n\r\n")) }

// isAfterInterim reports whether nothing has come since an interim response.
func isAfterInterim(f *fault) bool { return inBody(f) && len(f.before()) == 0 }

// inChunks reports whether the fault is at the end of a chunk that is not as long as its size says. If
// the fault is an LF after a CR, the chunk lacks one octet, and the CR was read as its last one.
func inChunks(f *fault) bool {
	return inBody(f) && (f.octet == '\n' || !bytes.HasSuffix(f.before(), []byte("\r")))
}

// isChunked reports whether the fault is in the framing of chunks. A request has no spans of chunks,
// because the parser does not read them.
func isChunked(f *fault) bool {
	if !f.isResponse() {
		return inBody(f)
	}
	spans, _ := f.spans()
	return slices.ContainsFunc(spans, func(s httpwire.Span) bool { return s.Rule == httpwire.RuleChunkSize })
}

// isChunkLine reports whether the fault is in the line of a chunk, and not in a field of the trailer.
func isChunkLine(f *fault) bool { return isChunked(f) && beginsChunk(f) }

// followsWord reports whether the fault is at a method that follows another word.
func followsWord(f *fault) bool {
	words := f.words()
	return hasWordBeforeMethod(words) && strings.HasPrefix(string(f.rest()), words[1])
}

// isIndentedField reports whether a line that begins with white space is a field: the name is known, or the line
// is not long and cannot be the end of the value before it.
func isIndentedField(f *fault) bool {
	name := indentedName().FindSubmatch(f.text())
	return f.rule == httpwire.RuleObsFold && name != nil &&
		(knownName(string(name[1])) || len(f.text()) <= longestLine && !f.accepts(f.joined()))
}

var indentedName = lazy(`^[ \t]+([A-Za-z][A-Za-z0-9-]*):`)

// isBareIPv6 reports whether the host is an IPv6 address that lacks only its brackets.
func isBareIPv6(f *fault) bool {
	return !bytes.ContainsAny(f.text(), "[]") && strings.Contains(f.repaired(), "[")
}

// lacksBracket reports whether the host is an IPv6 address that lacks only one of its brackets.
func lacksBracket(f *fault) bool {
	line := f.text()
	return bytes.Count(line, []byte("[")) != bytes.Count(line, []byte("]")) && strings.Contains(f.repaired(), "[")
}

// isIPv6Target reports whether the request-target is an IPv6 address without brackets.
func isIPv6Target(f *fault) bool {
	words := f.words()
	return len(words) > 1 && bracketed(words[1]) != words[1]
}

// hasFieldsInBody reports whether the body begins with fields of the request, one of them
// Content-Length.
func hasFieldsInBody(f *fault) bool {
	_, body, _ := bytes.Cut(f.b, []byte("\r\n\r\n"))
	var req httpwire.Request
	httpwire.ConsumeRequestHead(slices.Concat([]byte("POST / HTTP/1.0\r\n"), body), &req)
	_, err := req.BodyLength()
	return err == nil
}

// parsed returns the version and the fields of the head that holds the fault.
func (f *fault) parsed() (httpwire.Version, httpwire.Fields) {
	if f.isResponse() {
		var resp httpwire.Response
		httpwire.ConsumeResponseHead(f.head(), &resp)
		return resp.Version, resp.Fields
	}
	req := roomyRequest(f.head())
	httpwire.ConsumeRequestHead(f.head(), req)
	return req.Version, req.Fields
}

// isVersion11 reports whether the message is in HTTP/1.1 or later.
func isVersion11(f *fault) bool {
	version, _ := f.parsed()
	return version.AtLeast(1, 1)
}

func isRequest(f *fault) bool { return !f.isResponse() }

func isResponse11(f *fault) bool { return f.isResponse() && isVersion11(f) }

// lacksChunked reports whether the message is in HTTP/1.1 and its last transfer coding is not chunked. It
// does not matter whether there is a Content-Length too, or whether chunked has parameters.
func lacksChunked(f *fault) bool {
	version, fs := f.parsed()
	return version.AtLeast(1, 1) && !lastIsChunked(fs)
}

// isSameLengthTwice reports whether each Content-Length so far says the same number.
func isSameLengthTwice(f *fault) bool { return len(f.before()) == 0 && sameLengths(f) }

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
func sameLengths(f *fault) bool {
	var members []string
	_, fs := f.parsed()
	for field := range fs.Named("Content-Length") {
		for member := range strings.SplitSeq(string(field.Value), ",") {
			members = append(members, strings.Trim(member, " \t"))
		}
	}
	members = slices.Compact(members)
	return len(members) == 1 && members[0] != "" && strings.Trim(members[0], "0123456789") == ""
}

// bodyOctets counts the octets that follow the empty line: the part of the body that has come.
func (f *fault) bodyOctets() int64 {
	if f.short {
		spans, _ := f.spans()
		return lastOctets(spans, httpwire.RuleMessageBody)
	}
	at := min(f.at, len(f.b)) // the fault may be in the empty line itself
	_, body, _ := bytes.Cut(f.b[max(0, at-len("\r\n")):], []byte("\r\n\r\n"))
	return int64(len(body))
}

// lastOctets counts the octets of the last span, if they were read under rule r.
func lastOctets(spans []httpwire.Span, r httpwire.Rule) int64 {
	if k := len(spans); k > 0 && spans[k-1].Rule == r {
		return int64(spans[k-1].End - spans[k-1].Start)
	}
	return 0
}

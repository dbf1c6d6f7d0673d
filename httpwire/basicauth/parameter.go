package basicauth

import (
	"bytes"

	"rawhttp/httpwire"
)

// parameter redacts the value of a parameter, of a field, of a member of a JSON object, or of a part of
// a multipart form. The name ends at offset after, or with brackets there, as in user[password]=a.
func (r *redactor) parameter(after int) bool {
	if colon := r.skip(after, " \t"); r.first && r.colon < 0 && colon < len(r.in) && r.in[colon] == ':' {
		r.fieldValue(r.skip(colon, separators), fieldForm)
		return true
	}
	after = r.skipBrackets(after)
	rest := r.in[after:]
	switch {
	case bytes.HasPrefix(rest, []byte("=")):
		start := max(after+1, r.redacted)
		r.redactURL(start, r.endOfParameter(start))
	case len(rest) >= 3 && httpwire.EqualFold(rest[:3], "%3D"): // of a URL that is itself a parameter
		start := max(after+3, r.redacted)
		r.redactURL(start, r.find(start, "&"+blank))
	case len(rest) > 0 && bytes.IndexByte([]byte("\"'\\"), rest[0]) >= 0:
		if !r.member(after) && !r.part(after) {
			return false
		}
	default:
		return false
	}
	r.at = after
	return true
}

// skipBrackets returns the offset of the first octet from at on that is not part of a square bracket.
func (r *redactor) skipBrackets(at int) int {
	for at < len(r.in) {
		end := min(at+len("%5B"), len(r.in))
		switch {
		case r.in[at] == '[' || r.in[at] == ']':
			at++
		case httpwire.EqualFold(r.in[at:end], "%5B") || httpwire.EqualFold(r.in[at:end], "%5D"):
			at = end
		default:
			return at
		}
	}
	return at
}

// endOfParameter returns the end of the value at offset start. In a request-line and in a form that
// was not encoded, the value may have spaces.
func (r *redactor) endOfParameter(start int) int {
	end := r.find(start, "&"+blank)
	if end == len(r.in) || r.in[end] != ' ' {
		return end
	}
	r.findLongValue(end)
	long, last := r.valueEnd, r.lastSpace
	version := r.in[last+1 : long]
	isForm := r.body && !r.marked
	switch {
	case long < len(r.in) && r.in[long] == '&' && (r.lines == 0 || isForm):
		return long
	case len(version) >= 5 && httpwire.EqualFold(version[:5], "HTTP/"):
		return last
	case r.lines == 0 && r.slash: // a misspelled version
		return last
	case r.lines == 0 || isForm:
		return long
	}
	return end
}

// findLongValue finds the "&" or the line end that follows the space at offset at. Other spaces before
// it have the same one, so it is searched once.
func (r *redactor) findLongValue(at int) {
	if r.valueFrom <= at && at < r.valueEnd {
		return
	}
	r.valueFrom, r.valueEnd = at, r.find(at, "&\r\n")
	r.lastSpace = at + bytes.LastIndexByte(r.in[at:r.valueEnd], ' ')
	r.slash = bytes.IndexByte(r.in[r.lastSpace:r.valueEnd], '/') >= 0
}

// member redacts the value of a member of a JSON object, unless the value is an object. An array ends
// with its first "]".
func (r *redactor) member(after int) bool {
	start := r.skip(after, " \t\"'\\:")
	if bytes.IndexByte(r.in[after:start], ':') < 0 {
		return false
	}
	if start < r.redacted {
		return true // part of another secret
	}
	end := start
	if quote := r.in[start-1]; quote == '"' || quote == '\'' {
		end = r.endOfString(start, quote)
	} else if start < len(r.in) && r.in[start] == '[' {
		start++
		end = r.find(start, "]")
	} else if end = r.find(start, blank+",[]{}"); end == start {
		return false
	}
	r.redact(start, end)
	return true
}

// endOfString returns the offset of the quotation mark that ends a string. An incomplete string ends
// with its line.
func (r *redactor) endOfString(at int, quote byte) int {
	escaped := false
	for ; at < len(r.in) && r.in[at] != '\r' && r.in[at] != '\n'; at++ {
		if r.in[at] == quote && !escaped {
			break
		}
		escaped = r.in[at] == '\\' && !escaped
	}
	return at
}

// longestPartHead is how far from the name of a part of a multipart form its beginning and its value
// are searched.
const longestPartHead = 1 << 10

// part redacts the value of a part of a multipart form (RFC 7578 section 4.2). The value follows the
// empty line after the name. The next line that begins with two hyphens ends it. After "<" in its line,
// the name is that of a field in a page, which has no value.
func (r *redactor) part(after int) bool {
	before := r.in[max(r.line, r.at-longestPartHead):r.at]
	quote := bytes.LastIndexByte(before, '"')
	if quote < 0 || !bytes.HasSuffix(before[:quote], []byte("name=")) || bytes.IndexByte(before, '<') >= 0 {
		return false
	}
	head := r.in[after:min(len(r.in), after+longestPartHead)]
	empty, length := bytes.Index(head, []byte("\r\n\r\n")), len("\r\n\r\n")
	if empty < 0 {
		empty, length = bytes.Index(head, []byte("\n\n")), len("\n\n")
	}
	if empty < 0 {
		return false
	}
	start := max(after+empty+length, r.redacted)
	end := len(r.in)
	if i := bytes.Index(r.in[start:], []byte("\n--")); i >= 0 {
		end = start + i
	}
	r.redact(start, end)
	return true
}

package httpwire

import "math/bits"

// Fast versions of what scan.go and grammar.go define. Nothing else depends on how they work.
//
//	after, in scan.go           afterToken, afterText
//	requestLine, in grammar.go  commonRequestLine
//	version, in grammar.go      commonVersion
//	fieldLines, in grammar.go   commonLines
//
// FuzzFast compares each of them with its definition. A scanner that records spans uses only the
// definitions of those in grammar.go.
//
// BenchmarkRatioHead, for the heads of four requests, as times the speed of net/http:
//
//	                     shortest   curl's   a browser's   long cookie
//	the definitions           8.9      8.1           6.1           4.5
//	the fast versions          12       15            14            14
//
// A word is eight octets in a uint64. The first octet is in the lowest eight bits. A function that looks
// at words finds the first octet that may be outside its class, and looks that octet up in the table of
// classes.

// commonRequestLine reads a request-line of HTTP/1 whose target is a path without "%", and the CR LF
// after it. ok is false if something else is next; then it reads nothing.
func (s *scanner) commonRequestLine(l *RequestLine) (ok bool) {
	const version = " HTTP/1."
	b := s.b[s.pos:]
	method := after(b, 0, token)
	path := method + len(" ")
	if s.traced || method == 0 || path >= len(b) || b[method] != ' ' || b[path] != '/' {
		return false
	}
	target := after(b, path, uriChar)
	minor := target + len(version)
	end := minor + len("0\r\n")
	if end > len(b) || string(b[target:minor]) != version || !digit.has(b[minor]) ||
		b[minor+1] != '\r' || b[minor+2] != '\n' {
		return false
	}
	*l = RequestLine{b[:method], b[path:target], Version{1, b[minor] - '0'}, s.pos}
	s.pos += end
	return true
}

// commonVersion reads "HTTP/1." DIGIT. ok is false if something else is next; then it reads nothing.
func (s *scanner) commonVersion() (v Version, ok bool) {
	const length = len("HTTP/1.0")
	b := s.b[s.pos:]
	if s.traced || len(b) < length || string(b[:length-1]) != "HTTP/1." || !digit.has(b[length-1]) {
		return v, false
	}
	s.pos += length
	return Version{1, b[length-1] - '0'}, true
}

// commonLines reads field lines that are complete, without a fault and without a fold. fieldLines
// reads the others.
func (s *scanner) commonLines(fs Fields) Fields {
	b, name := s.b, s.pos
	for len(fs) < cap(fs) && !s.traced {
		colon := afterToken(b, name)
		if colon == name || colon == len(b) || b[colon] != ':' {
			break
		}
		value := colon + 1
		for value < len(b) && (b[value] == ' ' || b[value] == '\t') {
			value++
		}
		cr := afterText(b, value)
		next := cr + len("\r\n")
		if next >= len(b) || b[cr] != '\r' || b[cr+1] != '\n' || b[next] == ' ' || b[next] == '\t' {
			break
		}
		end := cr
		for end > value && (b[end-1] == ' ' || b[end-1] == '\t') {
			end--
		}
		fs = fs[:len(fs)+1]
		f := &fs[len(fs)-1]
		f.Name, f.Value, f.Offset, f.ValueOffset = b[name:colon], b[value:end], name, value
		name = next
	}
	s.pos = name
	return fs
}

// afterToken does what after does for the class token. Except near the end of b, it looks up in the table
// only octets other than letters and "-".
func afterToken(b []byte, i int) int {
	for i+8 <= len(b) {
		outside := notLetterOrDash(word(b[i : i+8]))
		if outside == 0 {
			i += 8
			continue
		}
		if i += bits.TrailingZeros64(outside) / 8; b[i] == ':' || classOf[b[i]]&token == 0 {
			return i
		}
		i++
	}
	return after(b, i, token)
}

// afterText does what after does for the class text. Except near the end of b, it looks up in the table
// only control octets.
func afterText(b []byte, i int) int {
	for i+16 <= len(b) {
		outside := control(word(b[i : i+8]))
		if outside == 0 {
			i += 8
			if outside = control(word(b[i : i+8])); outside == 0 {
				i += 8
				continue
			}
		}
		if i += bits.TrailingZeros64(outside) / 8; b[i] == '\r' || classOf[b[i]]&text == 0 {
			return i
		}
		i++
	}
	return after(b, i, text)
}

const (
	ones = 0x0101010101010101
	high = 0x80 * ones
)

// word returns the first eight octets of b. The compiler turns this into one load from memory.
func word(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// notLetterOrDash sets the highest bit of each octet of w that is neither a letter nor "-", and clears
// the other bits. Only the lowest bit that it sets is certain to be right.
func notLetterOrDash(w uint64) uint64 {
	small := w | 0x20*ones
	letter := (small + (0x80-'a')*ones) &^ (small + (0x7F-'z')*ones) &^ w
	notDash := ((w ^ '-'*ones) | high) - ones | w
	return notDash &^ letter & high
}

// control sets the highest bit of each octet of w that is a control, and clears the other bits.
// Only the lowest bit that it sets is certain to be right, unless it belongs to an octet above
// 0x7D.
func control(w uint64) uint64 { return ((w - 0x20*ones) | (w + ones)) &^ w & high }

package cli

import (
	"bytes"
	"io"
	"regexp"
	"unicode"
	"unicode/utf8"

	"rawhttp/httpwire"
	"rawhttp/httpwire/visible"
)

// screenMost is how many octets of a response are shown on a terminal.
const screenMost = 64 << 10

// A screen shows the octets of a response on a terminal. The terminal must not act on them, so
// control octets are escaped, and a body that is not text is not shown.
type screen struct {
	w       io.Writer
	noHeads bool   // -v shows them
	binary  string // why the body is not shown; "" if it is
	latin1  bool   // the body is in ISO-8859-1

	total, shown int64  // octets of all responses
	hidden       int64  // octets of this body that are not shown
	held         []byte // the start of a character or of CR LF
	midLine      bool   // the cursor is not at the start of a line
	err          error
}

func (s *screen) head(b []byte) {
	if !s.noHeads {
		s.total += int64(len(b))
		s.show(b)
	}
}

func (s *screen) body(b []byte) {
	s.total += int64(len(b))
	if s.binary == "" && bytes.IndexByte(b, 0) >= 0 {
		s.binary = "the body is binary"
	}
	if s.binary == "" {
		s.show(b)
	} else {
		s.hidden += int64(len(b))
	}
}

// forget forgets what is known of a body.
func (s *screen) forget() { s.binary, s.latin1, s.hidden = "", false, 0 }

// describe reads in a head what the body is.
func (s *screen) describe(resp *httpwire.Response) {
	s.forget()
	coding := resp.Fields.Get("Content-Encoding")
	media, _ := httpwire.ParseMediaType(resp.Fields.Get("Content-Type"))
	name := string(media.Type) + "/" + string(media.Subtype)
	switch {
	case len(coding) > 0 && !httpwire.EqualFold(coding, "identity"):
		s.binary = "the body is encoded, " + string(visible.Append(nil, coding))
	case binaryType.MatchString(name) && !media.Is("image", "svg+xml"):
		s.binary = "the body is " + name
	default:
		charset, _ := media.Param("charset")
		s.latin1 = httpwire.EqualFold([]byte(charset), "iso-8859-1")
	}
}

// binaryType matches the media types that are known not to be text. A body of an unknown type is
// text unless it has a NUL.
var binaryType = regexp.MustCompile(`(?i)^((image|audio|video|font)/.*|` +
	`application/(gzip|zip|pdf|wasm|x-gzip|x-tar|zstd))$`)

// show prints octets. It holds a CR or an incomplete character at their end until more octets
// come.
func (s *screen) show(b []byte) {
	room := int(min(screenMost-s.shown, int64(len(b))))
	s.hidden += int64(len(b) - room)
	b = b[:room]
	s.shown += int64(len(b))
	if s.latin1 { // as UTF-8; an octet that does not show stays, and is escaped
		text := make([]byte, 0, 2*len(b))
		for _, o := range b {
			if unicode.IsPrint(rune(o)) {
				text = utf8.AppendRune(text, rune(o))
			} else {
				text = append(text, o)
			}
		}
		b = text
	}
	b = append(s.held, b...)
	n := len(b) - unfinished(b)
	s.print(b[:n])
	s.held = append([]byte(nil), b[n:]...)
}

func (s *screen) print(b []byte) {
	if len(b) == 0 {
		return
	}
	page := visible.AppendText(nil, b)
	s.midLine = page[len(page)-1] != '\n'
	s.write(page)
}

// finish shows what is held, and ends the line.
func (s *screen) finish() {
	s.print(s.held)
	s.held = nil
	s.endLine()
}

// endLine moves the cursor to the start of a line.
func (s *screen) endLine() {
	if s.midLine {
		s.write([]byte("\n"))
	}
	s.midLine = false
}

// unfinished returns how many octets at the end of b need the octets that follow.
func unfinished(b []byte) int {
	if bytes.HasSuffix(b, []byte("\r")) {
		return 1
	}
	for n := 1; n <= min(len(b), utf8.UTFMax-1); n++ {
		if tail := b[len(b)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// write keeps the first error.
func (s *screen) write(b []byte) {
	if s.err == nil {
		_, s.err = s.w.Write(b)
	}
}

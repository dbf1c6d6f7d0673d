// Package eventlog writes the log of a server that handles many requests a second.
//
// There is a line for each request, so the log is part of what a request costs. Two things make it
// cheap. A [Handler] formats a line without reflection, and in most cases without an allocation. A
// [Buffer] collects lines and writes many of them with one system call, 20 ms after the
// first of them came.
//
// The log never stops the server. If its destination takes nothing, such as a pipe whose reader does
// not read, the Buffer keeps up to 1 MiB of lines ([MaxPending]) and drops the lines that come after that. It
// counts them, and reports their number as soon as the destination takes octets again.
//
//	handler.go  a slog.Handler: how a line reads
//	buffer.go   when lines are written, and which are dropped
package eventlog

import (
	"bytes"
	"context"
	"encoding"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Handler writes each record as one line for a person who watches the log:
//
//	time=08:49:37 msg=request id=1 line="GET / HTTP/1.0" status=200
//
// A line has the time of day, the level unless it is INFO, the message, and the attributes in their
// order. Values are written as slog.TextHandler writes them: in quotes if they have a space, an equals
// sign, a quotation mark or a character that does not show. So a line has no control character,
// whatever a client sent.
//
// Writing a line allocates nothing if each value is a string, a number or a duration, and if an attribute
// without a key has [Attrs].
type Handler struct {
	to     io.Writer
	lines  *sync.Pool // of *line
	level  slog.Leveler
	attrs  []byte // of WithAttrs, as a line has them
	prefix string // of keys: the names of WithGroup, with a dot after each
}

// A line is storage for one line. It keeps text, the time as it is written, because the next line often has
// the same second.
type line struct {
	octets []byte
	time   time.Time // the time in text, of which only the second and the zone count
	text   []byte
}

// Attrs are attributes that append their own text to a line. Other handlers use LogValue, and
// AppendAttrs appends the same attributes, faster. With it, a served request takes a sixth less time,
// because no slog.Attr is made (BenchmarkServe of package httpd).
type Attrs interface {
	// LogValue returns the attributes as a group.
	slog.LogValuer

	// AppendAttrs appends the attributes as a line has them, with a space before each.
	AppendAttrs(dst []byte) []byte
}

// NewHandler returns a Handler that writes records of a level, and of higher levels, with one Write
// for each. Several goroutines may call Write at the same time.
func NewHandler(to io.Writer, level slog.Leveler) *Handler {
	return &Handler{to: to, lines: &sync.Pool{New: func() any { return new(line) }}, level: level}
}

// Enabled reports whether records of a level are written.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.level.Level()
}

// WithAttrs returns a Handler whose lines have these attributes after the message.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *h
	with.attrs = h.attrs[:len(h.attrs):len(h.attrs)]
	for _, a := range attrs {
		with.attrs = appendAttr(with.attrs, h.prefix, a)
	}
	return &with
}

// WithGroup returns a Handler that writes a name and a dot before the keys of later attributes. The name is
// not empty: the caller is the WithGroup of a slog.Logger.
func (h *Handler) WithGroup(name string) slog.Handler {
	with := *h
	with.prefix += name + "."
	return &with
}

// Handle writes a record. Its error is that of the writer.
func (h *Handler) Handle(_ context.Context, r slog.Record) error {
	l := h.lines.Get().(*line)
	defer h.lines.Put(l)
	b := l.octets[:0]
	if !r.Time.IsZero() {
		b = l.appendTime(b, r.Time)
	}
	if r.Level != slog.LevelInfo {
		b = append(append(append(b, "level="...), r.Level.String()...), ' ')
	}
	b = AppendString(append(b, "msg="...), r.Message)
	b = append(b, h.attrs...)
	r.Attrs(func(a slog.Attr) bool {
		b = appendAttr(b, h.prefix, a)
		return true
	})
	b = append(b, '\n')
	l.octets = b
	_, err := h.to.Write(b)
	return err
}

func (l *line) appendTime(b []byte, t time.Time) []byte {
	if t.Unix() != l.time.Unix() || t.Location() != l.time.Location() {
		l.time = t
		l.text = t.AppendFormat(append(l.text[:0], "time="...), time.TimeOnly+" ")
	}
	return append(b, l.text...)
}

// appendAttr appends a space, the key, an equals sign and the value. A group is appended as its
// members.
func appendAttr(b []byte, prefix string, a slog.Attr) []byte {
	v := a.Value
	kind := v.Kind()
	if kind == slog.KindLogValuer {
		if attrs, ok := v.LogValuer().(Attrs); ok && a.Key == "" && prefix == "" {
			return attrs.AppendAttrs(b)
		}
		v = v.Resolve()
		kind = v.Kind()
	}
	if kind == slog.KindGroup {
		if a.Key != "" {
			prefix += a.Key + "."
		}
		for _, member := range v.Group() {
			b = appendAttr(b, prefix, member)
		}
		return b
	}
	if a.Key == "" && v.Equal(slog.Value{}) {
		return b
	}
	b = append(AppendString(append(b, ' '), prefix+a.Key), '=')
	switch kind {
	case slog.KindInt64:
		return strconv.AppendInt(b, v.Int64(), 10)
	case slog.KindUint64:
		return strconv.AppendUint(b, v.Uint64(), 10)
	case slog.KindDuration:
		return append(b, v.Duration().String()...)
	case slog.KindTime:
		return v.Time().AppendFormat(b, "2006-01-02T15:04:05.000Z07:00")
	case slog.KindAny:
		return appendAny(b, v.Any())
	}
	return AppendString(b, v.String())
}

// appendAny appends the text of a value that has a type of its own.
func appendAny(b []byte, v any) []byte {
	switch v := v.(type) {
	case encoding.TextMarshaler:
		text, err := v.MarshalText()
		if err != nil {
			return AppendString(b, "!ERROR:"+err.Error())
		}
		return AppendString(b, string(text))
	case []byte:
		return strconv.AppendQuote(b, string(v))
	}
	return AppendString(b, fmt.Sprintf("%+v", v))
}

// AppendString appends a string, in quotes if it needs them.
func AppendString[T string | []byte](b []byte, s T) []byte {
	start := len(b)
	return quoteFrom(append(b, s...), start)
}

// What an octet of a value needs.
const (
	quotes    = 1 << iota // around the value
	mayEscape             // may need an escape, or need one in quotes
)

// needs has what each octet needs.
var needs = func() (table [256]byte) {
	for c := range table {
		if c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			table[c] = mayEscape
		}
	}
	table[' '], table['='] = quotes, quotes
	return table
}()

// quoteFrom puts b[start:] in quotes if it needs them.
func quoteFrom(b []byte, start int) []byte {
	text := b[start:]
	need := byte(0)
	for _, c := range text {
		need |= needs[c]
	}
	switch {
	case need&mayEscape > 0 && (need&quotes > 0 || bytes.ContainsFunc(text, needsEscape)):
		return strconv.AppendQuote(b[:start], string(text))
	case need&quotes > 0 || len(text) == 0:
		b = append(b, `""`...)
		copy(b[start+1:], b[start:len(b)-2])
		b[start] = '"'
	}
	return b
}

// needsEscape reports whether a value with this character needs quotes and an escape. A value whose only
// special character is a backslash needs neither.
func needsEscape(r rune) bool { return r == '"' || r == utf8.RuneError || !unicode.IsPrint(r) }

package httpd

import (
	"bytes"
	"slices"

	"rawhttp/httpwire"
)

// A headCache has the head of the last response, because the next response often has the same one:
// within a second, and with the same status code, length and fields, it is the same octets. To make
// a head, with a date and a check of each field, takes 30 to 40 times as long as to copy the last one
// (BenchmarkHead), and longer than all the rest of a small exchange. conn.appendHead is the
// definition of what is appended here.
type headCache struct {
	octets []byte // empty if there is none
	key    cacheKey
	fields httpwire.Fields // of the handler, copied
	copies []byte          // what fields refers to
}

// A cacheKey has all that a head depends on besides the handler's fields.
type cacheKey struct {
	second int64 // of its Date, as Unix counts
	code   int
	keep   bool
	brief  bool
	length int64 // of the body; -1 for a Stream
}

// append appends the head of the response of c.
func (h *headCache) append(dst []byte, c *conn, keep bool) ([]byte, error) {
	key := cacheKey{c.now.Unix(), c.resp.Code, keep, c.isBrief(), c.resp.Len()}
	if c.stream() != nil {
		key.length = -1
	}
	if len(h.octets) == 0 || h.key != key || !h.hasFields(c.resp.Fields) {
		var err error
		if h.octets, err = c.appendHead(h.octets[:0], keep); err != nil {
			return dst, err
		}
		h.key = key
		h.copyFields(c.resp.Fields)
	}
	return append(dst, h.octets...), nil
}

func (h *headCache) hasFields(fs httpwire.Fields) bool {
	return slices.EqualFunc(h.fields, fs, func(a, b httpwire.Field) bool {
		return bytes.Equal(a.Name, b.Name) && bytes.Equal(a.Value, b.Value)
	})
}

func (h *headCache) copyFields(fs httpwire.Fields) {
	h.fields, h.copies = h.fields[:0], h.copies[:0]
	for i := range fs {
		h.copies = append(append(h.copies, fs[i].Name...), fs[i].Value...)
	}
	rest := h.copies
	for i := range fs {
		name, end := len(fs[i].Name), len(fs[i].Name)+len(fs[i].Value)
		h.fields = h.fields.Add(rest[:name], rest[name:end])
		rest = rest[end:]
	}
}

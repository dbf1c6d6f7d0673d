package httpd

import (
	"bytes"
	"encoding/binary"
)

// A headCache has the head of the last response. Two responses in the same second, with the same status
// code, length and fields, have the same octets in their heads. Making a head, with a date and a check of
// each field, takes 30 to 40 times as long as copying it (BenchmarkHead), and longer than all the rest of
// a small exchange. conn.appendHead makes the head that is stored here.
type headCache struct {
	octets []byte // empty if there is none
	key    headKey
	fields []byte // of the handler
	next   []byte // storage for the fields of the next head
}

// A headKey has all that a head depends on besides the handler's fields.
type headKey struct {
	second int64 // of its Date, as Unix counts
	code   int
	length int64 // of the body; negative for a Stream
	keep   bool
	brief  bool
}

// append appends the head of the response of c.
func (h *headCache) append(dst []byte, c *conn, keep bool) ([]byte, error) {
	key := headKey{c.now.Unix(), c.resp.Code, c.resp.Len(), keep, c.isBrief()}
	fields := h.next[:0]
	for i := range c.resp.Fields { // without the lengths, different fields could have the same octets
		f := &c.resp.Fields[i]
		fields = binary.AppendUvarint(fields, uint64(len(f.Name)))
		fields = binary.AppendUvarint(fields, uint64(len(f.Value)))
		fields = append(append(fields, f.Name...), f.Value...)
	}
	h.next = fields
	if len(h.octets) == 0 || h.key != key || !bytes.Equal(h.fields, fields) {
		var err error
		if h.octets, err = c.appendHead(h.octets[:0], keep); err != nil {
			h.octets = nil
			return dst, err
		}
		h.key, h.fields, h.next = key, fields, h.fields
	}
	return append(dst, h.octets...), nil
}

package httpd

import (
	"bytes"
	"encoding/binary"

	"rawhttp/httpwire"
)

// headFacts has all that a head depends on besides the handler's fields and Server.Name. Server.appendHead gets
// nothing else, so two responses with the same facts and fields have the same head.
type headFacts struct {
	second int64 // of its Date, as Unix counts
	code   int
	length int64 // of the body; negative if it is not known, as of a Stream
	keep   bool  // the connection stays open
	brief  bool  // the body is a Brief
}

// A headCache has the head of the last response. Two responses in the same second, with the same status
// code, length and fields, have the same octets in their heads. Making a head, with a date and a check of
// each field, takes 30 to 40 times as long as copying it (BenchmarkHead), and longer than all the rest of
// a small exchange. Server.appendHead makes the head that is stored here.
type headCache struct {
	octets []byte // empty if there is none
	facts  headFacts
	fields []byte // of the handler
	next   []byte // storage for the fields of the next head
}

// appendHead appends what Server.appendHead appends.
func (h *headCache) appendHead(dst []byte, s *Server, facts headFacts, fs httpwire.Fields) ([]byte, error) {
	fields := h.next[:0]
	for i := range fs { // without the lengths, different fields could have the same octets
		f := &fs[i]
		fields = binary.AppendUvarint(fields, uint64(len(f.Name)))
		fields = binary.AppendUvarint(fields, uint64(len(f.Value)))
		fields = append(append(fields, f.Name...), f.Value...)
	}
	h.next = fields
	if len(h.octets) == 0 || h.facts != facts || !bytes.Equal(h.fields, fields) {
		var err error
		if h.octets, err = s.appendHead(h.octets[:0], facts, fs); err != nil {
			h.octets = nil
			return dst, err
		}
		h.facts, h.fields, h.next = facts, fields, h.fields
	}
	return append(dst, h.octets...), nil
}

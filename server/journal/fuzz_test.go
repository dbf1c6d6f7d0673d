package journal

import (
	"bytes"
	"testing"
)

// Whatever the file has, Open returns. If it opens the file, what it leaves is exactly what the
// grammar writes, and opens again with the same records.
func FuzzOpen(f *testing.F) {
	octets, begins := batches(sample...)
	f.Add(octets)
	f.Add(octets[:len(octets)-3])
	f.Add(bytes.Replace(octets, []byte("del 1"), []byte("del 2"), 1))
	f.Add(append(bytes.Clone(octets), octets[begins[1]:begins[2]]...))
	f.Add([]byte(header + "batch 0 0 00000000\n"))
	f.Add([]byte(header + "batch -1 1 00000000\n"))
	f.Add([]byte(header + "batch 16777216 1 00000000\n"))
	f.Add([]byte(header + "batch 99999999999999999999 1 00000000\n"))
	f.Fuzz(func(t *testing.T, octets []byte) {
		d := fakeFile("book", octets)
		all, _, err := reopen(d, "book")
		if err != nil {
			if !bytes.Equal(d.octets("book"), octets) {
				t.Error("refused, but changed")
			}
			return
		}
		left := d.octets("book")
		if len(octets) >= len(header) && !bytes.HasPrefix(octets, left) {
			t.Errorf("%q became %q", octets, left)
		}
		rd, written := newReader(bytes.NewReader(left), int64(len(left))), []byte(header)
		for {
			records, err := rd.next()
			if err != nil {
				break
			}
			written = appendBatch(written, records)
		}
		if !bytes.Equal(left, written) {
			t.Errorf("left %q, the grammar writes %q", left, written)
		}
		if mustReopen(t, d, "book", all...) != "" {
			t.Error("cut again")
		}
	})
}

// A length in the file does not make Open reserve memory for it.
func TestBoundedMemory(t *testing.T) {
	for _, line := range []string{"batch 16777216 1 00000000\n", "batch 9223372036854775807 1 00000000\n"} {
		rd := newReader(bytes.NewReader([]byte(header+line+"put")), int64(len(header+line)+3))
		if _, err := rd.next(); err == nil || cap(rd.buf) > 0 {
			t.Errorf("%q: %v, %d octets reserved", line, err, cap(rd.buf))
		}
	}
}

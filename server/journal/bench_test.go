package journal

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
)

var benchRecord = []byte(`put 12345 {"ID": 12345, "number": 1, "street": "North Street", "post_code": "PY11 0PY"}`)

// What a change costs on the disk of this machine: ns/op is the time from one change to the next.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			j, _, err := Open(filepath.Join(b.TempDir(), "book"), Options{Key: keyOf}, table{}.decode)
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			work := make(chan bool, writers)
			var all sync.WaitGroup
			for range writers {
				all.Go(func() {
					for range work {
						if err := j.Append(benchRecord); err != nil {
							b.Error(err)
						}
					}
				})
			}
			b.ReportAllocs()
			for b.Loop() {
				work <- true
			}
			close(work)
			all.Wait()
		})
	}
}

// What a start costs with 100,000 records.
func BenchmarkOpen(b *testing.B) {
	octets := []byte(header)
	for n := range 100_000 {
		record := fmt.Appendf(nil, "put %d %s\n", n, benchRecord[10:])
		octets = appendBatch(octets, record)
	}
	d := fakeFile("book", octets)
	b.SetBytes(int64(len(octets)))
	b.ReportAllocs()
	for b.Loop() {
		j, _, err := open(d, "book", Options{Key: keyOf}, func([]byte) (func(), error) { return func() {}, nil })
		if err != nil || j.Stats().Records != 100_000 {
			b.Fatal(err)
		}
		j.Close()
	}
}

package journal

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// Records are decoded at the same time, and applied in their order.
func TestReplayTogether(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	var want, got []string
	octets := []byte(header)
	for n := range 10_000 {
		want = append(want, fmt.Sprintf("put %d %s", n, strings.Repeat("x", 100)))
		octets = appendBatch(octets, []byte(want[n]+"\n"))
	}
	synctest.Test(t, func(t *testing.T) { // it fails if all goroutines wait
		meet := make(chan struct{})
		j, _, err := open(fakeFile("book", octets), "book", Options{}, func(record []byte) (func(), error) {
			switch string(record) {
			case want[0]:
				meet <- struct{}{}
			case want[2000]: // among the records that are decoded with the first
				<-meet
			}
			return func() { got = append(got, string(record)) }, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		j.Close()
	})
	if !slices.Equal(got, want) {
		t.Errorf("%d records were applied, want %d in their order", len(got), len(want))
	}
}

// The error for a record that cannot be decoded names the record and its batch, the first one if there are
// several. The records before it are applied.
func TestReplayFails(t *testing.T) {
	octets := appendBatch([]byte(header), []byte("put 1 a\nput 2 b\n"))
	at := len(octets)
	octets = appendBatch(octets, []byte("put 3 c\nletter 1\n"))
	octets = appendBatch(octets, []byte("letter 2\n"))
	m := table{}
	_, _, err := open(fakeFile("book", octets), "book", Options{}, m.decode)
	want := fmt.Sprintf(`book: in the batch at offset %d: "letter 1": an unknown word`, at)
	if err == nil || err.Error() != want || len(m) != 3 {
		t.Errorf("%v and %d records, want %s", err, len(m), want)
	}
	applied, all := 0, append(slices.Clone(octets), appendBatch(nil, bytes.Repeat([]byte("put 1 "+strings.Repeat("x", 1000)+"\n"), 500))...)
	open(fakeFile("book", all), "book", Options{}, func(record []byte) (func(), error) {
		_, err := m.decode(record)
		return func() { applied++ }, err
	})
	if applied != 3 {
		t.Errorf("%d records were applied, want 3, each once, if many follow", applied)
	}
	octets = octets[:len(octets)-1] // the damage is found after the letter
	if _, _, err = open(fakeFile("book", octets), "book", Options{}, m.decode); errors.As(err, new(*DamageError)) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

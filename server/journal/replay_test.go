package journal

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
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
	octets = octets[:len(octets)-1] // the damage is found after the letter
	if _, _, err = open(fakeFile("book", octets), "book", Options{}, m.decode); errors.As(err, new(*DamageError)) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// A record that cannot be decoded ends the replay: each record before it was applied once, and few of those after
// it were read, even if they have no octets.
func TestReplayEnds(t *testing.T) {
	for name, records := range map[string]string{"before a long record": "put 1 x\nletter 1\nput 2 " + strings.Repeat("y", 300<<10) + "\n",
		"without octets": strings.Repeat("\n", 1<<20)} {
		octets := appendBatch(appendBatch([]byte(header), []byte("put 0 a\n")), []byte(records))
		var decoded atomic.Int64
		applied := 0
		_, _, err := open(fakeFile("book", octets), "book", Options{}, func(record []byte) (func(), error) {
			decoded.Add(1)
			apply, err := table{}.decode(record)
			return func() { applied++; apply() }, err
		})
		if err == nil || applied > 2 || decoded.Load() > 300_000 {
			t.Errorf("%s: %d records were read and %d applied: %v", name, decoded.Load(), applied, err)
		}
	}
}

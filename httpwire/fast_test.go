package httpwire

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// FuzzFast compares the functions of fast.go with their definitions: the scans from each start, and
// the field lines from the beginning, with room for all of them and for two.
func FuzzFast(f *testing.F) {
	heads, err := filepath.Glob("testdata/heads/*.req")
	if err != nil || len(heads) == 0 {
		f.Fatal("no heads", err)
	}
	for _, name := range heads {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		_, fields, _ := bytes.Cut(b, []byte("\r\n"))
		for _, cut := range []int{0, 1, 2, 3} {
			f.Add(fields[:max(0, len(fields)-cut)])
		}
	}
	for _, lines := range []string{"A: b\r\n c\r\n\r\n", "A:\r\nB: \r\n\tx\r\n", "A: b\r\nC : d\r\n\r\n",
		"A: b\r\nC: d\ne\r\n\r\n", "A: b \r\nC:\td\t\r\n\r\n", ": b\r\n", "A: \x00\r\n", "A: b\rC: d\r\n"} {
		f.Add([]byte(lines))
	}
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	f.Add(all)
	scans := []struct {
		name  string
		after func([]byte, int) int
		class class
	}{{"token", afterToken, token}, {"text", afterText, text}}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, s := range scans {
			for i := 0; i <= len(b); i++ {
				if got, want := s.after(b, i), after(b, i, s.class); got != want {
					t.Fatalf("%s: from %d to %d, want %d, in %q", s.name, i, got, want, b)
				}
				i += len(b) / 1000 // of a long input, not every start
			}
		}
		for _, room := range []int{2, 100} {
			for _, folds := range []bool{false, true} {
				fast, plain := scanner{b: b}, scanner{b: b, traced: true}
				got := fast.fields(make(Fields, 0, room), folds)
				want := plain.fields(make(Fields, 0, room), folds)
				plain.traced, plain.spans = false, nil
				if !reflect.DeepEqual(fast, plain) || !reflect.DeepEqual(got, want) {
					t.Fatalf("%q: got %v and %+v, want %v and %+v", b, got, fast, want, plain)
				}
			}
		}
	})
}

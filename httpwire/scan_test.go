package httpwire

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzBulk holds the scans that take several octets at a time against the table, octet by octet,
// from every start.
func FuzzBulk(f *testing.F) {
	heads, err := filepath.Glob("testdata/heads/*.req")
	if err != nil || len(heads) == 0 {
		f.Fatal("no heads", err)
	}
	for _, name := range heads {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	f.Add(all)
	bulk := []struct {
		name  string
		after func([]byte, int) int
		class class
	}{{"token", afterToken, token}, {"uriChar", afterURI, uriChar}, {"text", afterText, text}}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, s := range bulk {
			want := len(b)
			for i := len(b); i >= 0; i-- {
				if i < len(b) && !s.class.has(b[i]) {
					want = i
				}
				if got := s.after(b, i); got != want {
					t.Fatalf("%s: from %d to %d, want %d, in %q", s.name, i, got, want, b)
				}
			}
		}
	})
}

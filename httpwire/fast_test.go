package httpwire

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// FuzzFast compares the functions of fast.go with their definitions: the scans from each start, and
// heads by a scanner that records spans with heads by a scanner that does not, with storage for two
// fields and for a hundred.
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
		for _, head := range [][]byte{b, bytes.Replace(b, []byte("HTTP/1."), []byte("HTTP/1.x"), 1)} {
			for _, cut := range []int{0, 1, 2, 3} {
				f.Add(head[:len(head)-cut])
			}
		}
	}
	for _, lines := range []string{"A: b\r\n c\r\n\r\n", "A:\r\nB: \r\n\tx\r\n", "A: b\r\nC : d\r\n\r\n",
		"A: b\r\nC: d\ne\r\n\r\n", "A: b \r\nC:\td\t\r\n\r\n", ": b\r\n", "A: \x00\r\n", "A: b\rC: d\r\n"} {
		f.Add([]byte("GET / HTTP/1.0\r\n" + lines))
		f.Add([]byte("HTTP/1.9 200 OK\r\n" + lines))
	}
	for _, line := range []string{"GET / HTTP/1,0", "GET / HTTP/1.", "GET / HTTP/2.0", "GET / http/1.0",
		"GET / HTTP/1.10", "GET / HTTP/1.x", "GET / HTTP/1.0\r", "GET / HTTP/1.0 ", "GET /%41 HTTP/1.1", "GET /%4",
		" / HTTP/1.0", "/ / HTTP/1.0", "GET y HTTP/1.0", "GET\t/ HTTP/1.0", "GET / HTTP/1.0x\n", "GET * HTTP/1.0", "GET  / HTTP/1.0", "CONNECT / HTTP/1.0",
		"GET /", "GET / ", "GET /\t HTTP/1.0", "\r\nGET / HTTP/1.0"} {
		f.Add([]byte(line + "\r\n\r\n"))
		f.Add([]byte(line))
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
				i += len(b) / 1000 // skips starts in a long input
			}
		}
		for _, room := range []int{2, 100} {
			fast, plain := scanner{b: b}, scanner{b: b, traced: true}
			req, wantReq := Request{Fields: make(Fields, 0, room)}, Request{Fields: make(Fields, 0, room)}
			fast.requestHead(&req)
			plain.requestHead(&wantReq)
			same(t, fast, plain, req, wantReq)

			fast, plain = scanner{b: b}, scanner{b: b, traced: true}
			resp, wantResp := Response{Fields: make(Fields, 0, room)}, Response{Fields: make(Fields, 0, room)}
			fast.responseHead(&resp)
			plain.responseHead(&wantResp)
			same(t, fast, plain, resp, wantResp)
		}
	})
}

// same checks that a scanner without spans and one with spans have read the same.
func same(t *testing.T, fast, plain scanner, got, want any) {
	t.Helper()
	plain.traced, plain.spans = false, nil
	if !reflect.DeepEqual(fast, plain) || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v and %+v, want %v and %+v", got, fast, want, plain)
	}
}

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"rawhttp/examples/gallery"
)

// The server of this project says of each malformed request at which octet it stopped being well
// formed, in the body of its refusal, and then closes.
func TestOwnServerNamesTheOctet(t *testing.T) {
	addr := startOwn(t)
	for _, m := range gallery.Bad {
		t.Run(m.File, func(t *testing.T) {
			octets := m.Octets()
			c, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(time.Minute)) // it closes by itself, or this fails
			c.Write(octets)
			response, err := io.ReadAll(c)
			if err != nil {
				t.Fatalf("after %q: %v", response, err)
			}
			_, body, _ := bytes.Cut(response, []byte("\r\n\r\n"))
			want := fmt.Sprintf("  offset %d, ", m.Offset)
			if bytes.HasPrefix(octets, []byte("HEAD ")) {
				want = "" // and nothing else: the response to HEAD has no body
			}
			if !bytes.Contains(body, []byte(want)) || want == "" && len(body) > 0 {
				t.Errorf("no %q in %s", want, response)
			}
		})
	}
}

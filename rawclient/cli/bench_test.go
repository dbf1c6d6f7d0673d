package cli

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rawhttp/examples/ratio"
)

// BenchmarkRatioFile compares a long response, received into a file, with io.Copy from the socket
// to that file.
func BenchmarkRatioFile(b *testing.B) {
	const size = 64 << 20
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	go func() {
		page := make([]byte, 256<<10)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Read(make([]byte, 4096))
			fmt.Fprintf(c, "HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n", size)
			for range size / len(page) {
				c.Write(page)
			}
			c.Close()
		}
	}()
	addr, file := l.Addr().String(), filepath.Join(b.TempDir(), "response")
	b.SetBytes(size)
	ratio.Report(b, 1, "x-iocopy", func() {
		args := []string{"-addr", addr, "-o", file, "GET / HTTP/1.0"}
		var notices strings.Builder
		if code := Run(context.Background(), args, Stdio{Err: &notices}); code != 0 {
			b.Fatal(notices.String())
		}
	}, func() {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		f, err := os.Create(file)
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
		if _, err := io.Copy(f, c); err != nil {
			b.Fatal(err)
		}
	})
}

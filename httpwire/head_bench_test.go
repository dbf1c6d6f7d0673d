package httpwire_test

import (
	"bufio"
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rawhttp/examples/ratio"
	"rawhttp/httpwire"
)

// headFiles are the heads to measure, from the shortest request to a browser's.
var headFiles = []string{"minimal", "curl", "chrome", "legacy"}

func readHead(tb testing.TB, name string) []byte {
	b, err := os.ReadFile(filepath.Join("testdata", "heads", name+".req"))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// responseOf returns a response head with the fields of a request.
func responseOf(request []byte) []byte {
	_, fields, _ := strings.Cut(string(request), "\r\n")
	return []byte("HTTP/1.0 200 OK\r\n" + fields)
}

// BenchmarkRatioHead compares the time to read a head with that of net/http.
func BenchmarkRatioHead(b *testing.B) {
	const rounds = 200
	for _, name := range headFiles {
		head := readHead(b, name)
		b.Run("request/"+name, func(b *testing.B) {
			var req httpwire.Request
			rd := bytes.NewReader(nil)
			br := bufio.NewReader(rd)
			ratio.Report(b, rounds, "x-nethttp", func() {
				for range rounds {
					if _, err := httpwire.ConsumeRequestHead(head, &req); err != nil {
						b.Fatal(err)
					}
				}
			}, func() {
				for range rounds {
					rd.Reset(head)
					br.Reset(rd)
					if _, err := http.ReadRequest(br); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
		head = responseOf(head)
		b.Run("response/"+name, func(b *testing.B) {
			var resp httpwire.Response
			rd := bytes.NewReader(nil)
			br := bufio.NewReader(rd)
			ratio.Report(b, rounds, "x-nethttp", func() {
				for range rounds {
					if _, err := httpwire.ConsumeResponseHead(head, &resp); err != nil {
						b.Fatal(err)
					}
				}
			}, func() {
				for range rounds {
					rd.Reset(head)
					br.Reset(rd)
					if _, err := http.ReadResponse(br, nil); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

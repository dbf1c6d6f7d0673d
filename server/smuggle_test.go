package main

import (
	"fmt"
	"io"
	"strings"
)

// shapes are requests that one server has read in another way than the server or proxy before it. A
// second request follows each of them. The server must never respond to that one, neither as it is
// nor as a part of the first request.
var shapes = []struct{ name, head, body string }{
	{"length and coding", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"},
	{"coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n"},
	{"chunked", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"},
	{"chunked, obfuscated by a space", "Transfer-Encoding : chunked\r\nContent-Length: 0\r\n", ""},
	{"chunked, obfuscated by a tab", "Transfer-Encoding:\tchunked\r\nContent-Length: 0\r\n", ""},
	{"chunked, obfuscated by a vertical tab",
		"Transfer-Encoding:\x0bchunked\r\nContent-Length: 0\r\n", ""},
	{"chunked, after another coding", "Transfer-Encoding: x, chunked\r\nContent-Length: 0\r\n", ""},
	{"chunked, quoted", "Transfer-Encoding: \"chunked\"\r\nContent-Length: 0\r\n", ""},
	{"chunked, in a folded line", "Transfer-Encoding:\r\n chunked\r\nContent-Length: 0\r\n", ""},
	{"chunked, after a bare CR", "X: a\rTransfer-Encoding: chunked\r\nContent-Length: 0\r\n", ""},
	{"chunked, after a bare LF", "X: a\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n", ""},
	{"chunked, twice",
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: 0\r\n", ""},
	{"a name with a letter missing",
		"Transfer-Encodin: chunked\r\nTransfer_Encoding: chunked\r\n", "0\r\n\r\n"},
	{"two lengths", "Content-Length: 0\r\nContent-Length: 44\r\n", ""},
	{"two equal lengths", "Content-Length: 0\r\nContent-Length: 0\r\n", ""},
	{"a list of lengths", "Content-Length: 0, 44\r\n", ""},
	{"a length with a sign", "Content-Length: +0\r\n", ""},
	{"a length in hexadecimal", "Content-Length: 0x0\r\n", ""},
	{"a length with a space in it", "Content-Length: 4 4\r\n", ""},
	{"a length that overflows", "Content-Length: 18446744073709551616\r\n", ""},
	{"a length after a fold", "X: a\r\n Content-Length: 44\r\nContent-Length: 0\r\n", ""},
	{"a length in a folded line", "Content-Length:\r\n 0\r\n", ""},
	{"a length after a bare CR", "X: a\rContent-Length: 44\r\nContent-Length: 0\r\n", ""},
	{"a length with NUL", "Content-Length: 0\x00\r\n", ""},
	{"NUL in a name", "Content\x00-Length: 44\r\nContent-Length: 0\r\n", ""},
	{"a space before the name", " Content-Length: 44\r\nContent-Length: 0\r\n", ""},
	{"a body that is a request", "Content-Length: 44\r\n", ""},
	{"no length at all", "", ""},
}

const smuggled = "GET /smuggled HTTP/1.0\r\nX-Padding: 56789\r\n\r\n"

// smuggle sends each shape and asks the server to keep the connection open, so that the server would
// read the second request. The server sends one response, or two if the first request is complete
// without a doubt. It never handles the second request.
func smuggle(a *arena) {
	for _, shape := range shapes {
		octets := "POST /raw HTTP/1.0\r\nConnection: keep-alive\r\n" + shape.head + "\r\n" +
			shape.body + smuggled
		for _, piece := range []int{len(octets), 7} {
			c := a.victim.dial()
			for rest := octets; rest != ""; {
				n := min(piece, len(rest))
				if _, err := io.WriteString(c, rest[:n]); err != nil {
					break
				}
				rest = rest[n:]
			}
			c.CloseWrite()
			got, err := io.ReadAll(c)
			c.Close()
			codes, bodies := a.responses(string(got), "POST")
			if err != nil || len(codes) != 1 {
				a.Errorf("%s, in pieces of %d: %v, responses %v %q", shape.name, piece, err, codes, bodies)
			}
			if len(codes) > 0 && codes[0] == 200 && shape.name != "a body that is a request" {
				a.Errorf("%s: %q was taken for a request", shape.name, bodies)
			}
		}
	}
	a.look()
	if log := a.victim.log.String(); strings.Contains(log, `line="GET /smuggled`) {
		a.Errorf("a request was smuggled: %s", log)
	}
}

// pipeline sends many requests at once, and in pieces of every size; the responses come in order.
func pipeline(a *arena) {
	const requests = 100
	var all strings.Builder
	for i := range requests {
		fmt.Fprintf(&all, "POST /raw?%d HTTP/1.0\r\nConnection: keep-alive\r\n"+
			"Content-Length: %d\r\n\r\n%s", i, i, strings.Repeat("b", i))
	}
	for _, piece := range []int{all.Len(), 1000, 77, 13} {
		c := a.victim.dial()
		go func() {
			for rest := all.String(); rest != ""; {
				n := min(piece, len(rest))
				io.WriteString(c, rest[:n])
				rest = rest[n:]
			}
			c.CloseWrite()
		}()
		got, err := io.ReadAll(c)
		c.Close()
		codes, bodies := a.responses(string(got), "POST")
		if err != nil || len(codes) != requests {
			a.Fatalf("%d responses, %v", len(codes), err)
		}
		for i, body := range bodies {
			if codes[i] != 200 || !strings.HasPrefix(body, fmt.Sprintf("POST /raw?%d HTTP", i)) ||
				!strings.HasSuffix(body, "\r\n\r\n"+strings.Repeat("b", i)) {
				a.Errorf("response %d is %d %q", i, codes[i], body)
			}
		}
	}
	a.look()
}

package httpwire_test

import (
	"errors"
	"fmt"
	"time"

	"rawhttp/httpwire"
)

func ExampleConsumeRequestHead() {
	received := []byte("GET /address_book/api/v1.0/addresses/1 HTTP/1.0\r\n" +
		"User-Agent: rawclient/1.0\r\n" +
		"\r\n")

	var req httpwire.Request
	n, err := httpwire.ConsumeRequestHead(received, &req)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n%s\n%s\n", req.Method, req.Path(), req.Fields.Get("user-agent"))

	if err := req.Check(); err != nil { // the conditions on the whole head
		fmt.Println(err)
		return
	}
	length, err := req.BodyLength()
	fmt.Printf("head %d octets, body %d octets, %v\n", n, length, err)
	// Output:
	// GET
	// /address_book/api/v1.0/addresses/1
	// rawclient/1.0
	// head 78 octets, body 0 octets, <nil>
}

// There are three outcomes: a complete head, an incomplete head, and an error.
func ExampleConsumeRequestHead_incomplete() {
	for _, received := range []string{
		"GET / HTTP/1.0\r\n\r\n", // complete
		"GET / HTT",              // incomplete
		"GET / HTT!",             // invalid
	} {
		var req httpwire.Request
		n, err := httpwire.ConsumeRequestHead([]byte(received), &req)
		fmt.Println(n, err)
	}
	// Output:
	// 18 <nil>
	// 0 httpwire: the message is incomplete
	// 0 offset 9: HTTP-version: got "!", want HTTP/1.0, in capitals (RFC 1945 section 3.1, RFC 9112 section 2.3)
}

func ExampleConsumeResponseHead() {
	received := []byte("HTTP/1.0 200 OK\r\n" +
		"Content-Type: application/json\r\n" +
		"Content-Length: 26\r\n" +
		"\r\n" +
		`{"ID": 1, "number": "two"}`)

	var resp httpwire.Response
	n, err := httpwire.ConsumeResponseHead(received, &resp)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d %s\n", resp.Code, resp.Reason)

	framing, err := resp.Framing([]byte("GET")) // the method of the request
	fmt.Printf("body: %v, %d octets, %v\n", framing.Ending, framing.Length, err)
	fmt.Printf("%s\n", received[n:])
	// Output:
	// 200 OK
	// body: Content-Length, 26 octets, <nil>
	// {"ID": 1, "number": "two"}
}

func ExampleSyntaxError() {
	var req httpwire.Request
	_, err := httpwire.ConsumeRequestHead([]byte("GET  / HTTP/1.0\r\n\r\n"), &req)
	if e, ok := errors.AsType[*httpwire.SyntaxError](err); ok {
		fmt.Printf("offset %d, octet %q\n", e.Offset, e.Octet)
		fmt.Println("rule:", e.Rule)
		fmt.Println("ABNF:", e.Rule.ABNF())
		fmt.Println("want:", e.Rule.Want())
		fmt.Println("see: ", e.Rule.Sections())
	}
	// Output:
	// offset 4, octet ' '
	// rule: request-target
	// ABNF: request-target = origin-form / absolute-form / authority-form / asterisk-form
	// want: a path that begins with "/", then one SP and the version
	// see:  RFC 1945 section 5.1.2, RFC 9112 section 3.2
}

func ExampleRequestSpans() {
	b := []byte("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
	spans, err := httpwire.RequestSpans(nil, b)
	for _, s := range spans {
		fmt.Printf("%2d %-15v %q\n", s.Start, s.Rule, b[s.Start:s.End])
	}
	fmt.Println(err)
	// Output:
	//  0 method          "GET"
	//  3 SP              " "
	//  4 request-target  "/"
	//  5 SP              " "
	//  6 HTTP-version    "HTTP/1.0"
	// 14 CRLF            "\r\n"
	// 16 field-name      "Host"
	// 20 colon           ":"
	// 21 OWS             " "
	// 22 field-value     "localhost"
	// 31 CRLF            "\r\n"
	// 33 empty line      "\r\n"
	// <nil>
}

func ExampleAppendRequest() {
	req := httpwire.Request{RequestLine: httpwire.RequestLine{
		Method: []byte("POST"), Target: []byte("/addresses")}, Body: []byte("{}")}
	req.Fields = req.Fields.Add([]byte("Content-Length"), []byte("2"))
	b, err := httpwire.AppendRequest(nil, &req)
	fmt.Printf("%q %v\n", b, err)

	req.Target = []byte("/a b") // a reader would take b for the version
	b, err = httpwire.AppendRequest(nil, &req)
	fmt.Printf("%q %v\n", b, err)
	// Output:
	// "POST /addresses HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}" <nil>
	// "" offset 8: HTTP-version: got "b", want HTTP/1.0, in capitals (RFC 1945 section 3.1, RFC 9112 section 2.3)
}

func ExampleAppendResponse() {
	resp := httpwire.Response{StatusLine: httpwire.StatusLine{Code: 200, Reason: []byte("OK")},
		Body: []byte("hello\n")}
	resp.Fields = resp.Fields.Add([]byte("Content-Length"), []byte("6"))
	b, err := httpwire.AppendResponse(nil, &resp, []byte("GET"))
	fmt.Printf("%q %v\n", b, err)
	// Output: "HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n" <nil>
}

func ExampleFields_Has() {
	var fs httpwire.Fields
	fs = fs.Add([]byte("Connection"), []byte("Upgrade, Keep-Alive"))
	fmt.Println(fs.Has("connection", "keep-alive"), fs.Has("connection", "close"))
	// Output: true false
}

func ExampleParseDate() {
	now := time.Date(2016, time.November, 6, 18, 53, 39, 0, time.UTC)
	for _, date := range []string{
		"Sun, 06 Nov 2016 18:53:39 GMT",
		"Sunday, 06-Nov-16 18:53:39 GMT",
		"Sun Nov  6 18:53:39 2016",
		"Sun, 06 Nov 2016 18:53:39 CET",
	} {
		t, err := httpwire.ParseDate([]byte(date), now)
		fmt.Println(t.Equal(now), err != nil)
	}
	fmt.Printf("%s\n", httpwire.AppendDate(nil, now))
	// Output:
	// true false
	// true false
	// true false
	// false true
	// Sun, 06 Nov 2016 18:53:39 GMT
}

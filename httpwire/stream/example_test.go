package stream_test

import (
	"fmt"
	"io"
	"os"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/stream"
)

func ExampleReader() {
	connection := strings.NewReader("POST /a HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello" +
		"GET /b HTTP/1.0\r\n\r\n")

	r := stream.NewReader(connection)
	req := httpwire.Request{Fields: make(httpwire.Fields, 0, 100)} // storage for every head
	for {
		err := r.RequestHead(&req, false)
		if err == io.EOF {
			return // no other request follows
		}
		if err == nil {
			err = req.Check()
		}
		var length int64
		if err == nil {
			length, err = req.BodyLength()
		}
		if err == nil {
			req.Body, err = r.Body(length) // a server limits the length first
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s %s %q\n", req.Method, req.Target, req.Body)
	}
	// Output:
	// POST /a "hello"
	// GET /b ""
}

// A long body is written as it arrives. Response reads a short one.
func ExampleChunks() {
	r := stream.NewReader(strings.NewReader("5\r\nHello\r\n8\r\n, world!\r\n0\r\n\r\n"))
	c := stream.Chunks{Reader: r}
	for c.Next() {
		if _, err := io.CopyN(os.Stdout, r, c.Size); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println("", c.Err)
	// Output: Hello, world! <nil>
}

func ExampleReader_Response() {
	r := stream.NewReader(strings.NewReader("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
		"5\r\nHello\r\n8\r\n, world!\r\n0\r\n\r\n"))
	var resp httpwire.Response
	err := r.Response(&resp, []byte("GET"))
	fmt.Printf("%d %s %v\n", resp.Code, resp.Body, err)
	// Output: 200 Hello, world! <nil>
}

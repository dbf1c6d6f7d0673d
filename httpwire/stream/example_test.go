package stream_test

import (
	"fmt"
	"io"
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

// A body in chunks is read piece by piece.
func ExampleReader_Await() {
	r := stream.NewReader(strings.NewReader("5\r\nHello\r\n8\r\n, world!\r\n0\r\n\r\n"))

	piece := func(consume func(b []byte) (n int, err error)) error {
		if err := r.Wait(); err != nil { // io.EOF, if the body is cut off before this piece
			return err
		}
		n, err := r.Await(httpwire.MaxResponseHead, consume)
		if err == nil {
			_, err = r.Body(int64(n))
		}
		return err
	}
	var size int64
	line := func(b []byte) (n int, err error) {
		size, n, err = httpwire.ConsumeChunkLine(b)
		return n, err
	}
	trailer := func(b []byte) (int, error) { return httpwire.ConsumeTrailer(b, new(httpwire.Fields)) }

	err := piece(line)
	for err == nil && size > 0 {
		var data []byte
		if data, err = r.Body(size); err == nil {
			fmt.Printf("%s", data)
			err = piece(httpwire.ConsumeChunkEnd)
		}
		if err == nil {
			err = piece(line)
		}
	}
	if err == nil {
		err = piece(trailer)
	}
	fmt.Printf("\n%v\n", err)
	// Output:
	// Hello, world!
	// <nil>
}

package wireclient_test

import (
	"context"
	"fmt"
	"io"
	"net"

	"rawhttp/rawclient/wireclient"
)

// A pipe is a connection without a network. Programs call Dial.
type pipe struct{ net.Conn }

func (pipe) CloseWrite() error { return nil }

func ExampleExchange() {
	client, server := net.Pipe()
	go func() {
		io.ReadFull(server, make([]byte, len("GET / HTTP/1.0\r\n\r\n")))
		io.WriteString(server, "HTTP/1.0 200 OK\r\n\r\nHello!")
		server.Close()
	}()

	x := &wireclient.Exchange{Conn: pipe{client}, Request: wireclient.ParseRequest([]byte("GET / HTTP/1.0\r\n\r\n"))}
	err := x.Do(context.Background(), func(event wireclient.Event) error {
		switch e := event.(type) {
		case *wireclient.Head:
			fmt.Printf("head %q\n", e.Octets)
		case *wireclient.Data:
			fmt.Printf("data %q\n", e.Octets)
		case *wireclient.End:
			fmt.Println("end", e.Err)
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// head "HTTP/1.0 200 OK\r\n\r\n"
	// data "Hello!"
	// end <nil>
	// <nil>
}

package cli

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"
)

const connectTimeout = 5 * time.Second

// dial connects to addr; a name with addresses of both families has both tried. The error is a
// sentence that says what to do next.
func dial(ctx context.Context, addr string) (*net.TCPConn, error) {
	dialer := net.Dialer{Timeout: connectTimeout, KeepAlive: -1}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err == nil {
		return conn.(*net.TCPConn), nil
	}
	return nil, &failure{exitConnect, dialError(addr, err)}
}

func dialError(addr string, err error) string {
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted before there was a connection to " + addr
	case isRefused(err) && strings.HasSuffix(addr, ":80"):
		return "nothing listens at " + addr + ": the connection was refused\n" +
			"a URL without a port means port 80; the server of this project is at\nhttp://" +
			defaultAddr + "/"
	case isRefused(err):
		return "nothing listens at " + addr + ": the connection was refused\n" +
			"start the server in another terminal:  go run ./server" + serverAddr(addr) + "\n" +
			"or say where it is:  " + command + " -addr host:port ..."
	case errors.As(err, &dns) && dns.IsNotFound:
		return "there is no host called " + dns.Name + ": is the name spelled right?"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no connection to " + addr + " in time: is the host up, and the port right?"
	}
	return "cannot connect to " + addr + ": " + err.Error()
}

// serverAddr is the flag that makes the server listen where nothing does.
func serverAddr(addr string) string {
	if addr == defaultAddr {
		return ""
	}
	return " -addr " + addr
}

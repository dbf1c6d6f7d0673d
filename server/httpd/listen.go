package httpd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
)

// The errors of Listen. Any other error is that of the operating system: it cannot listen on the address.
var (
	ErrAddress   = errors.New("the address is not host:port")
	ErrPort      = errors.New("the port is not a number up to 65535")
	ErrInUse     = errors.New("another program listens on the port")
	ErrForbidden = errors.New("the operating system keeps the port from this user")
)

// Listen opens the listeners for an address of the form host:port. For localhost there are two,
// 127.0.0.1 and [::1], because some clients use the first and some the second. [::1] is left out if
// the machine does not have it. errors.Is finds the errors above.
func Listen(addr string) ([]net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPort, err)
	}
	if !strings.EqualFold(host, "localhost") {
		l, err := listen(addr)
		return []net.Listener{l}, err
	}
	for try := 1; ; try++ {
		listeners, err := listenLocal(port)
		if !errors.Is(err, ErrInUse) || port != "0" || try == 10 {
			return listeners, err
		}
	}
}

// listenLocal listens on both loopback addresses. If the port is free on the first but in use on the
// second, that is an error: another program would respond to half of the clients.
func listenLocal(port string) ([]net.Listener, error) {
	first, err := listen(net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, err
	}
	_, port, _ = net.SplitHostPort(first.Addr().String())
	second, err := listen(net.JoinHostPort("::1", port))
	switch {
	case err == nil:
		return []net.Listener{first, second}, nil
	case errors.Is(err, ErrInUse):
		first.Close()
		return nil, err
	}
	return []net.Listener{first}, nil
}

func listen(addr string) (net.Listener, error) {
	l, err := (&net.ListenConfig{KeepAlive: -1}).Listen(context.Background(), "tcp", addr)
	switch {
	case err == nil:
		return l, nil
	case inUse(err):
		err = fmt.Errorf("%w: %w", ErrInUse, err)
	case isForbidden(err):
		err = fmt.Errorf("%w: %w", ErrForbidden, err)
	}
	return nil, err
}

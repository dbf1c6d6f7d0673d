package httpd

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"

	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/explain"
)

// DefaultAddr is where the server listens if no flag says otherwise.
const DefaultAddr = explain.DefaultAddr

// Listen opens the listeners for an address of the form host:port. For localhost there are two,
// 127.0.0.1 and [::1], because some clients use the first and some the second. [::1] is left out if
// the machine does not have it. The error is a sentence that says what to do.
func Listen(addr string) ([]net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%q is not an address: write host:port, as in  -addr %s",
			addr, commandline.Address(addr))
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return nil, fmt.Errorf("%q is not a port: write a number up to 65535, as in  -addr %s",
			port, commandline.Address(addr))
	}
	if !strings.EqualFold(host, "localhost") {
		l, err := listen(addr)
		return []net.Listener{l}, advise(err, addr)
	}
	for try := 1; ; try++ {
		listeners, err := listenLocal(port)
		if err == nil || !inUse(err) || port != "0" || try == 10 {
			return listeners, advise(err, addr)
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
	case inUse(err):
		first.Close()
		return nil, err
	}
	return []net.Listener{first}, nil
}

func listen(addr string) (net.Listener, error) {
	return (&net.ListenConfig{KeepAlive: -1}).Listen(context.Background(), "tcp", addr)
}

// advise turns the error of a listener into a sentence that says what to type next.
func advise(err error, addr string) error {
	switch {
	case err == nil:
		return nil
	case inUse(err):
		return fmt.Errorf("port %s is in use, perhaps by another copy of this server:"+
			" stop it, or use another port:  -addr %s", portOf(addr), next(addr))
	case isForbidden(err):
		return fmt.Errorf("this machine does not allow listening on port %s"+
			" (it is reserved, or below 1024): use another port:  -addr %s", portOf(addr), next(addr))
	}
	return fmt.Errorf("cannot listen on %s: %w: use an address of this machine:  -addr %s",
		addr, err, DefaultAddr)
}

func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}

// next proposes the address with the next port, or with the default port if the next one is reserved or
// too large.
func next(addr string) string {
	host, port, _ := net.SplitHostPort(addr)
	n, _ := strconv.Atoi(port)
	if n++; n < 1024 || n > 65535 {
		return net.JoinHostPort(host, portOf(DefaultAddr))
	}
	return net.JoinHostPort(host, strconv.Itoa(n))
}

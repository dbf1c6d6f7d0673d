package cli

import (
	"errors"
	"fmt"
	"net"
	"strconv"

	"rawhttp/httpwire/commandline"
	"rawhttp/httpwire/explain"
	"rawhttp/server/httpd"
)

// listen opens the listeners for -addr. The error is a sentence that says what to type next.
func listen(addr string) ([]net.Listener, error) {
	listeners, err := httpd.Listen(addr)
	_, port, _ := net.SplitHostPort(addr)
	switch {
	case err == nil:
	case errors.Is(err, httpd.ErrAddress):
		err = fmt.Errorf("%q is not an address: write host:port, as in  -addr %s", addr, commandline.Address(addr))
	case errors.Is(err, httpd.ErrPort):
		err = fmt.Errorf("%q is not a port: write a number up to 65535, as in  -addr %s",
			port, commandline.Address(addr))
	case errors.Is(err, httpd.ErrInUse):
		err = fmt.Errorf("port %s is in use, perhaps by another copy of this server:"+
			" stop it, or use another port:  -addr %s", port, nextAddr(addr))
	case errors.Is(err, httpd.ErrForbidden):
		err = fmt.Errorf("this machine does not allow listening on port %s"+
			" (it is reserved, or below 1024): use another port:  -addr %s", port, nextAddr(addr))
	default:
		err = fmt.Errorf("cannot listen on %s (%w)\nuse an address of this machine:  -addr %s",
			addr, err, explain.DefaultAddr)
	}
	return listeners, err
}

// nextAddr proposes the address with the next port, or with the default port if the next one is reserved or
// too large.
func nextAddr(addr string) string {
	host, port, _ := net.SplitHostPort(addr)
	n, _ := strconv.Atoi(port)
	if n++; n < 1024 || n > 65535 {
		_, port, _ = net.SplitHostPort(explain.DefaultAddr)
		return net.JoinHostPort(host, port)
	}
	return net.JoinHostPort(host, strconv.Itoa(n))
}

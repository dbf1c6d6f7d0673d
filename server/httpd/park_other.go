//go:build !linux

package httpd

import "net"

// parker is what only Linux has a use for.
type parker struct{}

func (*parker) init(net.Conn) {}

// firstOctets waits until some octets are in c.in.
func (c *conn) firstOctets() error { return c.in.Fill() }

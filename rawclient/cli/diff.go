package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
	"rawhttp/rawclient/compare"
)

// diff sends two requests and compares the responses. -diff says how the second request differs from
// the first: in its server, its URL, its request-line or its file.
func (c *client) diff(ctx context.Context) (err error) {
	if c.req, err = c.compose(ctx); err != nil {
		return err
	}
	other, err := c.other(ctx)
	if err != nil {
		return err
	}
	for i, one := range []*client{c, other} {
		one.round = 1
		if err := one.exchangeOnce(ctx); err != nil {
			if failed, ok := errors.AsType[*failure](err); ok {
				failed.says = fmt.Sprintf("request %d of 2: %s", i+1, failed.says)
			}
			return err
		}
		one.noteSent()
	}
	requests := compare.Messages(c.requestSide(), other.requestSide(), nil)
	ignored := strings.FieldsFunc(c.opt.ignore, func(r rune) bool { return strings.ContainsRune(", :", r) })
	responses := compare.Messages(c.responseSide(), other.responseSide(), ignored)
	one, two := "of "+c.req.addr, "of "+other.req.addr
	if one == two {
		one, two = "to "+explain.FirstLine(c.req.Octets), "to "+explain.FirstLine(other.req.Octets)
	}
	page := visible.AppendRows(nil, "1 is the response ", one)
	page = append(visible.AppendRows(page, "2 is the response ", two), compare.Legend...)
	if !bytes.Equal(c.req.Octets, other.req.Octets) {
		page = requests.AppendText(append(page, "\nrequests\n\n"...))
	}
	page = responses.AppendText(append(page, "\nresponses\n\n"...))
	if _, err := c.Out.Write(page); err != nil {
		return &failure{exitBroken, "cannot write the comparison: " + err.Error()}
	}
	c.sayVerdict("1: ")
	other.sayVerdict("2: ")
	c.differs = responses.Differs
	c.irregular = c.irregular || other.irregular
	if c.cut == nil || errors.Is(other.cut, context.DeadlineExceeded) {
		c.cut = other.cut
	}
	c.exit = c.exitCode()
	return nil
}

func (c *client) requestSide() compare.Side {
	return compare.Side{Listing: explain.Request(c.req.Octets), Octets: c.req.Octets}
}

func (c *client) responseSide() compare.Side {
	if len(c.out.kept) == 0 {
		return compare.Side{}
	}
	return compare.Side{Listing: c.listResponse(), Octets: c.out.kept}
}

// other returns the client of the second request.
func (c *client) other(ctx context.Context) (*client, error) {
	opt := *c.opt
	other := &client{Stdio: c.Stdio, opt: &opt}
	addr, err := dialAddress("-diff", opt.diff)
	info, noFile := os.Stat(opt.diff)
	switch {
	case err == nil:
		host, _, _ := net.SplitHostPort(addr)
		other.req = &request{Request: c.req.Request, addr: addr, addrFlag: "-diff",
			tls: c.req.tls, serverName: host}
		return other, nil
	case opt.given["in"]:
		opt.in = opt.diff
	case len(opt.lines) > 0 && (looksLikeURL(opt.diff) || strings.Contains(opt.diff, " ")):
		opt.lines = append([]string{opt.diff}, opt.lines[1:]...)
	case noFile == nil && !info.IsDir():
		return nil, usageError("-diff %s: this is a file, so the first request must be one too:\n\n"+
			"  %s -diff %[1]s -in FILE", opt.diff, command)
	default:
		return nil, err
	}
	other.req, err = other.compose(ctx)
	return other, err
}

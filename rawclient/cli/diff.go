package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
	"rawhttp/rawclient/compare"
)

// diff sends two requests and compares the responses. -diff says how the second request differs from the first:
// in its server, its URL, its request-line or its file.
func (c *console) diff(ctx context.Context, req *request) error {
	first := &client{console: c, req: req}
	second, err := c.other(ctx, req)
	if err != nil {
		return err
	}
	for i, x := range []*client{first, second} {
		_, err := x.exchangeOnce(ctx)
		if err == nil && x == first && ctx.Err() != nil { // there is no second response to compare
			err = &failure{exitBroken, "interrupted"}
		}
		if err != nil {
			return failureOf(i+1, err)
		}
	}
	ignored := strings.FieldsFunc(c.opt.ignore, func(r rune) bool { return strings.ContainsRune(", :", r) })
	responses := compare.Messages(first.responseSide(), second.responseSide(), ignored)
	page := responses.AppendText(append(appendRequests(nil, req, second.req), "\nresponses\n\n"...))
	if _, err := c.std.Out.Write(page); err != nil {
		return &failure{exitBroken, "cannot write the comparison: " + err.Error()}
	}
	first.sayVerdict("1: ")
	second.sayVerdict("2: ")
	differs := responses.Differs
	if !differs && !bytes.Equal(first.out.rest.Sum(nil), second.out.rest.Sum(nil)) {
		differs = true
		c.notice("the responses differ after the octets that are shown")
	}
	one, two := first.response, second.response
	both := response{irregular: one.irregular || two.irregular, cut: errors.Join(one.cut, two.cut)}
	exit := both.exitCode(c.opt)
	if differs && exit != exitTimeout {
		exit = exitDiffers
	}
	return withExit(exit, nil)
}

// failureOf says in an error which of the two requests it is about.
func failureOf(number int, err error) error {
	if failed, ok := errors.AsType[*failure](err); ok {
		return &failure{failed.exit, fmt.Sprintf("request %d of 2: %s", number, failed.says)}
	}
	return err
}

// appendRequests says which response is which: by the server, or by the request if the server is the same. If
// the requests differ, it compares them.
func appendRequests(page []byte, first, second *request) []byte {
	one, two := "of "+first.addr, "of "+second.addr
	if one == two {
		one, two = "to "+explain.FirstLine(first.Octets), "to "+explain.FirstLine(second.Octets)
	}
	page = visible.AppendRows(page, "1 is the response ", one)
	page = append(visible.AppendRows(page, "2 is the response ", two), compare.Legend...)
	if bytes.Equal(first.Octets, second.Octets) {
		return page
	}
	requests := compare.Messages(first.side(), second.side(), nil)
	return requests.AppendText(append(page, "\nrequests\n\n"...))
}

func (r *request) side() compare.Side {
	return compare.Side{Listing: explain.Request(r.Octets), Octets: r.Octets}
}

func (c *client) responseSide() compare.Side {
	return compare.Side{Listing: c.listResponse(), Octets: c.out.kept}
}

// diffIsLine reports whether the value of -diff is a request-line or a URL.
func (o *options) diffIsLine() bool { return looksLikeURL(o.diff) || strings.Contains(o.diff, " ") }

// other returns the client of the second request.
func (c *console) other(ctx context.Context, first *request) (*client, error) {
	opt := *c.opt
	other := &client{console: &console{std: c.std, opt: &opt}}
	addr, err := dialAddress("-diff", opt.diff)
	isLine := opt.diffIsLine() && !namesFile(opt.diff)
	switch {
	case err == nil:
		host, _, _ := net.SplitHostPort(addr)
		other.req = &request{Request: first.Request, addr: addr, where: "-diff host:port ...",
			tls: first.tls, serverName: host}
		return other, nil
	case opt.given["in"] && isLine:
		return nil, usageError("-diff %s: with -in, this is the file of the second request. To compare a file with "+
			"a request-line or a URL, put that into a file too", quoted(opt.diff))
	case opt.given["in"]:
		opt.in = opt.diff
	case isLine: // checkMistakes has required a first line
		opt.lines = append([]string{opt.diff}, opt.lines[1:]...)
	case namesFile(opt.diff):
		return nil, opt.instead([]string{"-in", "FILE"}, "-diff %s: this is a file, so the first request must be one too:",
			opt.diff)
	default:
		return nil, err
	}
	other.req, err = other.compose(ctx)
	if other.req.fromURL {
		other.req.where = "-diff http://host:port/ ..."
	}
	return other, failureOf(2, err)
}

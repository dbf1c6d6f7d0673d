package cli

import (
	"errors"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
	"rawhttp/rawclient/report"
)

// writeListing writes the listing of request and response, as the flags say.
func (c *client) writeListing() error {
	if c.opt.json {
		_, err := c.out.listing.Write(c.appendJSON(nil))
		return err
	}
	if c.opt.explain == htmlListing && c.opt.given["o"] && c.out.total == 0 {
		return nil // the old page stays
	}
	listings := []explain.Listing{explain.Request(c.req.Octets)}
	if len(c.out.kept) > 0 {
		listings = append(listings, c.listResponse())
	}
	var b []byte
	if c.opt.time {
		listings[len(listings)-1].Times = c.timing.times()
	}
	if c.opt.explain == htmlListing {
		b = explain.AppendPage(nil, explain.FirstLine(c.req.Octets), c.opt.blank, listings...)
	} else {
		b = c.appendListings(nil, listings)
		if c.opt.time {
			b = visible.AppendRows(append(b, '\n'), "", c.timing.line())
		}
	}
	_, err := c.out.listing.Write(b)
	return err
}

// listResponse lists the kept octets of the response.
func (c *client) listResponse() explain.Listing {
	l := explain.Response(c.out.kept, c.req.Method)
	if cut := l.Cut("response", c.out.total-c.out.start); cut != "" {
		if c.opt.given["diff"] {
			cut = strings.Replace(cut, "listing", "comparison", 1)
		}
		c.sayLater("%s", cut)
	}
	return l
}

// located returns the fault of the response with its place, if there is one and its octet was kept.
func (c *client) located() []byte {
	if !c.response.irregular && c.response.cut == nil {
		return nil
	}
	l := explain.Response(c.out.kept, c.req.Method)
	if _, ok := errors.AsType[*httpwire.SyntaxError](l.Err); ok {
		return l.AppendError(nil)
	}
	return nil
}

// appendListing appends a listing of the kind that the flags say.
func (c *console) appendListing(b []byte, l explain.Listing) []byte {
	switch {
	case c.opt.hex:
		return explain.AppendHex(b, l)
	case c.opt.color == "always", c.opt.color == "auto" && c.std.Color:
		return explain.AppendColor(b, l)
	}
	return explain.AppendText(b, l)
}

func (c *client) appendListings(b []byte, listings []explain.Listing) []byte {
	for i, l := range listings {
		title := "request\n\n"
		if i == 0 && c.round > 1 {
			title = "\n" + title
		} else if i > 0 {
			title = "\nresponse\n\n"
		}
		b = c.appendListing(append(b, title...), l)
	}
	return b
}

// appendJSON appends the document of -json.
func (c *client) appendJSON(b []byte) []byte {
	request := report.NewMessage(explain.Request(c.req.Octets), int64(len(c.req.Octets)))
	x := report.Exchange{Version: report.Version, Server: c.exchange.Conn.RemoteAddr().String(),
		Request: *request, Framing: c.framing(), Timing: c.timing.report()}
	if c.out.total > 0 {
		x.Response = report.NewMessage(c.listResponse(), c.out.total)
	}
	x.Exit = c.response.exitCode(c.opt)
	x.Notices = append([]string{}, c.said...)
	for _, n := range c.later {
		x.Notices = append(x.Notices, n.String())
	}
	return x.Append(b)
}

// framing returns where the final response ends.
func (c *client) framing() *report.Framing {
	r := &c.response
	h := r.final
	if h == nil {
		return nil
	}
	return &report.Framing{Status: r.status, Ending: h.Framing.Ending.String(), Head: int64(len(h.Octets)),
		Body: c.out.total - r.bodyStart - r.closed.Surplus, Surplus: r.closed.Surplus, Complete: r.cut == nil}
}

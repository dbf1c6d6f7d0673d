package cli

import (
	"bytes"
	"errors"
	"fmt"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
)

// list writes the listing of request and answer.
func (x *exchange) list() error {
	listings := []explain.Listing{explain.Request(x.req.octets)}
	if len(x.out.kept) > 0 {
		listings = append(listings, x.listAnswer())
	}
	var b []byte
	if x.opt.explain == htmlListing {
		b = explain.AppendPage(nil, x.pageTitle(), x.opt.blank, listings...)
	} else {
		b = x.appendListings(nil, listings)
	}
	_, err := x.out.listing.Write(b)
	return err
}

// listAnswer lists what was kept of the answer. Where that is not all, the listing is cut short and
// not the answer.
func (x *exchange) listAnswer() explain.Listing {
	kept := x.out.kept
	l := explain.Response(kept, x.req.method)
	if int64(len(kept)) < x.out.total {
		cut := fmt.Sprintf("the listing shows the first %d of %d octets of the answer",
			len(kept), x.out.total)
		x.note("%s", cut)
		if errors.Is(l.Err, httpwire.ErrIncomplete) {
			l.Err = nil
		}
		l.Lines[len(l.Lines)-1].Note = cut
	}
	return l
}

// located says what is wrong with the answer first of all, if that was kept: the notices say how it
// was read all the same.
func (x *exchange) located() []byte {
	l := explain.Response(x.out.kept, x.req.method)
	if fault := (*httpwire.SyntaxError)(nil); errors.As(l.Err, &fault) {
		return l.AppendError(nil)
	}
	return nil
}

func (x *exchange) appendListings(b []byte, listings []explain.Listing) []byte {
	appendListing := explain.AppendText
	switch {
	case x.opt.hex:
		appendListing = explain.AppendHex
	case x.opt.color == "always", x.opt.color == "auto" && x.Color:
		appendListing = explain.AppendColor
	}
	for i, l := range listings {
		title := "request\n\n"
		if i > 0 {
			title = "\nresponse\n\n"
		}
		b = appendListing(append(b, title...), l)
	}
	return b
}

// pageTitle is the request line, as far as it fits.
func (x *exchange) pageTitle() string {
	const most = 80
	line, _, _ := bytes.Cut(bytes.TrimLeft(x.req.octets, "\r\n"), []byte("\n"))
	line = bytes.TrimRight(line, "\r")
	if len(line) > most {
		return string(line[:most]) + "..."
	}
	return string(line)
}

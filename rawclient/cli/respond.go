package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/rawclient/wireclient"
)

// typeResponse reads a response from the keyboard. The last response is returned with io.EOF. An empty
// response closes the connection.
func (in *incoming) typeResponse() ([]byte, error) {
	in.notice("type the response, such as  HTTP/1.0 200 OK")
	if !in.taught {
		in.notice("Enter sends CR LF, and an empty line ends the head. A question mark alone lists the " +
			"request. An empty line alone closes the connection")
		in.taught = true
	}
	line, err := in.keys.line()
	for string(line) == "?" {
		in.showListing("request", in.listing())
		line, err = in.keys.line()
	}
	if len(line) == 0 {
		if err == nil {
			in.notice("nothing is sent, and the connection is closed")
		}
		return nil, err
	}
	head, err := in.keys.head(line, err)
	if err != nil {
		return head, err
	}
	return in.keys.body(head, bodyLength(head, in.method()))
}

// bodyLength returns the length of the body that follows the head of a response, or -1 if the head
// does not say it.
func bodyLength(head, method []byte) int64 {
	var resp httpwire.Response
	if _, err := httpwire.ConsumeResponseHead(head, &resp); err != nil {
		return -1
	}
	framing, _ := resp.Framing(method) // it is valid even if the fields break a rule
	switch framing.Ending {
	case httpwire.EndsAfterLength:
		return framing.Length
	case httpwire.EndsWithHead, httpwire.EndsInterim:
		return 0
	}
	return -1
}

// respond sends the response, and says what the client was still waiting for.
func (in *incoming) respond(response []byte) {
	in.conn.SetWriteDeadline(time.Now().Add(in.opt.timeout))
	if in.keys == nil {
		shown := excerpt(response)
		in.Out.Write(marked('>', shown))
		if more := len(response) - len(shown); more > 0 {
			in.notice("and %d more octets", more)
		}
	}
	in.responded.Store(true)
	sent, err := in.conn.Write(response)
	switch err = cmp.Or(err, in.conn.CloseWrite()); {
	case wireclient.IsReset(err):
		in.notice("%d of %d octets were sent: the client has closed the connection", sent, len(response))
	case err != nil:
		in.notice("%d of %d octets were sent: %v", sent, len(response), err)
	default:
		in.notice("the response is sent: %s", explain.OctetCount(int64(sent)))
		in.sayUnfinished(response, in.method())
	}
}

// sayUnfinished says what the client was waiting for when the sending side was closed, and which octets
// belong to no message.
func (l *listenServer) sayUnfinished(response, method []byte) {
	listing := explain.Response(response, method)
	if l.opt.lists() {
		l.showListing("response", listing)
		return
	}
	switch {
	case errors.Is(listing.Err, httpwire.ErrIncomplete):
		l.notice("the client was waiting for more when rawclient closed its side:")
		l.Err.Write(listing.AppendError(nil))
	case listing.Err != nil:
		l.notice("the response breaks a rule:")
		l.Err.Write(listing.AppendError(nil))
	case listing.Lines[len(listing.Lines)-1].Rule == httpwire.RuleSurplus:
		surplus := listing.Lines[len(listing.Lines)-1]
		n := int64(len(surplus.Octets))
		l.notice("offset %d: %s %s the end of the response, which %s to no message (%s)",
			surplus.Offset, explain.OctetCount(n), verb(n, "follows", "follow"),
			verb(n, "belongs", "belong"), httpwire.RuleSurplus.Sections())
	}
}

// showListing writes the listing of one message.
func (l *listenServer) showListing(title string, listing explain.Listing) {
	l.Out.Write(l.appendListing(fmt.Appendf(nil, "\n%s\n\n", title), listing))
	io.WriteString(l.Out, "\n")
}

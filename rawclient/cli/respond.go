package cli

import (
	"errors"
	"fmt"
	"io"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/rawclient/wireclient"
)

// typeResponse reads a response from the keyboard, in the way that typed reads a request. The last
// response is returned with errInputEnded. An empty response closes the connection.
func (l *listenServer) typeResponse(in *incoming) ([]byte, error) {
	l.prompt("type the response, such as  HTTP/1.0 200 OK")
	if !l.taught {
		l.prompt("Enter sends CR LF, and an empty line ends the head. A question mark alone lists the " +
			"request. An empty line alone closes the connection")
		l.taught = true
	}
	head, err := l.typeResponseHead(in)
	if err != nil || len(head) == 0 {
		return head, err
	}
	return l.typeResponseBody(head, in.method())
}

// typeResponseHead reads a head up to its empty line. It is empty if the first line is.
func (l *listenServer) typeResponseHead(in *incoming) (head []byte, err error) {
	for {
		io.WriteString(l.Err, "> ")
		line, err := l.keys.line()
		switch {
		case err == io.EOF:
			l.newLine()
			if head = append(head, line...); len(head) > 0 {
				l.prompt("the empty line that ends the head is missing. The response is sent as it is")
			}
			return head, errInputEnded
		case err != nil:
			return nil, err
		case len(head) == 0 && len(line) == 0:
			l.prompt("nothing is sent, and the connection is closed")
			return nil, nil
		case len(head) == 0 && string(line) == "?":
			l.showListing("request", in.listing())
			continue
		}
		head = append(append(head, line...), "\r\n"...)
		if len(line) == 0 {
			return head, nil
		}
	}
}

// typeResponseBody reads the body of a response: as many octets as Content-Length says, or the lines
// that precede a period alone. Enter is one LF, and so is the Enter before the period. An Enter after
// the last octet is not sent. The octets are sent even if Content-Length is wrong.
func (l *listenServer) typeResponseBody(head, method []byte) ([]byte, error) {
	response, announced := head, bodyLength(head, method)
	for {
		have := int64(len(response) - len(head))
		switch {
		case have == announced:
			return response, nil
		case announced >= 0 && have > announced:
			if have > announced+1 {
				l.prompt("Content-Length says %d, and %d octets are sent", announced, have-1)
			}
			return response[:len(response)-1], nil // without the last Enter
		case announced >= 0:
			l.prompt("body: %d of %d octets to go; a period alone ends it early", announced-have, announced)
		case have == 0:
			l.prompt("body: a period alone ends it")
		}
		io.WriteString(l.Err, "> ")
		line, err := l.keys.line()
		switch {
		case err == io.EOF:
			l.newLine()
			return append(response, line...), errInputEnded
		case err != nil:
			return nil, err
		case string(line) == ".":
			return response, nil
		}
		response = append(append(response, line...), '\n')
	}
}

// bodyLength returns the length of the body that follows the head of a response, or -1 if the head
// does not say it.
func bodyLength(head, method []byte) int64 {
	var resp httpwire.Response
	if _, err := httpwire.ConsumeResponseHead(head, &resp); err != nil {
		return -1
	}
	framing, err := resp.Framing(method)
	if err != nil {
		return -1
	}
	switch framing.Ending {
	case httpwire.EndsAfterLength:
		return framing.Length
	case httpwire.EndsWithHead, httpwire.EndsInterim:
		return 0
	}
	return -1
}

// respond sends the response, and says what the client misses in it.
func (l *listenServer) respond(in *incoming, response []byte) {
	if l.opt.timeout > 0 {
		in.conn.SetWriteDeadline(time.Now().Add(l.opt.timeout))
	}
	if l.keys == nil {
		shown := excerpt(response)
		l.Out.Write(marked('>', shown))
		if more := len(response) - len(shown); more > 0 {
			l.prompt("and %d more octets", more)
		}
	}
	in.responded.Store(true)
	sent, err := in.conn.Write(response)
	if err == nil {
		err = in.conn.CloseWrite()
	}
	switch {
	case wireclient.IsReset(err):
		l.prompt("%d of %d octets were sent: the client has closed the connection", sent, len(response))
	case err != nil:
		l.prompt("%d of %d octets were sent: %v", sent, len(response), err)
	default:
		l.prompt("the response is sent: %s", explain.OctetCount(int64(sent)))
	}
	l.sayUnfinished(response[:sent], in.method())
}

// sayUnfinished says what the client was waiting for when the sending side was closed, and what it
// takes for nothing.
func (l *listenServer) sayUnfinished(response, method []byte) {
	listing := explain.Response(response, method)
	if l.opt.lists() {
		l.showListing("response", listing)
		return
	}
	switch {
	case len(response) == 0:
	case errors.Is(listing.Err, httpwire.ErrIncomplete):
		l.prompt("the client was waiting for more when rawclient closed its side:")
		l.Err.Write(listing.AppendError(nil))
	case listing.Err != nil:
		l.prompt("the response breaks a rule:")
		l.Err.Write(listing.AppendError(nil))
	case listing.Lines[len(listing.Lines)-1].Rule == httpwire.RuleSurplus:
		surplus := listing.Lines[len(listing.Lines)-1]
		n := int64(len(surplus.Octets))
		l.prompt("offset %d: %s %s the end of the response, which %s to nothing (%s)",
			surplus.Offset, explain.OctetCount(n), verb(n, "follows", "follow"),
			verb(n, "belongs", "belong"), httpwire.RuleSurplus.Sections())
	}
}

// showListing writes the listing of one message.
func (l *listenServer) showListing(title string, listing explain.Listing) {
	l.Out.Write(l.appendListing(fmt.Appendf(nil, "\n%s\n\n", title), listing))
	io.WriteString(l.Out, "\n")
}

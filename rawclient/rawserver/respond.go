package rawserver

import (
	"cmp"
	"errors"
	"net"
	"os"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
	"rawhttp/rawclient/wireclient"
)

// respond sends the response, and says what the client was still waiting for.
func (in *incoming) respond(response []byte) {
	in.conn.SetWriteDeadline(time.Now().Add(in.Timeout))
	if in.Type == nil {
		shown := excerpt(response)
		in.Out.Write(visible.AppendMarked(nil, '>', shown))
		if more := len(response) - len(shown); more > 0 {
			in.Notice("and %d more octets", more)
		}
	}
	in.responded.Store(true)
	sent, err := in.conn.Write(response)
	switch err = cmp.Or(err, in.conn.CloseWrite()); {
	case wireclient.IsReset(err):
		in.Notice("%d of %d octets were sent: the client has closed the connection", sent, len(response))
	case errors.Is(err, os.ErrDeadlineExceeded):
		in.Notice("%d of %d octets were sent: the time is over (-timeout %s)", sent, len(response), in.Timeout)
	case errors.Is(err, net.ErrClosed): // Ctrl-C closes it
	case err != nil:
		in.Notice("%d of %d octets were sent: %v", sent, len(response), err)
	default:
		in.Notice("the response is sent: %s", explain.OctetCount(int64(sent)))
		in.sayUnfinished(response)
	}
}

// sayUnfinished says what the client was waiting for when the sending side was closed, and which octets
// belong to no message.
func (in *incoming) sayUnfinished(response []byte) {
	listing := explain.Response(response, wireclient.ParseRequest(in.kept).Method)
	switch {
	case in.List != nil:
		in.List("response", listing)
	case errors.Is(listing.Err, httpwire.ErrIncomplete):
		in.Notice("the client was waiting for more when rawclient closed its side:")
		in.Err.Write(listing.AppendError(nil))
	case listing.Err != nil:
		in.Notice("the response breaks a rule:")
		in.Err.Write(listing.AppendError(nil))
	case listing.Lines[len(listing.Lines)-1].Rule == httpwire.RuleSurplus:
		surplus := listing.Lines[len(listing.Lines)-1]
		n := int64(len(surplus.Octets))
		in.Notice("offset %d: %s %s the end of the response, which %s to no message (%s)",
			surplus.Offset, explain.OctetCount(n), explain.Verb(n, "follows", "follow"),
			explain.Verb(n, "belongs", "belong"), httpwire.RuleSurplus.Sections())
	}
}

package rawserver

import (
	"cmp"
	"errors"
	"net"
	"os"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/rawclient/wireclient"
)

// respond sends the response, and says what the client was still waiting for.
func (in *incoming) respond(response []byte) {
	in.conn.SetWriteDeadline(time.Now().Add(in.server.Timeout))
	in.responded.Store(true)
	sent, err := in.conn.Write(response)
	switch err = cmp.Or(err, in.conn.CloseWrite()); {
	case wireclient.IsReset(err):
		in.notice("%d of %d octets were sent: the client has closed the connection", sent, len(response))
	case errors.Is(err, os.ErrDeadlineExceeded):
		in.notice("%d of %d octets were sent: %s", sent, len(response), in.server.TimeIsOver)
	case errors.Is(err, net.ErrClosed): // Ctrl-C closes it
	case err != nil:
		in.notice("%d of %d octets were sent: %v", sent, len(response), err)
	default:
		in.notice("the response is sent: %s", explain.OctetCount(int64(sent)))
		in.sayUnfinished(response)
	}
}

// sayUnfinished says what the client was waiting for when the sending side was closed, and which octets
// belong to no message.
func (in *incoming) sayUnfinished(response []byte) {
	listing := explain.Response(response, wireclient.ParseRequest(in.kept).Method)
	switch {
	case in.server.List != nil:
		in.server.List("response", listing)
	case errors.Is(listing.Err, httpwire.ErrIncomplete):
		in.notice("the client was waiting for more when rawclient closed its side:\n%s", listing.AppendError(nil))
	case listing.Err != nil:
		in.notice("the response breaks a rule:\n%s", listing.AppendError(nil))
	case listing.Lines[len(listing.Lines)-1].Rule == httpwire.RuleSurplus:
		surplus := listing.Lines[len(listing.Lines)-1]
		n := int64(len(surplus.Octets))
		in.notice("offset %d: %s %s the end of the response, which %s to no message (%s)",
			surplus.Offset, explain.OctetCount(n), explain.Verb(n, "follows", "follow"),
			explain.Verb(n, "belongs", "belong"), httpwire.RuleSurplus.Sections())
	}
}

package cli

import (
	"errors"
	"os"
	"strconv"

	"rawhttp/httpwire"
)

// repeatMost is how often a request is sent at most: rawclient looks at servers, and does not
// measure them.
const repeatMost = 1000

// setRepeat sets -repeat.
func (o *options) setRepeat(value string) (err error) {
	if o.repeat, err = strconv.Atoi(value); err != nil || o.repeat < 1 || o.repeat > repeatMost {
		return errors.New("write a number from 1 to " + strconv.Itoa(repeatMost))
	}
	return nil
}

// sayRound says which of the requests of -repeat is sent, and on which connection.
func (c *client) sayRound() {
	switch {
	case c.opt.repeat == 1:
	case c.round == 1:
		c.say("request 1 of %d", c.opt.repeat)
	case c.conn != nil:
		c.say("request %d of %d, on the same connection", c.round, c.opt.repeat)
	default:
		c.say("request %d of %d, on a new connection, because %s", c.round, c.opt.repeat, c.whyNew)
	}
}

// needsConnection returns why another request cannot be sent on the connection, or "" if it can.
func (c *client) needsConnection() string {
	sent, _ := c.exchange.Sent()
	switch h := c.final; {
	case c.cut != nil:
		return "the response was cut short"
	case h == nil, c.irregular, h.Simple:
		return "the end of the response is not certain"
	case h.Framing.OtherProtocol():
		return "another protocol follows the response"
	case h.Framing.Ending == httpwire.EndsWhenClosed:
		return "the close ended the response"
	case c.closed.Surplus > 0:
		return "octets followed the response"
	case c.opt.half:
		return "-half closed the sending side"
	case h.Closes && c.req.Closes():
		return "the request asked the server to close"
	case h.Closes:
		return "the response did not agree to keep the connection"
	case !errors.Is(c.closed.Err, os.ErrDeadlineExceeded):
		return "the server closed the connection"
	case sent < len(c.req.Octets):
		return "the server did not take the whole request"
	}
	return ""
}

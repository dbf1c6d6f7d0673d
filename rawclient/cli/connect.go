package cli

import (
	"cmp"
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/commandline"
	"rawhttp/rawclient/wireclient"
)

// connect connects to the server of the request, with TLS if that was asked for, unless there is a
// connection. It begins the timing.
func (c *client) connect(ctx context.Context) error {
	if c.conn != nil {
		c.timing = timing{start: time.Now()}
		c.conn.first = time.Time{}
		return nil
	}
	config, err := c.tlsConfig(ctx)
	if err != nil {
		return err
	}
	c.timing = timing{start: time.Now()}
	tcp, err := wireclient.Dial(ctx, c.req.addr)
	if err != nil {
		return &failure{ExitConnect, dialError(c.req, cmp.Or(ctx.Err(), err))}
	}
	c.timing.connected = time.Now()
	if c.opt.verbose {
		c.say("connected to %s", tcp.RemoteAddr())
	}
	var conn wireclient.Conn = tcp
	if config != nil {
		if conn, err = c.handshake(ctx, tcp, config); err != nil {
			tcp.Close()
			return err
		}
		c.timing.secured = time.Now()
	}
	c.conn = newTrace(conn, c.timing.connected, &c.room)
	c.conns = append(c.conns, c.conn)
	return nil
}

func (c *client) disconnect() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// dialError says why there is no connection to the server of a request, and what to do next.
func dialError(req *request, err error) string {
	addr := req.addr
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted before there was a connection to " + addr
	case err == context.DeadlineExceeded: // an error of the network may be like it
		return "no connection to " + addr + ": the time of -timeout was over before that"
	case wireclient.IsRefused(err):
		return "nothing listens at " + addr + ": the connection was refused\n" + adviseOnRefusal(req)
	case errors.As(err, &dns) && dns.IsNotFound:
		return "there is no host " + dns.Name + ": check how the name is spelled"
	case errors.As(err, &dns):
		why := dns.Err
		if dns.IsTimeout {
			why = "no name server responded in time"
		}
		return "the address of " + dns.Name + " cannot be looked up: " + why +
			"\ncheck the network and its name server (DNS), or write the IP address of the\nhost in place of its name"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no connection to " + addr + " in time: check that the host is up and the port is right"
	}
	return "cannot connect to " + addr + ": " + cause(err)
}

// adviseOnRefusal says what to do if nothing listens where a request goes.
func adviseOnRefusal(req *request) string {
	host, port, _ := net.SplitHostPort(req.addr)
	isLocal := strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
	switch {
	case req.tls || !isLocal:
		return "check that the server is running there, and that host and port are right"
	case port == "80" && strings.Contains(req.where, "http://"):
		return "a URL without a port means port 80; the server of this project is at\nhttp://" + defaultAddr + "/"
	case port == "80":
		return "the server of this project is at another port:  -addr " + defaultAddr
	}
	server := commandline.Beside(command, "server", "server/rawhttpd")
	if req.addr != defaultAddr {
		server += " -addr " + quoted(req.addr)
	}
	return "start the server in another terminal:  " + server + "\nor say where it is:  " + command + " " + req.where
}

// cause returns what an error says besides the operation and the addresses, which a notice names itself.
func cause(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	}
	return err.Error()
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
	switch h := c.response.final; {
	case c.response.cut != nil:
		return "the response was cut short"
	case h == nil, c.response.irregular:
		return "the end of the response is not certain"
	case h.Framing.Ending.OtherProtocol():
		return "another protocol follows the response"
	case h.Framing.Ending == httpwire.EndsWhenClosed:
		return "the close ended the response"
	case c.response.closed.Surplus > 0:
		return "octets followed the response"
	case c.opt.half:
		return "-half closed the sending side"
	case c.req.Closes():
		return "the request asked the server to close"
	case h.Closes:
		return "the response did not agree to keep the connection"
	case errors.Is(c.response.closed.Err, context.DeadlineExceeded):
		return "the time of -timeout was over"
	case !errors.Is(c.response.closed.Err, os.ErrDeadlineExceeded):
		return "the server closed the connection"
	case !c.sentAll():
		return "the server did not take the whole request"
	}
	return ""
}

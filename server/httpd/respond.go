package httpd

import (
	"bytes"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"rawhttp/httpwire"
)

// Every response is made here, refusals too. So each head has a Date, and no response has a body where none
// is allowed.

// respond appends the response to what is sent next, and reports whether the connection goes on. It sends a
// long body immediately. If too many long bodies are being sent, it responds with 503 instead.
func (c *conn) respond(keep bool) bool {
	c.now = time.Now() // the handler may have taken long
	if stream := c.stream(); stream != nil {
		defer stream.Close()
		keep = false
	}
	keep = keep && !c.srv.stopping.Load() && !c.srv.refusedLately(c.now)
	c.unsent++
	from := len(c.out)
	if c.isLong() {
		what, octets := c.holds()
		if c.srv.inFlight.take(what, octets, c.srv.Limits.InFlight) {
			defer c.srv.inFlight.giveBack(what, octets)
		} else {
			c.makeRefusal(503, "The server has no memory for another long response now. Try again in a "+
				"second.\n")
		}
	}
	if err := c.append(keep); err != nil {
		c.logMistake(err)
		c.makeText(500, "The server made a response that it must not send.\n")
		keep = false
		c.append(keep)
	}
	c.report(len(c.out) - from)
	if c.isLong() {
		c.unreadInput = true // the client may send more before it has taken all of this
		err := c.sendBody()
		switch err {
		case nil:
		case errPartsLength:
			c.logMistake(err)
		default: // the line of the request has all octets of the response
			c.srv.log(slog.LevelInfo, "the client did not get the whole response",
				slog.Uint64("id", c.id), c.peer(), slog.Any("error", err))
		}
		keep = err == nil && keep
	} else if stream := c.stream(); stream != nil && !c.isHEAD() {
		c.sendStream(stream)
	}
	c.resp.Body, c.resp.Parts = nil, nil // the next flush may take long, and needs no body in memory
	if len(c.out) >= longBody {          // responses to pipelined requests must not pile up
		keep = c.flush() == nil && keep
	}
	return keep
}

// logMistake logs what a handler did wrong.
func (c *conn) logMistake(err error) {
	c.srv.log(slog.LevelError, "the handler's response cannot be sent",
		slog.Uint64("id", c.id), slog.Any("error", err))
}

// report counts the response, logs it, and tells the Watch about it. Appended is the number of its octets
// in c.out: all except those of a long body or a Stream.
func (c *conn) report(appended int) {
	c.srv.metrics.responses[c.resp.Code].Add(1)
	octets := int64(appended)
	if c.isLong() {
		octets += c.resp.Len()
	}
	c.logRequest(octets)
	if c.stream() != nil {
		octets = -1
	}
	came := c.in.Octets()
	following := c.in.Count() - c.before - c.length
	c.watch.Responded(c.resp.Code, octets, came[int64(len(came))-following:])
}

// append appends the head of the response to c.out, and the body unless it is long. A Simple-Response has
// no head. If the response must not be sent, append returns an error and appends nothing.
func (c *conn) append(keep bool) error {
	if string(c.req.Method) == "CONNECT" && httpwire.Class(c.resp.Code) == 2 {
		return errors.New("a tunnel would follow a 2xx response to CONNECT")
	}
	from := len(c.out)
	if !c.req.Simple {
		var err error
		if c.out, err = c.head.append(c.out, c, keep); err != nil {
			return err
		}
	} else if err := check(&c.resp); err != nil {
		return err
	}
	if c.isHEAD() || c.isLong() {
		return nil
	}
	err := c.writeBody(false)
	if err != nil {
		c.out = c.out[:from]
	}
	return err
}

var methodHEAD = []byte("HEAD")

// isHEAD reports whether the method of the request is HEAD.
func (c *conn) isHEAD() bool { return bytes.Equal(c.req.Method, methodHEAD) }

// appendHead appends the head of the response: general fields first, then those of the handler, then
// those of the body (RFC 1945 section 4.2). headCache appends the same octets, faster.
func (c *conn) appendHead(dst []byte, keep bool) ([]byte, error) {
	if err := check(&c.resp); err != nil {
		return dst, err
	}
	c.limitLastModified()
	head := c.resp // with all fields; AppendResponse gets it with method HEAD, and so appends the head alone
	head.Reason = []byte(httpwire.ReasonPhrase(head.Code))
	brief := c.isBrief()
	head.Fields = make(httpwire.Fields, 0, len(c.resp.Fields)+len(everyResponse))
	add := func(name, value string) { head.Fields = head.Fields.Add([]byte(name), []byte(value)) }
	add("Date", string(httpwire.AppendDate(nil, c.now)))
	if keep {
		add("Connection", "keep-alive")
	} else if !brief {
		add("Connection", "close")
	}
	if c.srv.Name != "" && !brief {
		add("Server", c.srv.Name)
	}
	head.Fields = append(head.Fields, c.resp.Fields...)
	if httpwire.BodyAllowed(head.Code) {
		if !brief {
			add("X-Content-Type-Options", "nosniff")
		}
		if c.stream() == nil {
			add("Content-Length", strconv.FormatInt(head.Len(), 10))
		}
	}
	return httpwire.AppendResponse(dst, &head, methodHEAD)
}

// everyResponse are the fields that the server adds to a response; a Brief has some of them.
// X-Content-Type-Options keeps browsers from guessing another type than Content-Type says, for
// example HTML in an echo of plain text (the Fetch standard).
var everyResponse = [...]string{"Date", "Connection", "Server", "X-Content-Type-Options",
	"Content-Length"}

// check returns an error if the handler's response cannot be sent with the fields of everyResponse.
func check(resp *httpwire.Response) error {
	if resp.Code < 200 || resp.Code > 599 {
		return errors.New("the status code of a final response is 200 to 599")
	}
	_, streamed := resp.Parts.(Stream)
	if (streamed || resp.Len() > 0) && !httpwire.BodyAllowed(resp.Code) {
		return errors.New("a response with this status code has no body")
	}
	for i := range resp.Fields {
		for _, name := range everyResponse {
			if httpwire.EqualFold(resp.Fields[i].Name, name) {
				return errors.New("the server adds " + name + " itself")
			}
		}
	}
	return nil
}

// limitLastModified makes Last-Modified no later than Date, as RFC 9110 section 8.8.2.1 requires:
// the representation may have been modified after the request came, or the clock was set back.
func (c *conn) limitLastModified() {
	fs := c.resp.Fields
	for i := range fs {
		if !httpwire.EqualFold(fs[i].Name, "Last-Modified") {
			continue
		}
		if modified, _ := httpwire.ParseDate(fs[i].Value, c.now); modified.After(c.now) {
			fs[i].Value = httpwire.AppendDate(nil, c.now)
		}
	}
}

var (
	nameContentType = []byte("Content-Type")
	valueText       = []byte("text/plain; charset=utf-8")
)

// makeText makes the response a plain text.
func (c *conn) makeText(code int, text string) {
	c.resp = httpwire.Response{
		StatusLine: httpwire.StatusLine{Code: code},
		Fields:     c.resp.Fields[:0].Add(nameContentType, valueText),
		Body:       []byte(text),
	}
}

// A Brief is the body of a response that has as few fields as HTTP/1.0 allows: Date, those of the
// handler, and Content-Length. Server and X-Content-Type-Options are left out, and Connection: close
// too, because an HTTP/1.0 connection closes unless a field says otherwise (RFC 9112 section 9.3). A
// handler sets it as the Parts of a response, and makes sure that the octets are safe in a browser
// that guesses their type.
type Brief []byte

// Len returns the number of octets.
func (b Brief) Len() int64 { return int64(len(b)) }

// WriteParts writes the octets as one piece.
func (b Brief) WriteParts(w httpwire.PartWriter) error { return w.WritePart(b) }

// isBrief reports whether the body of the response is a Brief.
func (c *conn) isBrief() bool {
	_, ok := c.resp.Parts.(Brief)
	return ok
}

// A Stream is the body of a response that is made while it is sent, such as a sequence of events. It
// has no Content-Length: the close of the connection ends it (RFC 1945 section 7.2.2). A handler sets
// it as the Parts of a response.
type Stream interface {
	httpwire.Parts

	// Next waits for the next octets of the body, and reports false if there are none. It returns
	// soon after stop is closed. It is called again when the client has taken the octets. The server
	// does not change them.
	Next(stop <-chan struct{}) (octets []byte, ok bool)

	// Close is called when the response is over, for whatever reason.
	Close()
}

// Streamed is embedded in a Stream. Its methods say that no octet is known in advance, and that there
// is nothing to close.
type Streamed struct{}

func (Streamed) Len() int64                           { return 0 }
func (Streamed) WriteParts(httpwire.PartWriter) error { return nil }
func (Streamed) Close()                               {}

// stream returns the body of the response if it is a Stream.
func (c *conn) stream() Stream {
	s, _ := c.resp.Parts.(Stream)
	return s
}

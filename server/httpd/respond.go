package httpd

import (
	"errors"
	"log/slog"
	"strconv"
	"time"

	"rawhttp/httpwire"
)

// Every response is made here, refusals too. So each head has a Date, and no response has a body where none
// is allowed.

// A bodyPath says how the body of a response gets to the client.
type bodyPath int

const (
	bodyCopied   bodyPath = iota // to c.out, after the head
	bodyLeftOut                  // the method is HEAD
	bodyLong                     // sent immediately (sendBody), and counts for Limits.InFlight
	bodyStreamed                 // sent as it is made (sendStream)
)

// bodyPath says how the body of the present response gets to the client.
func (c *conn) bodyPath() bodyPath {
	length := c.resp.Len()
	switch _, isStream := c.resp.Parts.(Stream); {
	case string(c.req.Method) == "HEAD":
		return bodyLeftOut
	case length >= longBody:
		return bodyLong
	case length < 0 && isStream:
		return bodyStreamed
	}
	return bodyCopied
}

// respond appends the response to what is sent next, and reports whether the connection goes on. It sends a
// long body immediately. If too many long bodies are being sent, it responds with 503 instead. If not even a 500
// can be sent, the connection ends without a response.
func (c *conn) respond(keep bool) bool {
	c.now = time.Now() // the handler may have taken long
	if stream, ok := c.resp.Parts.(Stream); ok {
		defer stream.Close()
		keep = false
	}
	keep = keep && c.srv.keepsAlive(c.now)
	path, from := c.bodyPath(), len(c.out)
	if path == bodyLong {
		if data := c.keptData(); c.srv.inFlight.take(data, c.srv.Limits.InFlight) {
			defer c.srv.inFlight.giveBack(data)
		} else {
			c.makeRefusal(503, "The server has no memory for another long response now. Try again in a second.\n")
			path = c.bodyPath()
		}
	}
	if err := c.appendResponse(path, keep); err != nil {
		c.logMistake(err)
		c.makeText(500, "The server made a response that it must not send.\n")
		path, keep = c.bodyPath(), false
		if err := c.appendResponse(path, keep); err != nil { // because of Server.Name: ServeConn does not check it
			c.logMistake(err)
			return false
		}
	}
	c.unsent++
	c.recordResponse(path, len(c.out)-from)
	switch path {
	case bodyLong:
		keep = c.sendLong() && keep
	case bodyStreamed:
		c.sendStream(c.resp.Parts.(Stream))
	}
	c.resp.Body, c.resp.Parts = nil, nil // the next flush may take long, and needs no body in memory
	if len(c.out) >= longBody {          // responses to pipelined requests must not pile up
		keep = c.flush() == nil && keep
	}
	return keep
}

// sendLong sends the response, whose body is long, and reports whether it is sent as a whole.
func (c *conn) sendLong() bool {
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
	return err == nil
}

// logMistake logs what a handler did wrong.
func (c *conn) logMistake(err error) {
	c.srv.log(slog.LevelError, "the handler's response cannot be sent",
		slog.Uint64("id", c.id), slog.Any("error", err))
}

// recordResponse counts the response, logs it, and tells the Watch about it. Appended is the number of its octets
// in c.out: all except those of a long body or a Stream.
func (c *conn) recordResponse(path bodyPath, appended int) {
	c.srv.metrics.responses[c.resp.Code].Add(1)
	octets, length := int64(appended), c.resp.Len()
	if path == bodyLong {
		octets += length
	}
	c.logRequest(octets)
	if length < 0 {
		octets = -1
	}
	came := c.in.Octets()
	following := c.in.Count() - c.requestStart - c.length
	c.watch.Responded(c.resp.Code, octets, came[int64(len(came))-following:])
}

// appendResponse appends the head of the response to c.out, and the body if it is copied. A Simple-Response has
// no head, but its code and its fields are checked too. If the response must not be sent, appendResponse returns
// an error and appends nothing.
func (c *conn) appendResponse(path bodyPath, keep bool) error {
	if string(c.req.Method) == "CONNECT" && httpwire.Class(c.resp.Code) == 2 {
		return errors.New("a tunnel would follow a 2xx response to CONNECT")
	}
	from := len(c.out)
	head, err := c.head.appendHead(c.out, c.srv, c.headFacts(keep), c.resp.Fields)
	if err != nil {
		return err
	}
	if !c.req.Simple {
		c.out = head
	}
	if path == bodyCopied {
		err = c.writeBody(false)
	}
	if err != nil {
		c.out = c.out[:from]
	}
	return err
}

// headFacts returns what the head of the response depends on besides its fields.
func (c *conn) headFacts(keep bool) headFacts {
	_, brief := c.resp.Parts.(Brief)
	return headFacts{c.now.Unix(), c.resp.Code, c.resp.Len(), keep, brief}
}

// appendHead appends the head of a response: general fields first, then those of the handler, then those of the
// body (RFC 1945 section 4.2). headCache appends the same octets, faster.
func (s *Server) appendHead(dst []byte, facts headFacts, fields httpwire.Fields) ([]byte, error) {
	if err := check(facts.code, fields); err != nil {
		return dst, err
	}
	now := time.Unix(facts.second, 0)
	head := httpwire.Response{
		StatusLine: httpwire.StatusLine{Code: facts.code, Reason: []byte(httpwire.ReasonPhrase(facts.code))},
		Fields:     make(httpwire.Fields, 0, len(fields)+len(everyResponse)),
		Parts:      unseen(facts.length),
	}
	add := func(name, value string) { head.Fields = head.Fields.Add([]byte(name), []byte(value)) }
	add("Date", string(httpwire.AppendDate(nil, now)))
	if facts.keep {
		add("Connection", "keep-alive")
	} else if !facts.brief {
		add("Connection", "close")
	}
	if s.Name != "" && !facts.brief {
		add("Server", s.Name)
	}
	head.Fields = append(head.Fields, fields...)
	limitLastModified(head.Fields, now)
	if httpwire.BodyAllowed(facts.code) {
		if !facts.brief {
			add("X-Content-Type-Options", "nosniff")
		}
		if facts.length >= 0 {
			add("Content-Length", strconv.FormatInt(facts.length, 10))
		}
	}
	return httpwire.AppendResponseHead(dst, &head, nil) // not HEAD, to which fewer checks apply
}

// unseen is a body of which only the length is known.
type unseen int64

func (u unseen) Len() int64                         { return int64(u) }
func (unseen) WriteParts(httpwire.PartWriter) error { return nil }

// everyResponse are the fields that the server adds to a response; a Brief has some of them.
// X-Content-Type-Options keeps browsers from guessing another type than Content-Type says, for
// example HTML in an echo of plain text (the Fetch standard).
var everyResponse = [...]string{"Date", "Connection", "Server", "X-Content-Type-Options",
	"Content-Length"}

// check returns an error if the handler's response is not a final one, or has one of the fields that the server
// adds. AppendResponseHead makes all other checks.
func check(code int, fs httpwire.Fields) error {
	if code < 200 {
		return errors.New("the status code of a final response is 200 to 599")
	}
	for i := range fs {
		for _, name := range everyResponse {
			if httpwire.EqualFold(fs[i].Name, name) {
				return errors.New("the server adds " + name + " itself")
			}
		}
	}
	return nil
}

// limitLastModified makes Last-Modified no later than Date, as RFC 9110 section 8.8.2.1 requires:
// the representation may have been modified after the request came, or the clock was set back.
func limitLastModified(fs httpwire.Fields, now time.Time) {
	for i := range fs {
		if !httpwire.EqualFold(fs[i].Name, "Last-Modified") {
			continue
		}
		if modified, _ := httpwire.ParseDate(fs[i].Value, now); modified.After(now) {
			fs[i].Value = httpwire.AppendDate(nil, now)
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

// A Stream is the body of a response that is made while it is sent, such as a sequence of events. Its Len is
// negative, so it has no Content-Length: the close of the connection ends it (RFC 1945 section 7.2.2). A handler
// sets it as the Parts of a response. Parts that are not a Stream must not have a negative Len.
type Stream interface {
	httpwire.Parts

	// Next waits for the next octets of the body, and reports false if there are none. It returns
	// soon after stop is closed. It is called again when the client has taken the octets. The server
	// does not change them.
	Next(stop <-chan struct{}) (octets []byte, ok bool)

	// Close is called when the response is over, for whatever reason.
	Close()
}

// Streamed is embedded in a Stream. Its methods say that the length is not known, that no octet is known in
// advance, and that there is nothing to close.
type Streamed struct{}

func (Streamed) Len() int64                           { return -1 }
func (Streamed) WriteParts(httpwire.PartWriter) error { return nil }
func (Streamed) Close()                               {}

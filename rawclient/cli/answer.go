package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
)

// A head is what was learnt from the head of a response.
type head struct {
	code    int
	reason  string
	octets  int // of the head
	framing httpwire.Framing
	closes  bool // the server will close the connection
}

// receive reads the answer and prints it, octet for octet. What ends it before its time is in
// x.cut then.
func (x *exchange) receive() {
	for interim := 0; ; interim++ {
		h := x.head(interim > 0)
		if h == nil {
			return
		}
		if h.framing.Ending != httpwire.EndsInterim {
			x.final(h)
			return
		}
		if interim == httpwire.MaxInterim {
			x.fault("more than %d interim responses, and no final one", httpwire.MaxInterim)
			return
		}
		allowed := ""
		if !x.req.version.AtLeast(1, 1) {
			allowed = ", which a request of HTTP/1.0 must not get"
		}
		x.note("%d %s is an interim response%s; the final one follows (RFC 9110 section 15.2)",
			h.code, h.reason, allowed)
	}
}

// final reads the body of the final answer. A server that refuses a request has no use for the
// rest of it (RFC 1945 section 9.4).
func (x *exchange) final(h *head) {
	x.status = h.code
	if httpwire.Class(h.code) >= 4 {
		if x.sent.stop(); x.sent.n < x.sent.all {
			x.sent.conn.CloseWrite()
		}
	}
	before := x.out.total
	if !x.body(h) {
		return
	}
	if x.opt.verbose {
		x.note("%d %s: head %d octets, body %d octets (%s)",
			h.code, h.reason, h.octets, x.out.total-before, h.framing)
	}
	if h.framing.Ending != httpwire.EndsWhenClosed {
		x.after(h)
	}
}

// head reads and prints a head. It returns nil if there is none to go on with: the answer is then
// at its end.
func (x *exchange) head(goneOn bool) *head {
	if err := x.rd.Wait(); err != nil {
		x.end(err, "no answer came")
		return nil
	}
	m := mender{}
	resp := httpwire.Response{Fields: make(httpwire.Fields, 0, httpwire.MaxResponseFields)}
	for {
		b := x.rd.Buffered()
		if !goneOn && httpwire.IsSimpleResponse(b) {
			x.simple()
			return nil
		}
		n, err := m.consume(b, &resp)
		if err == nil && n <= httpwire.MaxResponseHead {
			return x.learn(&m, &resp, n)
		}
		if !errors.Is(err, httpwire.ErrIncomplete) || len(b) >= httpwire.MaxResponseHead {
			x.unreadable(err)
			return nil
		}
		if err := x.rd.Fill(); err != nil {
			x.cutHead(&m, err)
			return nil
		}
	}
}

// learn prints a head of n octets and takes from it what the rest of the answer hangs on.
func (x *exchange) learn(m *mender, resp *httpwire.Response, n int) *head {
	base := x.out.total
	x.takeHead(n)
	for _, note := range m.notes(base) {
		x.fault("%s", note)
	}
	for i := range resp.Fields {
		x.noteFold(m, &resp.Fields[i], base)
	}
	framing, err := resp.Framing(x.req.method)
	if fault := (*httpwire.SyntaxError)(nil); errors.As(err, &fault) {
		fault = m.relocate(fault)
		fault.Offset += int(base)
		x.fault("%v", fault)
	}
	x.noteFraming(framing, resp)
	x.out.describe(resp)
	return &head{
		code:    resp.Code,
		reason:  safe(string(resp.Reason)),
		octets:  n,
		framing: framing,
		closes: x.req.closes || resp.Fields.Has("Connection", "close") ||
			!resp.Fields.Has("Connection", "keep-alive") &&
				!(resp.Version.AtLeast(1, 1) && x.req.version.AtLeast(1, 1)),
	}
}

// takeHead prints n octets that have come as those of a head.
func (x *exchange) takeHead(n int) {
	b := x.rd.Buffered()[:n]
	x.out.head(b)
	if x.opt.verbose {
		x.mark('<', b)
	}
	x.rd.Body(int64(n))
}

// noteFold tells of a field that goes over several lines: legal in HTTP/1.0, and no more.
func (x *exchange) noteFold(m *mender, f *httpwire.Field, base int64) {
	if !bytes.Contains(f.Value, []byte("\r\n")) {
		return
	}
	line := append(append([]byte(nil), f.Name...), ": "...)
	line = httpwire.AppendUnfolded(line, f.Value)
	x.note("offset %d: a folded field, read as %q (%s)", base+int64(m.original(f.Offset)),
		visible.AppendText(nil, line), httpwire.RuleObsFold.Sections())
}

// noteFraming tells of an end of the response that the fields alone do not show.
func (x *exchange) noteFraming(f httpwire.Framing, resp *httpwire.Response) {
	coded := resp.Fields.Get("Transfer-Encoding") != nil
	switch {
	case f.OtherProtocol(), f.Ending == httpwire.EndsWithHead && coded:
		x.note("%s", explain.Ending(f, resp, x.req.method))
		return
	case resp.Fields.Has("Transfer-Encoding", "chunked"):
		x.noteChunked(f)
	}
	if left := codingsLeft(resp.Fields); x.opt.decode && len(left) > 0 {
		x.note("the transfer coding %s is left: -decode removes chunks and no other coding "+
			"(RFC 9112 section 7)", safe(strings.Join(left, ", ")))
	}
}

// codingsLeft returns the transfer codings that remain once the chunks are removed.
func codingsLeft(fs httpwire.Fields) (left []string) {
	for value := range fs.Values("Transfer-Encoding") {
		for member := range bytes.SplitSeq(httpwire.AppendUnfolded(nil, value), []byte(",")) {
			coding := strings.Trim(string(member), " \t")
			if coding != "" && !strings.EqualFold(coding, "chunked") {
				left = append(left, coding)
			}
		}
	}
	return left
}

func (x *exchange) noteChunked(f httpwire.Framing) {
	asked := ""
	if !x.req.version.AtLeast(1, 1) {
		asked = ", though a request of HTTP/1.0 cannot have asked for that"
	}
	shown, end := "they are shown as they came", "their last one ends it"
	if x.opt.decode {
		shown = "-decode leaves their framing out"
	}
	if f.Ending == httpwire.EndsWhenClosed {
		shown, end = "they are shown as they came", "only the close can end it"
	}
	x.note("the body is in chunks%s; %s, and %s (RFC 9112 section 6.1)", asked, shown, end)
}

// cutHead deals with a response that ends inside its head, if only after the first letter of HTTP:
// what may still become a status-line is no Simple-Response.
func (x *exchange) cutHead(m *mender, err error) {
	n := len(x.rd.Buffered())
	for _, note := range m.notes(x.out.total) {
		x.fault("%s", note)
	}
	x.takeHead(n)
	x.end(err, fmt.Sprintf("incomplete: %s of the head, and no empty line that ends it",
		explain.OctetCount(int64(n))))
}

// unreadable deals with a head that no repair makes readable: nothing says where it ends, so all
// there is is shown.
func (x *exchange) unreadable(err error) {
	if err == nil || errors.Is(err, httpwire.ErrIncomplete) {
		x.fault("the head has no end within %d octets; what came is shown as it is",
			httpwire.MaxResponseHead)
	} else {
		x.fault("the head cannot be read; what came is shown as it is")
	}
	x.takeHead(len(x.rd.Buffered()))
	x.unframed()
}

// unframed prints what comes when nothing says where it ends, up to the close or some silence.
func (x *exchange) unframed() {
	x.line.impatient = true
	if _, err := x.pass(toTheEnd); err != io.EOF && !errors.Is(err, errSilent) {
		x.end(err, "no more came")
	}
}

// simple reads a Simple-Response: no head, all octets are the body. It may be no HTTP at all, or a
// status-line that is misspelled, which the octets up to the status code tell.
func (x *exchange) simple() {
	_, err := httpwire.LooksLikeStatusLine(x.rd.Buffered())
	undecided, end := err != nil, error(nil)
	for end == nil && (undecided || len(x.rd.Buffered()) < 16) {
		end = x.rd.Fill()
		_, err = httpwire.LooksLikeStatusLine(x.rd.Buffered())
		undecided = err != nil
	}
	b := x.rd.Buffered()
	if foreign := explain.Foreign(b); foreign != "" {
		x.fault("%s", foreign)
		x.unframed()
		return
	}
	if like := explain.LikeStatusLine(b); like != "" {
		x.fault("%s, but it is none; what came is shown as it is", like)
		x.unframed()
		return
	}
	unasked := ""
	if x.req.version.AtLeast(1, 1) {
		unasked = "; a server of HTTP/1.1 sends a status-line"
	}
	x.note("HTTP/0.9 response: there is no status line, all octets are the body "+
		"(RFC 1945 section 6)%s", unasked)
	if _, err := x.pass(toTheEnd); err != io.EOF {
		x.end(err, "incomplete: a body without a length ends with the close")
	}
}

// after looks at what comes after a complete response, for a while: octets, which are no second
// response (RFC 9112 section 6.3), the close, or nothing.
func (x *exchange) after(h *head) {
	came := int64(len(x.rd.Buffered()))
	x.take(int(came))
	start, err := time.Now(), error(nil)
	var until time.Time
	if !x.opt.wait {
		until = start.Add(x.watch())
	}
	for buf := make([]byte, 4<<10); err == nil && came < maxSurplus; {
		var n int
		n, err = x.line.linger(buf, until)
		x.out.body(buf[:n])
		came += int64(n)
	}
	if h.framing.OtherProtocol() {
		x.noteProtocol(came)
	} else {
		x.noteSurplus(came)
	}
	x.noteClose(h, err, time.Since(start))
}

// watch is for how long a connection is watched after the response: long enough for octets that are
// on their way.
func (x *exchange) watch() time.Duration {
	return share(x.opt.timeout, 20, 500*time.Millisecond)
}

// maxSurplus bounds what is read after a response.
const maxSurplus = 1 << 20

// noteProtocol tells of octets that are no HTTP any more, and of no fault.
func (x *exchange) noteProtocol(n int64) {
	if n > 0 {
		x.note("%s came and are shown", explain.OtherProtocol(n, x.req.method))
	}
}

func (x *exchange) noteSurplus(n int64) {
	switch {
	case n == 0:
	case x.req.more:
		x.note("surplus: %s after the end of the response; the request had octets after its end "+
			"too, so they may be another response", explain.OctetCount(n))
	default:
		x.fault("surplus: %s after the end of the response, which belong to nothing (%s)",
			explain.OctetCount(n), httpwire.RuleSurplus.Sections())
	}
}

// noteClose says what was seen of the connection after a complete response.
func (x *exchange) noteClose(h *head, err error, after time.Duration) {
	took, watched := "", fmt.Sprintf(" (watched for %s)", x.watch())
	if x.opt.wait {
		took = fmt.Sprintf(" after %s", after.Round(time.Millisecond))
		watched = took
	}
	switch {
	case err == io.EOF && (x.opt.wait || x.opt.verbose || !h.closes):
		x.note("the server closed the connection%s", took)
	case err == io.EOF:
	case isReset(err):
		x.note("the response is complete; then the server reset the connection%s", took)
	case errors.Is(err, context.Canceled):
		x.note("the response is complete; waiting for the close was interrupted%s", took)
	case h.closes && !h.framing.OtherProtocol():
		x.note("the response is complete, and the server has not closed the connection%s", took)
	default:
		x.note("the response is complete; the server keeps the connection open%s", watched)
	}
}

// end notes what came of the answer before err ended it.
func (x *exchange) end(err error, what string) {
	if x.cut = err; x.out.err != nil {
		return // that is the reason, and is told
	}
	x.note("%s: %s", what, x.reason(err))
}

// reason tells the ways apart in which the octets end.
func (x *exchange) reason(err error) string {
	switch {
	case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
		return "the server closed the connection"
	case isReset(err):
		return "the server reset the connection"
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("time ran out (-timeout %s)", x.opt.timeout)
	case errors.Is(err, context.Canceled):
		return "interrupted"
	}
	return err.Error()
}

var errSilent = errors.New("silence")

// tellIdle says what is being waited for when nothing has come for a while.
func (x *exchange) tellIdle() {
	if came := max(x.rd.Count(), x.out.total); came > 0 {
		x.say("waiting: %d octets have come, and the answer is not complete", came)
		return
	}
	_, err := httpwire.RequestSpans(nil, x.req.octets)
	short := (*httpwire.IncompleteError)(nil)
	state := "the request is complete, so it is the server's turn"
	switch {
	case errors.As(err, &short):
		state = "the request is not complete, the server waits for " + short.Rule.Want()
	case err != nil:
		state = "the request breaks a rule: " + err.Error()
	}
	x.say("waiting for an answer; %s", state)
}

package rawserver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"sync/atomic"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/stream"
	"rawhttp/httpwire/visible"
	"rawhttp/rawclient/wireclient"
)

const (
	giveWayTime = 500 * time.Millisecond // for a silent client while another waits
	closeTime   = 2 * time.Second        // for the close of the client after the response
	afterMost   = 1 << 20                // octets that are read and dropped after a request
)

// An incoming is a connection that a client has opened, and the request on it.
type incoming struct {
	server *Server
	conn   *net.TCPConn
	kept   []byte    // the first octets, at most server.Keep
	shown  int       // how many of kept have been shown
	total  int64     // octets received
	until  time.Time // when the client must have sent its request; set when its first octet has arrived
	rd     *stream.Reader

	end    int64          // the offset of the octet after the request
	fault  error          // of a request that can be read to its end, and that a server refuses
	chunks *stream.Chunks // nil unless the body is in chunks
	left   int64          // octets of this chunk that have not been read
	data   int64          // octets of data in the chunks so far

	received  atomic.Bool // the client has sent something
	responded atomic.Bool // the response is being sent, or the connection ends without one
	ended     atomic.Bool // the next client can be served
}

// receive reads a request and shows its lines as they arrive. It reports whether a response is due.
func (in *incoming) receive() bool {
	in.conn.SetReadDeadline(time.Now().Add(in.server.Timeout)) // giveWay may make it earlier
	in.rd = stream.NewReader(in)
	var req httpwire.Request
	err := in.rd.RequestHead(&req, true)
	var length int64
	if err == nil {
		in.fault = req.Check()
		length, err = req.BodyLength()
	}
	fault, broken := errors.AsType[*httpwire.SyntaxError](err)
	if broken && fault.Rule == httpwire.RuleTransferCoding {
		err = in.receiveChunks()
	}
	head := in.rd.Consumed()
	in.end = head + min(length, math.MaxInt64-head)
	if err == nil {
		err = in.receiveUntil(in.end)
	}
	in.show(len(in.kept))
	if more := in.total - int64(in.shown); more > 0 {
		in.notice("and %d more octets", more)
	}
	return in.verdict(err)
}

// receiveUntil reads until total octets of the connection have been received.
func (in *incoming) receiveUntil(total int64) error {
	buf := make([]byte, 16<<10)
	for in.total < total {
		if _, err := in.Read(buf); err != nil {
			return err
		}
	}
	return nil
}

// receiveChunks reads a chunked body. It reads the data in pieces, so that a large chunk takes no memory.
func (in *incoming) receiveChunks() error {
	in.chunks = &stream.Chunks{Reader: in.rd}
	buf := make([]byte, 16<<10)
	for in.chunks.Next() {
		for in.left = in.chunks.Size; in.left > 0; {
			n, err := in.rd.Read(buf[:min(in.left, int64(len(buf)))])
			if err != nil {
				return err
			}
			in.left -= int64(n)
			in.data += int64(n)
		}
	}
	return in.chunks.Err
}

// verdict says how the request ended, and reports whether a response is due.
func (in *incoming) verdict(err error) bool {
	fault := (*httpwire.SyntaxError)(nil)
	switch {
	case err == nil:
		in.sayComplete()
		return true
	case errors.As(err, &fault) && fault.Offset < len(in.kept):
		in.notice("the request cannot be read to its end, and you may respond now\n%s",
			explain.AppendError(nil, in.kept, fault))
		return true
	case fault != nil:
		in.notice("the request cannot be read to its end, and you may respond now")
		in.notice("%v", fault)
		return true
	case in.total == 0 && errors.Is(err, os.ErrDeadlineExceeded):
		in.notice("the client sent nothing, and the connection is closed")
	case errors.Is(err, os.ErrDeadlineExceeded):
		in.notice("%s, and the connection is closed. Received: %s", in.server.TimeIsOver, in.waiting())
	case in.total == 0 && err == io.EOF:
		in.notice("the client closed the connection and sent nothing")
	case in.total == 0 && wireclient.IsReset(err):
		in.notice("the client reset the connection and sent nothing")
	case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
		in.notice("the client closed the connection within its request. Received: %s", in.waiting())
	case wireclient.IsReset(err):
		in.notice("the client reset the connection. Received: %s", in.waiting())
	case !errors.Is(err, net.ErrClosed): // Ctrl-C closes it
		in.notice("the connection failed: %v", err)
	}
	return false
}

// sayComplete says what the complete request is.
func (in *incoming) sayComplete() {
	in.notice("the request is complete: %s", explain.OctetCount(in.end))
	if in.fault != nil {
		in.notice("the request breaks a rule\n%s", explain.AppendError(nil, in.kept, in.fault))
	}
	if in.chunks != nil {
		in.notice("the chunks have %s of data", explain.OctetCount(in.data))
	}
	if in.total > in.end {
		in.notice("%s followed the request", explain.OctetCount(in.total-in.end))
	}
}

func (in *incoming) notice(format string, args ...any) { in.server.Notice(format, args...) }

// waiting says what has been received, and what is awaited.
func (in *incoming) waiting() string {
	if in.chunks != nil {
		awaits := in.chunks.String()
		switch c := in.chunks; {
		case in.left > 0:
			awaits = fmt.Sprintf("%d more of %d octets of chunk %d", in.left, c.Size, c.Number)
		case c.Trailer():
			awaits += ", or the empty line that ends the body"
		}
		return fmt.Sprintf("%s, in the chunked body, waiting for %s", explain.OctetCount(in.total), awaits)
	}
	if in.fault != nil { // the head is complete
		return fmt.Sprintf("%s, in the body, expecting %d more octets of body. The request breaks a rule: %s",
			explain.OctetCount(in.total), in.end-in.total, explain.ErrorLine(in.kept, in.fault))
	}
	return string(explain.AppendWaiting(nil, in.kept, in.total))
}

// listing lists the kept octets of the request.
func (in *incoming) listing() explain.Listing {
	l := explain.Request(in.kept)
	l.Cut("request", in.total)
	return l
}

// Read reads octets, keeps the first of them, and shows the lines that are complete. After a silence
// it says what is awaited.
func (in *incoming) Read(p []byte) (int, error) {
	if in.total > 0 {
		silence := min(in.server.Timeout/2, 2*time.Second)
		in.conn.SetReadDeadline(time.Now().Add(min(silence, time.Until(in.until))))
	}
	n, err := in.conn.Read(p)
	if errors.Is(err, os.ErrDeadlineExceeded) && time.Now().Before(in.until) {
		in.notice("waiting: %s", in.waiting())
		in.conn.SetReadDeadline(in.until)
		n, err = in.conn.Read(p)
	}
	if n > 0 {
		in.keep(p[:n])
	}
	return n, err
}

// giveWay gives a client that has sent nothing little time, because another client waits. Browsers
// open connections before they need them.
func (in *incoming) giveWay() {
	time.AfterFunc(giveWayTime, func() {
		if !in.received.Load() {
			in.conn.SetReadDeadline(time.Now())
		}
	})
}

func (in *incoming) keep(b []byte) {
	if !in.received.Swap(true) {
		in.until = time.Now().Add(in.server.Timeout) // the time is for the request, and not for what preceded it
	}
	in.total += int64(len(b))
	in.kept = append(in.kept, b[:min(len(b), in.server.Keep-len(in.kept))]...)
	if bytes.IndexByte(b, '\n') >= 0 {
		in.show(bytes.LastIndexByte(in.kept, '\n') + 1)
	}
}

// show shows the octets before end that have not been shown, but only the first octets of a body. A secret is
// known by what follows it on its line, so lines are shown when they are complete.
func (in *incoming) show(end int) {
	head := max(0, bytes.Index(in.kept, []byte("\r\n\r\n")))
	end = min(end, head+in.server.ShowBody)
	if end <= in.shown {
		return
	}
	in.server.Out.Write(visible.AppendMarked(nil, '<', basicauth.Redact(in.kept)[in.shown:end]))
	in.shown = end
}

// A closing is how a client ended the connection.
type closing struct {
	octets int64 // that it sent after its request
	err    error // io.EOF if it closed the connection, nil if it did not stop sending
	at     time.Time
}

// awaitClosing reads what the client sends after its request, and says if it closes the connection before
// the response. The closing is sent when the connection has ended.
func (in *incoming) awaitClosing() <-chan closing {
	closed := make(chan closing, 1)
	in.conn.SetReadDeadline(time.Time{})
	go func() {
		n, err := io.Copy(io.Discard, io.LimitReader(in.conn, afterMost))
		if err == nil && n < afterMost {
			err = io.EOF
		}
		did := ""
		switch {
		case err == io.EOF:
			did = "closed the connection, or its sending side,"
		case wireclient.IsReset(err):
			did = "reset the connection"
		}
		if did != "" && !in.responded.Load() {
			in.notice("the client %s while it waited for the first octet of the response", did)
		}
		closed <- closing{n, err, time.Now()}
	}()
	return closed
}

// finish waits until the client closes the connection, and says how it ended.
func (in *incoming) finish(closed <-chan closing) {
	start := time.Now()
	in.conn.SetReadDeadline(start.Add(closeTime))
	client := <-closed
	if client.octets > 0 {
		in.notice("%s followed the request", explain.OctetCount(client.octets))
	}
	after := max(0, client.at.Sub(start)).Round(time.Millisecond)
	switch {
	case client.err == nil:
		in.notice("the client did not stop sending: the connection is closed now")
	case client.err == io.EOF:
		in.notice("the client closed the connection after %s", after)
	case wireclient.IsReset(client.err):
		in.notice("the client reset the connection after %s: it did not read everything", after)
	case errors.Is(client.err, os.ErrDeadlineExceeded):
		in.notice("the client has not closed the connection after %s: it is closed now", closeTime)
	case !errors.Is(client.err, net.ErrClosed):
		in.notice("the connection failed: %v", client.err)
	}
}

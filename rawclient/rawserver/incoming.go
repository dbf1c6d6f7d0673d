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
	keepMost    = 256 << 10              // octets of a request that are kept
	bodyShown   = 2 << 10                // octets of a body that are shown as they arrive
	giveWayTime = 500 * time.Millisecond // for a silent client while another waits
	closeTime   = 2 * time.Second        // for the close of the client after the response
	afterMost   = 1 << 20                // octets that are read and dropped after a request
)

// An incoming is a connection that a client has opened, and the request on it.
type incoming struct {
	*Server
	conn  *net.TCPConn
	kept  []byte    // the first keepMost octets
	shown int       // how many of kept have been shown
	total int64     // octets received
	until time.Time // when the client must have sent its request; set when its first octet has arrived
	rd    *stream.Reader

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
	in.conn.SetReadDeadline(time.Now().Add(in.Timeout)) // giveWay may make it earlier
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
		in.Notice("and %d more octets", more)
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
		in.Notice("the request is complete: %s", explain.OctetCount(in.end))
		if in.fault != nil {
			in.Notice("the request breaks a rule")
			in.Err.Write(explain.AppendError(nil, in.kept, in.fault))
		}
		if in.chunks != nil {
			in.Notice("the chunks have %s of data", explain.OctetCount(in.data))
		}
		if in.total > in.end {
			in.Notice("%s followed the request", explain.OctetCount(in.total-in.end))
		}
		return true
	case errors.As(err, &fault):
		in.Notice("the request cannot be read to its end, and you may respond now")
		if fault.Offset < len(in.kept) {
			in.Err.Write(explain.AppendError(nil, in.kept, fault))
		} else {
			in.Notice("%v", fault)
		}
		return true
	case in.total == 0 && errors.Is(err, os.ErrDeadlineExceeded):
		in.Notice("the client sent nothing, and the connection is closed")
	case errors.Is(err, os.ErrDeadlineExceeded):
		in.Notice("the time is over (-timeout %s), and the connection is closed. Received: %s",
			in.Timeout, in.waiting())
	case in.total == 0 && err == io.EOF:
		in.Notice("the client closed the connection and sent nothing")
	case in.total == 0 && wireclient.IsReset(err):
		in.Notice("the client reset the connection and sent nothing")
	case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
		in.Notice("the client closed the connection within its request. Received: %s", in.waiting())
	case wireclient.IsReset(err):
		in.Notice("the client reset the connection. Received: %s", in.waiting())
	case !errors.Is(err, net.ErrClosed): // Ctrl-C closes it
		in.Notice("the connection failed: %v", err)
	}
	return false
}

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
		silence := min(in.Timeout/2, 2*time.Second)
		in.conn.SetReadDeadline(time.Now().Add(min(silence, time.Until(in.until))))
	}
	n, err := in.conn.Read(p)
	if errors.Is(err, os.ErrDeadlineExceeded) && time.Now().Before(in.until) {
		in.Notice("waiting: %s", in.waiting())
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
		in.until = time.Now().Add(in.Timeout) // the time is for the request, and not for what preceded it
	}
	in.total += int64(len(b))
	in.kept = append(in.kept, b[:min(len(b), keepMost-len(in.kept))]...)
	if bytes.IndexByte(b, '\n') >= 0 {
		in.show(bytes.LastIndexByte(in.kept, '\n') + 1)
	}
}

// show shows the octets before end that have not been shown. A secret is known by what follows it on
// its line, so lines are shown when they are complete.
func (in *incoming) show(end int) {
	end = min(end, len(excerpt(in.kept)))
	if end <= in.shown {
		return
	}
	in.Out.Write(visible.AppendMarked(nil, '<', basicauth.Redact(in.kept)[in.shown:end]))
	in.shown = end
}

// A watch is what a client did after its request.
type watch struct {
	octets int64 // that it sent
	err    error // io.EOF if it closed the connection, nil if it did not stop sending
	at     time.Time
}

// watch reads what the client sends after its request, and says if it closes the connection before
// the response. The watch is sent when the connection has ended.
func (in *incoming) watch() <-chan watch {
	ended := make(chan watch, 1)
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
			if in.Type != nil {
				io.WriteString(in.Err, "\n") // after the prompt
			}
			in.Notice("the client %s while it waited for the first octet of the response", did)
		}
		ended <- watch{n, err, time.Now()}
	}()
	return ended
}

// finish waits until the client closes the connection, and says how it ended.
func (in *incoming) finish(ended <-chan watch) {
	start := time.Now()
	in.conn.SetReadDeadline(start.Add(closeTime))
	w := <-ended
	if w.octets > 0 {
		in.Notice("%s followed the request", explain.OctetCount(w.octets))
	}
	after := max(0, w.at.Sub(start)).Round(time.Millisecond)
	switch {
	case w.err == nil:
		in.Notice("the client did not stop sending: the connection is closed now")
	case w.err == io.EOF:
		in.Notice("the client closed the connection after %s", after)
	case wireclient.IsReset(w.err):
		in.Notice("the client reset the connection after %s: it did not read everything", after)
	case errors.Is(w.err, os.ErrDeadlineExceeded):
		in.Notice("the client has not closed the connection after %s: it is closed now", closeTime)
	case !errors.Is(w.err, net.ErrClosed):
		in.Notice("the connection failed: %v", w.err)
	}
}

// excerpt returns the head of a message and the first bodyShown octets of its body.
func excerpt(b []byte) []byte {
	head := bytes.Index(b, []byte("\r\n\r\n"))
	return b[:min(len(b), max(head, 0)+bodyShown)]
}

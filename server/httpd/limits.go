package httpd

import (
	"flag"
	"fmt"
	"math"
	"time"

	"rawhttp/httpwire"
)

// Limits are what a client may use up. Sizes are octets. Every time but SendTime runs from a first
// octet to a last one, so trickling octets gains no extra time.
//
// Memory is bounded by them: a connection that waits holds no more than its goroutine, one with a
// request under way a head and a body at most, and while that body grows half of it once more. What
// is copied to be sent is short, and all that is sent from where it is has InFlight together; only
// a single response that is longer is sent alone. What the program keeps in any case, such as the
// addresses, counts there as well while it is sent, since it may be replaced meanwhile.
type Limits struct {
	Line   int   // of the request-line, without CR LF (414)
	Head   int   // of request-line, fields and empty line (431)
	Fields int   // in a head (431)
	Body   int64 // of a request (413)

	HeadTime time.Duration // for a head, from its first octet (408)
	BusyTime time.Duration // the same, and for the first octet of a body, once more than half of
	// the connections are taken
	BodyTime time.Duration // for a body, from the end of its head (408)
	IdleTime time.Duration // between two requests
	SendTime time.Duration // for the next octets of a response to be taken
	SendRate int64         // octets a second that have to be taken after SendTime
	InFlight int64         // octets of all long responses that were not taken yet (503)

	Drain     int64         // of input thrown away before closing
	DrainTime time.Duration // spent on it

	Conns int // at a time; the next one takes the place of one that waits, or gets a 503
}

// DefaultLimits are patient with people who type, and strict once there is a crowd.
var DefaultLimits = Limits{
	Line: 8 << 10, Head: 64 << 10, Fields: httpwire.DefaultFields, Body: 1 << 20,
	HeadTime: 60 * time.Second, BusyTime: 5 * time.Second, BodyTime: 30 * time.Second,
	IdleTime: 30 * time.Second,
	SendTime: 30 * time.Second, SendRate: 16 << 10, InFlight: 256 << 20,
	Drain: 8 << 20, DrainTime: 2 * time.Second,
	Conns: 1024,
}

// A bound is one of the Limits, as a flag of a command line, and from
// where to where it makes sense.
type bound struct {
	name, help  string
	value       any // *int, *int64 or *time.Duration
	least, most int64
}

// The shortest request is  GET / HTTP/1.0  and an empty line; only one of HTTP/0.9 is shorter.
// Room for the fields of a head is taken before they come, so there is a most of them.
const (
	leastLine  = len("GET / HTTP/1.0")
	leastHead  = leastLine + len("\r\n\r\n")
	mostFields = 10_000
	leastTime  = int64(time.Millisecond)
)

// table is all that a command line can say of l. The words are those of its page of help.
func (l *Limits) table() []bound {
	const noMost = math.MaxInt64
	return []bound{
		{"line", "`octets` of a request-line; the answer to more is 414", &l.Line,
			int64(leastLine), noMost},
		{"head", "`octets` of a head; 431", &l.Head, int64(leastHead), noMost},
		{"fields", "`number` of fields in a head; 431", &l.Fields, 1, mostFields},
		{"body", "`octets` of the body of a request; 413", &l.Body, 1, noMost},
		{"head-time", "`time` for a head, from its first octet; 408", &l.HeadTime, leastTime, noMost},
		{"busy-time", "`time` for it, and for the first octet of a body, once more than half of -conns " +
			"are taken; 408", &l.BusyTime, leastTime, noMost},
		{"body-time", "`time` for a body; 408", &l.BodyTime, leastTime, noMost},
		{"idle-time", "`time` between two requests; then the connection is closed", &l.IdleTime,
			leastTime, noMost},
		{"send-time", "`time` in which a client takes nothing of a response; then it is cut off",
			&l.SendTime, leastTime, noMost},
		{"send-rate", "`octets` a second that a client takes at least, once -send-time is over",
			&l.SendRate, 1, noMost},
		{"in-flight", "`octets` of all responses that clients have not taken yet; the answer to more " +
			"is 503", &l.InFlight, 1, noMost},
		{"drain", "`octets` read and thrown away after a response, so that it arrives", &l.Drain,
			1, noMost},
		{"drain-time", "`time` spent on that", &l.DrainTime, leastTime, noMost},
		{"conns", "`number` of connections at a time; the next one takes the place of one that has " +
			"waited for a second, or gets a 503", &l.Conns, 1, noMost},
	}
}

// Flags defines a flag for each limit, its default what the limit is now.
func (l *Limits) Flags(fs *flag.FlagSet) {
	for _, row := range l.table() {
		switch v := row.value.(type) {
		case *int:
			fs.IntVar(v, row.name, *v, row.help)
		case *int64:
			fs.Int64Var(v, row.name, *v, row.help)
		case *time.Duration:
			fs.DurationVar(v, row.name, *v, row.help)
		}
	}
}

// Check returns a sentence about the first limit under which nothing could be served, or the server
// itself could not live, if there is one.
func (l *Limits) Check() error {
	for _, row := range l.table() {
		var has int64
		show := func(n int64) any { return n }
		switch v := row.value.(type) {
		case *int:
			has = int64(*v)
		case *int64:
			has = *v
		case *time.Duration:
			has = int64(*v)
			show = func(n int64) any { return time.Duration(n) }
		}
		if has < row.least {
			return fmt.Errorf("nothing could be served with  -%s %v: make it %v at least",
				row.name, show(has), show(row.least))
		}
		if has > row.most {
			return fmt.Errorf("-%s %v takes too much memory: make it %v at most",
				row.name, show(has), show(row.most))
		}
	}
	return nil
}

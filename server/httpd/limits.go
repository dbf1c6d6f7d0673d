package httpd

import (
	"cmp"
	"fmt"
	"time"

	"rawhttp/httpwire"
)

// Limits limit what a client may use up. Sizes are octets. The time for a head is for all of its octets
// together, and so is the time for a body. So a client that sends slowly gains no time. The number in
// brackets is the status code of the response if a limit is exceeded.
//
// The limits bound the memory too. A connection that waits uses little more memory than its goroutine. One
// with a request holds at most a head and a body, and half a body more while that grows. Short
// responses are copied to be sent. Long ones take 64 KiB each while they are sent, and all of them
// together have at most InFlight octets. A response that is longer than that is sent only if no other long
// response is being sent. The addresses of a list that is being sent count too, because they may be replaced
// meanwhile.
type Limits struct {
	Line   int   // of the request-line, without CR LF (414)
	Head   int   // of request-line, fields and empty line (431)
	Fields int   // in a head (431)
	Body   int64 // of a request (413)

	HeadTime time.Duration // for a head, from its first octet (408), and for the first octet of a connection
	BusyTime time.Duration // for a head, and for the first octet of a body, if the server is busy (408)
	BodyTime time.Duration // for a body, from the end of its head (408)
	IdleTime time.Duration // between two requests
	SendTime time.Duration // how long a response may wait until its client takes it
	SendRate int64         // octets of a response that give a client one second of SendTime back
	InFlight int64         // octets of all long responses (503) and events that clients have not taken yet

	Drain     int64         // octets read and dropped before the close
	DrainTime time.Duration // for reading the octets of Drain

	Conns int // connections at a time; the next one takes the place of one that waits, or is refused (503)
}

// DefaultLimits give people time to type, and less time when there are many connections.
var DefaultLimits = Limits{
	Line: 8 << 10, Head: 64 << 10, Fields: httpwire.DefaultFields, Body: 1 << 20,
	HeadTime: 60 * time.Second, BusyTime: 5 * time.Second, BodyTime: 30 * time.Second,
	IdleTime: 30 * time.Second,
	SendTime: 30 * time.Second, SendRate: 16 << 10, InFlight: 256 << 20,
	Drain: 8 << 20, DrainTime: 2 * time.Second,
	Conns: 1024,
}

// The shortest request is  GET / HTTP/1.0  and an empty line. Storage for the fields of a head is
// allocated before they come, so their number has a maximum.
const (
	leastLine  = len("GET / HTTP/1.0")
	leastHead  = leastLine + len("\r\n\r\n")
	leastTime  = time.Millisecond
	mostFields = 10_000
)

// Check returns a *LimitError if a limit is too small to serve anything or too large to work.
func (l *Limits) Check() error {
	return cmp.Or(
		atLeast("Line", l.Line, leastLine),
		atLeast("Head", l.Head, leastHead),
		atLeast("Fields", l.Fields, 1), atMost("Fields", l.Fields, mostFields),
		atLeast("Body", l.Body, 1),
		atLeast("HeadTime", l.HeadTime, leastTime),
		atLeast("BusyTime", l.BusyTime, leastTime),
		atLeast("BodyTime", l.BodyTime, leastTime),
		atLeast("IdleTime", l.IdleTime, leastTime),
		atLeast("SendTime", l.SendTime, leastTime),
		atLeast("SendRate", l.SendRate, 1),
		atLeast("InFlight", l.InFlight, 1),
		atLeast("Drain", l.Drain, 1),
		atLeast("DrainTime", l.DrainTime, leastTime),
		atLeast("Conns", l.Conns, 1),
	)
}

func atLeast[T int | int64 | time.Duration](limit string, value, least T) error {
	if value < least {
		return &LimitError{Limit: limit, Value: fmt.Sprint(value), Bound: fmt.Sprint(least)}
	}
	return nil
}

func atMost(limit string, value, most int) error {
	if value > most {
		return &LimitError{Limit: limit, Value: fmt.Sprint(value), Bound: fmt.Sprint(most), TooLarge: true}
	}
	return nil
}

// A LimitError says that a limit cannot be used.
type LimitError struct {
	Limit        string // the name of the field of Limits
	Value, Bound string // what it is, and the least or the largest value that it can have
	TooLarge     bool   // it takes too much memory; otherwise it is too little to serve anything
}

// Error returns one line, with the value to use instead.
func (e *LimitError) Error() string {
	if e.TooLarge {
		return fmt.Sprintf("%s %s takes too much memory: the most is %s", e.Limit, e.Value, e.Bound)
	}
	return fmt.Sprintf("%s %s is too little to serve anything: the least is %s", e.Limit, e.Value, e.Bound)
}

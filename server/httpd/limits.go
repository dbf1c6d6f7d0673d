package httpd

import (
	"flag"
	"fmt"
	"reflect"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/commandline"
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

	HeadTime time.Duration // for a head, from its first octet (408)
	BusyTime time.Duration // for a head, and for the first octet of a body, if the server is busy (408)
	BodyTime time.Duration // for a body, from the end of its head (408)
	IdleTime time.Duration // between two requests
	SendTime time.Duration // how long a response may wait until its client takes it
	SendRate int64         // octets of a response that give a client one second of SendTime back
	InFlight int64         // octets of all long responses that clients have not taken yet (503)

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

// A bound is one of the Limits as a flag: its help and its least value.
type bound struct {
	name, help string
	value      any // *int, *int64 or *time.Duration
	least      any
}

// The shortest request is  GET / HTTP/1.0  and an empty line. Storage for the fields of a head is
// allocated before they come, so their number has a maximum.
const (
	leastLine  = len("GET / HTTP/1.0")
	leastHead  = leastLine + len("\r\n\r\n")
	leastTime  = time.Millisecond
	mostFields = 10_000
)

// table has a row for each limit. The server's help and README are made from it.
func (l *Limits) table() []bound {
	return []bound{
		{"line", "`octets` of a request-line; 414", &l.Line, leastLine},
		{"head", "`octets` of a head; 431", &l.Head, leastHead},
		{"fields", "`number` of fields in a head; 431", &l.Fields, 1},
		{"body", "`octets` of the body of a request; 413", &l.Body, 1},
		{"head-time", "`time` for a head, from its first octet; 408", &l.HeadTime, leastTime},
		{"busy-time", "`time` for a head, and for the first octet of a body, if more than half of -conns " +
			"are taken; 408", &l.BusyTime, leastTime},
		{"body-time", "`time` for a body; 408", &l.BodyTime, leastTime},
		{"idle-time", "`time` between two requests; then the server closes the connection", &l.IdleTime, leastTime},
		{"send-time", "`time` that a response may wait until its client takes it; then the server closes " +
			"the connection", &l.SendTime, leastTime},
		{"send-rate", "`octets` of a response that give a client one second of -send-time back", &l.SendRate, 1},
		{"in-flight", "`octets` of all long responses that clients have not taken yet; 503", &l.InFlight, 1},
		{"drain", "`octets` that are read and dropped after the last response, so that the response arrives", &l.Drain, 1},
		{"drain-time", "`time` for reading the octets of -drain", &l.DrainTime, leastTime},
		{"conns", "`number` of connections at a time; the next one takes the place of one that has " +
			"waited for a second, or gets a 503", &l.Conns, 1},
	}
}

// Flags defines a flag for each limit. Its default is the present value.
func (l *Limits) Flags(fs *flag.FlagSet) {
	for _, row := range l.table() {
		switch v := row.value.(type) {
		case *int:
			fs.IntVar(v, row.name, *v, row.help)
		case *int64:
			fs.Int64Var(v, row.name, *v, row.help)
		case *time.Duration:
			fs.Var((*commandline.Duration)(v), row.name, row.help)
		}
	}
}

// Check returns an error, a sentence, if a limit is too small to serve anything or too large to work.
func (l *Limits) Check() error {
	for _, row := range l.table() {
		if v := reflect.ValueOf(row.value).Elem(); v.Int() < reflect.ValueOf(row.least).Int() {
			return fmt.Errorf("-%s %v is too little to serve anything: write %v or more", row.name, v, row.least)
		}
	}
	if l.Fields > mostFields {
		return fmt.Errorf("-fields %d takes too much memory: write %d or less", l.Fields, mostFields)
	}
	return nil
}

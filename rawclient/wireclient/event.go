package wireclient

import (
	"time"

	"rawhttp/httpwire"
)

// An Event is a *Silence, *Head, *Data, *Broken, *End or *Close. Its octets are valid until the handler
// returns.
type Event interface{ event() }

func (*Silence) event() {}
func (*Head) event()    {}
func (*Data) event()    {}
func (*Broken) event()  {}
func (*End) event()     {}
func (*Close) event()   {}

// A Silence means that nothing was received for Exchange.Silence. If Exchange.Watch is 0, it can also mean that
// the server has not closed the connection after a complete response, for Exchange.Silence or a second,
// whichever is shorter.
type Silence struct {
	Received int64 // octets so far
	Sending  bool  // the request is still being sent
	InHead   bool  // the last octets are of a head that is not complete
	Complete bool  // the response is complete, and the server has not closed the connection
}

// A Head is the head of an interim response or of the final one.
type Head struct {
	Octets   []byte             // as received
	Offset   int64              // of the first of them, among all octets received
	Response *httpwire.Response // nil if the head cannot be read, is cut short, or is not there
	Framing  httpwire.Framing
	Simple   bool     // HTTP/0.9: there is no head
	Repairs  []string // which rules the octets break, and how they were read
	Fault    error    // of the fields that say where the body ends; nil if there is none
	Closes   bool     // the server will close the connection

	repairer *repairer
}

// FieldOffset returns the offset of a field of the Response, among all octets received. The Offset of
// the field itself counts in the copy of the head that has the repairs.
func (h *Head) FieldOffset(f *httpwire.Field) int64 {
	return h.Offset + int64(h.repairer.original(f.Offset))
}

// A Data has octets that follow a head.
type Data struct {
	Octets  []byte
	Framing bool // they are the framing of chunks, and not of the body itself
}

// A Broken means that nothing says where the response ends. Err says why: it is an *explain.ForeignError if
// the server speaks another protocol. The octets up to the close follow as Data, except after too many interim
// responses: then nothing more is read.
type Broken struct{ Err error }

// An End is the end of the response. Every exchange has one, unless the handler fails.
type End struct {
	Err  error  // what cut it short; nil if it is complete, or was Broken
	What string // how much of the response came, in a clause; "" if Err is nil
}

// A Close is what happened to the connection after a complete response. Err is io.EOF if the server closed it.
// It wraps os.ErrDeadlineExceeded if Exchange.Watch was over before that. It is nil if 1 MiB of surplus came.
// Any other error comes from the connection or from the context.
type Close struct {
	Surplus int64 // octets received after the response
	Err     error
	After   time.Duration // the time from the end of the response until then
}

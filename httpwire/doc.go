// Package httpwire reads and writes the wire format of HTTP/1.0: octets in, values out, and back.
// It does no I/O, knows no clock, starts no goroutine and allocates nothing on its way.
//
// One request and one response, as they travel. ␍␊ are the two octets CR LF; everything else is
// the octet it looks like.
//
//	GET /address_book/api/v1.0/addresses/1 HTTP/1.0␍␊   request-line: method, target, version
//	User-Agent: rawclient/1.0␍␊                         field line: name, colon, value
//	␍␊                                                  the empty line: the head ends here
//
//	HTTP/1.0 200 OK␍␊                                   status-line: version, code, reason
//	Content-Type: application/json␍␊                    field lines
//	Content-Length: 26␍␊
//	␍␊                                                  the empty line
//	{"ID": 1, "number": "two"}                          26 octets of body, and then the end
//
// # Terminology
//
// The words are those of RFC 9112. An octet is eight bits on the wire; a field is one line of the
// head; the head is the start line (request-line or status-line) with the fields and the empty line
// behind them; the body is what follows. A production is a line of the grammar; a [Rule] is what
// the table in rule.go describes. A span is a run of octets read under one rule.
//
// # Use
//
// [ConsumeRequestHead] and [ConsumeResponseHead] read a head from the start of a buffer. They have
// three outcomes: a value and its length, [ErrIncomplete] (no rule broken so far, more must follow)
// or a [*SyntaxError] that names offset, octet and rule. [Request.Check] adds the conditions that a
// single production cannot express, and [Request.BodyLength] says how the body is framed.
// [Response.Framing] does both for a response. [AppendRequest] and
// [AppendResponse] write, and read back what they wrote before they let it go. [RequestSpans] and
// [ResponseSpans] read once more with the trace switched on.
//
// What was read consists of views of the buffer: valid until that is written to again, and copied
// by whoever keeps it longer.
//
// Whole messages from a connection are the business of package stream, words for people that of
// package explain.
//
// # Specifications
//
// RFC 1945 (HTTP/1.0) is the protocol spoken. Where it is loose, the narrower grammar of RFC 9112
// and RFC 9110 is read: there is one reading, no mode and no leniency. DECISIONS.md lists each
// choice with its reason and the test that pins it.
//
// # Security
//
// Octets are untrusted. Reading takes time linear in their number and memory that the caller
// brought; a length is a number, never a promise that memory is taken for. Ambiguous framing is
// refused rather than guessed, since a guess is what request smuggling lives on. The writer refuses
// a value that a reader would take for something else.
//
// # Map
//
//	rule.go                          the table of rules
//	octet.go, scan.go, grammar.go    classes of octets, how they are read, what is read
//	error.go, span.go                the other two outcomes; the trace
//	request.go, response.go          the messages: Consume and Append
//	field.go, target.go, framing.go  their parts, and where the body ends
//	date.go, mediatype.go, chunk.go  values and framing that have a grammar of their own
//	value.go                         values of fields, judged and not refused
//	method.go, status.go             the methods and status codes that are known
//	write.go                         the writer and its check
//
// and in packages of their own
//
//	stream       whole messages, however their octets arrive
//	explain      messages and mistakes in words for people
//	condition    If-Match and the like: when not to answer, or not to act
//	basicauth    names and passwords in a field, and how secrets are redacted
package httpwire

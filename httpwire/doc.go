// Package httpwire reads and writes HTTP/1.0 messages as octets, in the format in which they are sent.
//
// It works on byte slices. It does no I/O, reads no clock and starts no goroutine. If the caller
// provides the storage, reading a head and writing a message with a Body allocate no memory.
//
// This is a request and the response to it. ␍␊ stands for the two octets CR LF.
//
//	GET /address_book/api/v1.0/addresses/1 HTTP/1.0␍␊   request-line: method, target, version
//	User-Agent: rawclient/1.0␍␊                         field line: name, colon, value
//	␍␊                                                  empty line: the end of the head
//
//	HTTP/1.0 200 OK␍␊                                   status-line: version, code, reason
//	Content-Type: application/json␍␊                    field lines
//	Content-Length: 26␍␊
//	␍␊                                                  empty line: the end of the head
//	{"ID": 1, "number": "two"}                          body: 26 octets
//
// # Terminology
//
// The terms are those of RFC 9112. An octet is a byte. A field is a header: a name and a value.
// The head is the start-line (the request-line or the status-line), the fields, and the empty line
// that ends them. The body is what follows the head. A production is a rule of the grammar. A
// [Rule] is a production, a condition on a whole head, or a limit. A [Span] is a sequence of octets
// that were read under one rule.
//
// # Reading
//
// [ConsumeRequestHead] and [ConsumeResponseHead] read a head from the start of a buffer. There are
// three outcomes:
//
//   - The head is complete. The function returns its length.
//   - The head is incomplete, and breaks no rule so far. The function returns [ErrIncomplete].
//   - The head breaks a rule. The function returns a [*SyntaxError] with offset, octet and rule.
//
// After that, call [Request.Check] for the conditions on the whole head, and [Request.BodyLength]
// for the length of the body. For a response, [Response.Framing] does both.
//
// The values that were read are slices of the buffer. They are valid until the buffer is written to.
// To keep a value longer, or to append to it, copy it: append would write over the octets that follow
// it in the buffer.
//
// [RequestSpans] and [ResponseSpans] read a whole message and return the rule of each octet.
//
// # Writing
//
// [AppendRequest] and [AppendResponse] append a message to a slice. They read back what they wrote.
// If a reader would understand something other than the caller meant, they return an error and
// write nothing. For example, a value that holds CR LF cannot add a field.
//
// A message that was read can be written to another buffer, which must not overlap with the first.
// Before that, decode the body, and replace Transfer-Encoding by Content-Length. In a response, replace
// each fold, a line break within a value, by one space ([AppendUnfolded]), and remove what the status
// code does not allow, such as a Content-Length with 204: [AppendResponse] lists it. A proxy also
// removes the fields that are for one connection only, such as Connection; this package does not.
//
// # Specifications
//
// The protocol is HTTP/1.0, RFC 1945. Where RFC 1945 allows more than RFC 9110 and RFC 9112, this
// package follows the newer RFCs. There are no modes and no options. DECISIONS.md lists each
// choice and its reason.
//
// # Security
//
// The octets are not trusted. The time for reading is proportional to their number. A
// Content-Length never causes an allocation. If it is not certain where a message ends, the
// message is refused. If two parties guessed its end differently, an attacker could hide a request
// from one of them (request smuggling).
//
// # Map
//
//	rule.go                          the rules, and how strongly the RFCs support each
//	scan.go, grammar.go              the classes of octets and the scanner; the productions
//	error.go, span.go                errors; the rule of each octet
//	request.go, response.go          messages: Consume and Append; the request-target, status codes
//	field.go, check.go               fields; conditions on a whole head
//	framing.go                       where a body ends
//	write.go                         how a message is written and read back
//	simple.go                        responses without a head
//	date.go, mediatype.go, chunk.go  dates, media types, and the chunked coding
//	value.go                         values of fields, checked by the grammar of their field
//	ruletable.go                     the table of rules: the words for each
//	fast.go                          fast versions of the scanner's inner loops
//
// To add a rule, add a constant in rule.go and a row in ruletable.go. The grammar of a field's value is
// a case of the switch in value.go. Tests here and in package explain name what else a new rule, field
// or status code needs.
//
// Related packages:
//
//	stream       reads whole messages from an io.Reader
//	explain      explains messages and errors to people
//	condition    evaluates If-Match, If-None-Match and the like
//	basicauth    reads Basic credentials, and redacts secrets
//	visible      makes octets visible, and breaks texts into rows
//	commandline  has what the commands share
package httpwire

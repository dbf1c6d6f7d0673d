package httpwire

// Responses. To a request of HTTP/0.9 the response is a Simple-Response, without a head: see simple.go.

// A StatusLine is the first line of a response (RFC 1945 section 6.1). A Code that was read has three
// digits, and Response.Check refuses those outside the range from 100 to 599. Reason may be empty. Offset
// is the offset of the version: 0, or the end of the interim responses that precede it.
type StatusLine struct {
	Version Version
	Code    int
	Reason  []byte
	Offset  int
}

// Limits of a response. The client and the listings use the same limits, so they agree on which
// responses can be read.
const (
	MaxResponseFields = 1000     // fields of a head or a trailer
	MaxResponseHead   = 64 << 10 // octets of a head, of the line of a chunk or of a trailer
	MaxInterim        = 16       // interim responses (1xx) before the final response

	MaxChunk int64 = 1<<62 - 1 // octets of a chunk
)

// A Response is a Full-Response (RFC 1945 section 6). The next response that is read into the same Response
// uses the storage of Fields again. If that is too small, it grows: unlike in a Request, its capacity is not
// the limit, which is MaxResponseFields. The functions of this package do not set Body and Parts: the caller
// does. If Parts is not nil, it is the body, and Body is ignored.
type Response struct {
	StatusLine
	Fields Fields
	Body   []byte
	Parts  Parts
}

// Parts is a body in several pieces, which can be sent without a copy of the whole. The pieces must
// not change while the response is being sent.
type Parts interface {
	// Len returns the number of octets of all pieces together, or a negative number if that is not known.
	// Then the response must not have a Content-Length, and the close of the connection ends the body.
	Len() int64
	// WriteParts writes the pieces to w, one after the other. It returns the first error of w, and writes
	// nothing after that.
	WriteParts(w PartWriter) error
}

// A PartWriter takes the pieces of a body.
type PartWriter interface {
	WritePart(part []byte) error
}

// A partAppender appends the pieces of a body.
type partAppender []byte

func (a *partAppender) WritePart(part []byte) error {
	*a = append(*a, part...)
	return nil
}

// Len returns the length of the body in octets. It is negative if the length of Parts is not known.
func (r *Response) Len() int64 {
	if r.Parts != nil {
		return r.Parts.Len()
	}
	return int64(len(r.Body))
}

// AppendBody appends the octets of the body to dst.
func (r *Response) AppendBody(dst []byte) []byte {
	if r.Parts == nil {
		return append(dst, r.Body...)
	}
	a := partAppender(dst)
	r.Parts.WriteParts(&a)
	return a
}

// ConsumeResponseHead reads the head of a Full-Response from the start of b, as ConsumeRequestHead
// reads that of a request. Unlike in a request, the value of a field may continue on the next line
// (RFC 9112 section 5.2). Then the value holds the CR LF; AppendUnfolded replaces it.
func ConsumeResponseHead(b []byte, resp *Response) (n int, err error) {
	s := scanner{b: b}
	s.responseHead(resp)
	return s.result()
}

// AppendResponse appends resp to dst, as the Full-Response to a request with the given method (RFC 1945
// section 6). It adds no field. A body without Content-Length ends when the connection closes, so the caller
// must close it. In response to HEAD, AppendResponse leaves the body out.
//
// The version that it writes is HTTP/1.0. Only a 1xx gets HTTP/1.1, because HTTP/1.0 has none: send it only to a
// client of HTTP/1.1 or later (RFC 9110 section 15.2).
//
// AppendResponse returns the same errors as AppendRequest. It also refuses
//
//   - a code outside the range from 100 to 599;
//   - a Content-Length that differs from the length of the body, except in response to HEAD and with
//     code 304, where it is the length of a body that is not sent;
//   - a body with a code that allows none: 1xx, 204, 205 and 304;
//   - a Content-Length with the codes 1xx and 204; and
//   - a body or a Content-Length in a 2xx response to CONNECT, where a tunnel follows the head (RFC 9110
//     section 9.3.6).
func AppendResponse(dst []byte, resp *Response, method []byte) ([]byte, error) {
	w := writer{dst: dst, start: len(dst)}
	w.responseHead(resp, method)
	if w.err == nil && string(method) != "HEAD" {
		w.responseBody(resp)
	}
	return w.result()
}

// AppendResponseHead appends the head of resp to dst, without the body, and makes the checks of AppendResponse.
// The caller sends the body itself, and not in response to HEAD. AppendResponseHead takes the length of the body
// from Len. It does not check that Parts has as many octets.
func AppendResponseHead(dst []byte, resp *Response, method []byte) ([]byte, error) {
	w := writer{dst: dst, start: len(dst)}
	w.responseHead(resp, method)
	return w.result()
}

// reasons are the reason phrases of the status codes (RFC 9110 section 15, RFC 2518, RFC 4918,
// RFC 6585, RFC 7725, RFC 8297, RFC 8470). They are for people: programs look at the code.
var reasons = [600]string{
	100: "Continue",
	101: "Switching Protocols",
	102: "Processing",
	103: "Early Hints",

	200: "OK",
	201: "Created",
	202: "Accepted",
	203: "Non-Authoritative Information",
	204: "No Content",
	205: "Reset Content",
	206: "Partial Content",
	207: "Multi-Status",

	300: "Multiple Choices",
	301: "Moved Permanently",
	302: "Found",
	303: "See Other",
	304: "Not Modified",
	305: "Use Proxy",
	307: "Temporary Redirect",
	308: "Permanent Redirect",

	400: "Bad Request",
	401: "Unauthorized",
	402: "Payment Required",
	403: "Forbidden",
	404: "Not Found",
	405: "Method Not Allowed",
	406: "Not Acceptable",
	407: "Proxy Authentication Required",
	408: "Request Timeout",
	409: "Conflict",
	410: "Gone",
	411: "Length Required",
	412: "Precondition Failed",
	413: "Content Too Large",
	414: "URI Too Long",
	415: "Unsupported Media Type",
	416: "Range Not Satisfiable",
	417: "Expectation Failed",
	421: "Misdirected Request",
	422: "Unprocessable Content",
	425: "Too Early",
	426: "Upgrade Required",
	428: "Precondition Required",
	429: "Too Many Requests",
	431: "Request Header Fields Too Large",
	451: "Unavailable For Legal Reasons",

	500: "Internal Server Error",
	501: "Not Implemented",
	502: "Bad Gateway",
	503: "Service Unavailable",
	504: "Gateway Timeout",
	505: "HTTP Version Not Supported",
	507: "Insufficient Storage",
	511: "Network Authentication Required",
}

// ReasonPhrase returns the reason phrase of a status code, such as "Not Found" for 404. For an
// unknown code it returns the class, such as "Status 4xx".
func ReasonPhrase(code int) string {
	if code >= 0 && code < len(reasons) && reasons[code] != "" {
		return reasons[code]
	}
	return "Status " + string(rune('0'+Class(code))) + "xx"
}

// Class returns the class of a status code, its first digit. A recipient that does not know a code
// treats it by its class (RFC 1945 section 6.1.1). For a code outside the range from 100 to 599,
// Class returns 5 (RFC 9110 section 15).
func Class(code int) int {
	if code < 100 || code > 599 {
		return 5
	}
	return code / 100
}

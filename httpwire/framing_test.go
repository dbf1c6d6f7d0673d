package httpwire_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	. "rawhttp/httpwire"
)

// checks are heads that follow the grammar and break a condition on the whole head. The mark
// precedes the field or octet that the error names.
var checks = []row{
	{name: "HTTP/1.0 needs no Host", in: "GET / HTTP/1.0\r\n\r\n"},
	{name: "Host", in: "GET / HTTP/1.0\r\nHost: localhost:12345\r\n\r\n"},
	{name: "empty Host", in: "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
	{name: "Host with an empty port", in: "GET / HTTP/1.1\r\nHost: a:\r\n\r\n"},
	{name: "Host in brackets", in: "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"},
	{name: "Host of a later version of IP", in: "GET / HTTP/1.1\r\nHost: [v7.a:b]\r\n\r\n"},
	{name: "Host encoded", in: "GET / HTTP/1.1\r\nhost: a%41_b\r\n\r\n"},
	{name: "CONNECT", in: "CONNECT h:1 HTTP/1.0\r\n\r\n"},
	{name: "OPTIONS", in: "OPTIONS * HTTP/1.0\r\n\r\n"},
	{name: "lists repeat", in: "GET / HTTP/1.0\r\nAccept: a\r\nAccept: b\r\nX: 1\r\nX: 2\r\n\r\n"},

	{name: "version 2.0", in: "GET / HTTP/‸2.0\r\n\r\n", rule: RuleMajorVersion},
	{name: "version 0.9", in: "GET / HTTP/‸0.9\r\n\r\n", rule: RuleMajorVersion},
	{name: "HTTP/2 after an empty line", in: "\r\nPRI * HTTP/‸2.0\r\n\r\n",
		rule: RuleMajorVersion},
	{name: "9112-3.2.4-a asterisk with GET", in: "GET ‸* HTTP/1.0\r\n\r\n", rule: RuleTargetForm},
	{name: "9112-3.2.4-a asterisk with options", in: "\r\noptions ‸* HTTP/1.0\r\n\r\n",
		rule: RuleTargetForm},
	{name: "CONNECT with a path", in: "CONNECT ‸/ HTTP/1.0\r\n\r\n", rule: RuleTargetForm},
	{name: "CONNECT with a path after an empty line",
		in: "\r\nCONNECT ‸//h:1 HTTP/1.0\r\n\r\n", rule: RuleTargetForm},
	{name: "the version before the form", in: "CONNECT / HTTP/‸2.0\r\n\r\n",
		rule: RuleMajorVersion},
	{name: "no Host in 1.1", in: "GET / HTTP/1.1\r\nA: b\r\n‸\r\n", rule: RuleHostField},
	{name: "no Host in 1.1 with a URL", in: "GET http://h/ HTTP/1.1\r\n‸\r\n",
		rule: RuleHostField},
	{name: "two Host fields", in: "GET / HTTP/1.0\r\nHost: a\r\n‸hOST: a\r\n\r\n",
		rule: RuleHostField},
	{name: "1945-4.2-f two Content-Type fields",
		in:   "POST / HTTP/1.0\r\nContent-Type: a/b\r\nX: y\r\n‸content-type: a/b\r\n\r\n",
		rule: RuleSingleton},
	{name: "1945-4.2-f two equal Content-Length fields",
		in:   "POST / HTTP/1.0\r\nContent-Length: 2\r\n‸Content-Length: 2\r\n\r\n",
		rule: RuleContentLength},
	{name: "three", in: "GET / HTTP/1.0\r\nFrom: a\r\n‸From: a\r\nFrom: a\r\n\r\n",
		rule: RuleSingleton},
	{name: "Host with space", in: "GET / HTTP/1.0\r\nHost: a‸ b\r\n\r\n", rule: RuleHostField},
	{name: "Host with path", in: "GET / HTTP/1.0\r\nHost: a‸/b\r\n\r\n", rule: RuleHostField},
	{name: "Host with user name", in: "GET / HTTP/1.0\r\nHost: u‸@a\r\n\r\n", rule: RuleHostField},
	{name: "Host with letters for port", in: "GET / HTTP/1.0\r\nHost: a:99999‸x\r\n\r\n",
		rule: RuleHostField},
	{name: "Host of a port only", in: "GET / HTTP/1.0\r\nHost: ‸:80\r\n\r\n", rule: RuleHostField},
	{name: "Host in obs-text", in: "GET / HTTP/1.0\r\nHost: caf‸\xe9\r\n\r\n",
		rule: RuleHostField},
	{name: "Host with half an escape", in: "GET / HTTP/1.0\r\nHost: a%4‸\r\n\r\n",
		rule: RuleHostField},
	{name: "Host with half a bracket", in: "GET / HTTP/1.0\r\nHost: [::1‸\r\n\r\n",
		rule: RuleHostField},
	{name: "Host with half a bracket and blanks", in: "GET / HTTP/1.0\r\nHost: [::1‸ \t\r\n\r\n",
		rule: RuleHostField},
	{name: "Host of one colon", in: "GET / HTTP/1.0\r\nHost: [:‸]\r\n\r\n", rule: RuleHostField},
	{name: "Host of colons", in: "GET / HTTP/1.0\r\nHost: [::‸::]\r\n\r\n",
		rule: RuleHostField},
	{name: "Host with empty brackets", in: "GET / HTTP/1.0\r\nHost: [‸]\r\n\r\n",
		rule: RuleHostField},
}

func TestCheck(t *testing.T) {
	for _, r := range checks {
		t.Run(r.name, func(t *testing.T) {
			b, at := point(r.in)
			switch err := head(t, b).Check(); {
			case at >= 0:
				fault(t, err, b, at, r.rule)
			case err != nil:
				t.Error(err)
			}
		})
	}
}

// A field whose value is not a list may occur once.
func TestSingletons(t *testing.T) {
	for _, name := range []string{"Age", "Authorization", "Content-Location", "Content-Range",
		"Content-Type", "Date", "ETag", "Expires", "From", "Last-Modified", "Location",
		"Max-Forwards", "Proxy-Authorization", "Range", "Referer", "Retry-After", "Server",
		"User-Agent"} {
		b, at := point("GET / HTTP/1.0\r\n" + name + ": 1\r\n‸" + strings.ToLower(name) + ": 1\r\n\r\n")
		fault(t, head(t, b).Check(), b, at, RuleSingleton)
	}
}

// requestLengths has the length of the body in want, or a fault.
var requestLengths = []row{
	{name: "9112-6.3-f no body without a length", in: "GET / HTTP/1.0\r\n\r\n", want: "0"},
	{name: "GET with a body", in: "GET / HTTP/1.0\r\nContent-Length: 5\r\n\r\n", want: "5"},
	{name: "9112-6-a DELETE with a body", in: "DELETE / HTTP/1.0\r\nContent-Length: 5\r\n\r\n",
		want: "5"},
	{name: "9112-6-a bad length on GET", in: "GET / HTTP/1.0\r\nContent-Length: ‸x\r\n\r\n",
		rule: RuleContentLength},
	{name: "1945-4.2-c case of the name", in: "POST / HTTP/1.0\r\ncOnTeNt-LeNgTh: 2\r\n\r\n",
		want: "2"},
	{name: "1945-4.2-d length before type",
		in:   "POST / HTTP/1.0\r\nContent-Length: 2\r\nContent-Type: a/b\r\n\r\n",
		want: "2"},
	{name: "1945-4.2-d type before length",
		in:   "POST / HTTP/1.0\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\n",
		want: "2"},
	{name: "1945-10.4-a 0", in: "POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n", want: "0"},
	{name: "1945-10.4-a 005", in: "POST / HTTP/1.0\r\nContent-Length: 005\r\n\r\n", want: "5"},
	{name: "1945-10.4-a +5", in: "POST / HTTP/1.0\r\nContent-Length: ‸+5\r\n\r\n",
		rule: RuleContentLength},
	{name: "1945-10.4-a -1", in: "POST / HTTP/1.0\r\nContent-Length: ‸-1\r\n\r\n",
		rule: RuleContentLength},
	{name: "1945-10.4-a 5.0", in: "POST / HTTP/1.0\r\nContent-Length: 5‸.0\r\n\r\n",
		rule: RuleContentLength},
	{name: "1945-10.4-a 0x5", in: "POST / HTTP/1.0\r\nContent-Length: 0‸x5\r\n\r\n",
		rule: RuleContentLength},
	{name: "1945-10.4-a 5 5", in: "POST / HTTP/1.0\r\nContent-Length: 5‸ 5\r\n\r\n",
		rule: RuleContentLength},
	{name: "1945-10.4-a 5,", in: "POST / HTTP/1.0\r\nContent-Length: 5‸,\r\n\r\n",
		rule: RuleContentLength},
	{name: "1945-10.4-a nothing", in: "POST / HTTP/1.0\r\nContent-Length: ‸\r\n\r\n",
		rule: RuleContentLength},
	{name: "1945-10.4-a 1_0", in: "POST / HTTP/1.0\r\nContent-Length: 1‸_0\r\n\r\n",
		rule: RuleContentLength},
	{name: "Arabic digit", in: "POST / HTTP/1.0\r\nContent-Length: ‸\xd9\xa5\r\n\r\n",
		rule: RuleContentLength},
	{name: "9112-6.3-c two lengths",
		in:   "POST / HTTP/1.0\r\nContent-Length: 5\r\n‸Content-Length: 6\r\n\r\n",
		rule: RuleContentLength},
	{name: "9112-6.3-c the same length twice",
		in:   "POST / HTTP/1.0\r\nContent-Length: 5\r\n‸content-length: 5\r\n\r\n",
		rule: RuleContentLength},
	{name: "the same length three times",
		in:   "POST / HTTP/1.0\r\nContent-Length: 5\r\n‸Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
		rule: RuleContentLength},
	{name: "9112-6.3-c list", in: "POST / HTTP/1.0\r\nContent-Length: 5‸, 6\r\n\r\n",
		rule: RuleContentLength},
	{name: "9112-6.3-c list of the same", in: "POST / HTTP/1.0\r\nContent-Length: 5‸, 5\r\n\r\n",
		rule: RuleContentLength},
	{name: "9110-8.6-d more than 64 bits",
		in:   "POST / HTTP/1.0\r\nContent-Length: 18446744073709551617\r\n\r\n",
		want: "9223372036854775807"},
	{name: "9110-8.6-d most of 63 bits",
		in:   "POST / HTTP/1.0\r\nContent-Length: 9223372036854775807\r\n\r\n",
		want: "9223372036854775807"},
	{name: "9110-8.6-d more than 63 bits",
		in:   "POST / HTTP/1.0\r\nContent-Length: 9223372036854775808\r\n\r\n",
		want: "9223372036854775807"},
	{name: "9110-8.6-d just within 63 bits",
		in:   "POST / HTTP/1.0\r\nContent-Length: 9223372036854775806\r\n\r\n",
		want: "9223372036854775806"},
	{name: "9110-8.6-d huge, then a letter",
		in:   "POST / HTTP/1.0\r\nContent-Length: 99999999999999999999‸x\r\n\r\n",
		rule: RuleContentLength},
	{name: "1945-7.2.2-c POST without a length", in: "POST / HTTP/1.0\r\nA: b\r\n‸\r\n",
		rule: RuleLengthRequired},
	{name: "PUT without a length", in: "PUT / HTTP/1.0\r\n‸\r\n", rule: RuleLengthRequired},
	{name: "1945-5.1.1-a post is not POST", in: "post / HTTP/1.0\r\n\r\n", want: "0"},
	{name: "9110-17.10-a Content_Length",
		in: "POST / HTTP/1.0\r\nContent_Length: 5\r\n‸\r\n", rule: RuleLengthRequired},
	{name: "9110-17.10-a Transfer_Encoding",
		in: "GET / HTTP/1.0\r\nTransfer_Encoding: chunked\r\n\r\n", want: "0"},
	{name: "coding in 1.0",
		in:   "POST / HTTP/1.0\r\n‸Transfer-Encoding: chunked\r\n\r\n",
		rule: RuleTransferEncoding},
	{name: "coding and length in 1.0",
		in:   "POST / HTTP/1.0\r\nContent-Length: 5\r\n‸transfer-encoding: chunked\r\n\r\n",
		rule: RuleTransferEncoding},
	{name: "coding and length in 1.1",
		in:   "POST / HTTP/1.1\r\nHost: a\r\n‸Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
		rule: RuleTransferEncoding},
	{name: "identity", in: "GET / HTTP/1.0\r\n‸Transfer-Encoding: identity\r\n\r\n",
		rule: RuleTransferEncoding},
	{name: "empty coding", in: "GET / HTTP/1.0\r\n‸Transfer-Encoding:\r\n\r\n",
		rule: RuleTransferEncoding},
	{name: "coding in 1.1 alone",
		in:   "POST / HTTP/1.1\r\nHost: a\r\n‸Transfer-Encoding: chunked\r\n\r\n",
		rule: RuleTransferCoding},
	{name: "coding on GET", in: "GET / HTTP/1.1\r\nHost: a\r\n‸Transfer-Encoding: chunked\r\n\r\n",
		rule: RuleTransferCoding},
	{name: "9112-6.3-b another coding", rule: RuleTransferEncoding,
		in: "GET / HTTP/1.1\r\nHost: a\r\n‸Transfer-Encoding: gzip\r\n\r\n"},
	{name: "9112-6.3-b chunked is not last", rule: RuleTransferEncoding,
		in: "GET / HTTP/1.1\r\nHost: a\r\n‸Transfer-Encoding: chunked, gzip\r\n\r\n"},
	{name: "chunked with a parameter", rule: RuleTransferEncoding,
		in: "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked‸;q=1\r\n\r\n"},
	{name: "an ill-formed coding before chunked", rule: RuleTransferEncoding,
		in: "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gz ‸ip, chunked\r\n\r\n"},
	{name: "chunked in quotes and last", rule: RuleTransferCoding,
		in: "GET / HTTP/1.1\r\nHost: a\r\n‸Transfer-Encoding: x;a=\"\\\",chunked,\", chunked\r\n\r\n"},
	{name: "9112-6.3-b no coding in 1.1", rule: RuleTransferEncoding,
		in: "GET / HTTP/1.1\r\nHost: a\r\n‸Transfer-Encoding: ,\r\n\r\n"},
	{name: "chunked twice", rule: RuleChunkedOnce,
		in: "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: ‸chunked\r\n\r\n"},
	{name: "chunked is last", rule: RuleTransferCoding,
		in: "GET / HTTP/1.1\r\nHost: a\r\n‸Transfer-Encoding: gzip\r\nTransfer-Encoding: CHUNKED\r\n\r\n"},
	{name: "chunked after a quoted backslash", rule: RuleTransferCoding,
		in: "GET / HTTP/1.1\r\nHost: a\r\n‸Transfer-Encoding: x;a=\"\\\\\", chunked\r\n\r\n"},
	{name: "chunked after a quoted quotation mark", rule: RuleTransferEncoding,
		in: "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x;a=\"\\\", chunked‸\r\n\r\n"},
	{name: "chunked after a quotation mark without its end", rule: RuleTransferEncoding,
		in: "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, x;a=\", chunked‸\r\n\r\n"},
}

func TestRequestBodyLength(t *testing.T) {
	for _, r := range requestLengths {
		t.Run(r.name, func(t *testing.T) {
			b, at := point(r.in)
			switch length, err := head(t, b).BodyLength(); {
			case at >= 0:
				fault(t, err, b, at, r.rule)
			case err != nil || strconv.FormatInt(length, 10) != r.want:
				t.Errorf("%d, %v, want %s", length, err, r.want)
			}
		})
	}
}

// A response may have both a framing and a fault. The framing says how to read on.
var framings = []struct {
	row
	method string
	ending Ending
	length int64
}{
	{row: row{name: "length", in: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n"}, ending: EndsAfterLength, length: 5},
	{row: row{name: "no length", in: "HTTP/1.0 200 OK\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "HEAD", in: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n"}, method: "HEAD"},
	{row: row{name: "HEAD and nonsense", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: ‸x\r\n\r\n"}, method: "HEAD"},
	{row: row{name: "head", in: "HTTP/1.0 200 OK\r\n\r\n"}, method: "head", ending: EndsWhenClosed},
	{row: row{name: "100 with a length",
		in: "HTTP/1.1 100 x\r\nContent-Length: 5\r\n\r\n"}, ending: EndsInterim},
	{row: row{name: "199", in: "HTTP/1.1 199 x\r\n\r\n"}, ending: EndsInterim},
	{row: row{name: "204", in: "HTTP/1.0 204 x\r\nContent-Length: 5\r\n\r\n"}},
	{row: row{name: "304", in: "HTTP/1.0 304 x\r\nTransfer-Encoding: chunked\r\n\r\n"}},
	{row: row{name: "205", in: "HTTP/1.0 205 x\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "099 is of class 5", in: "HTTP/1.0 ‸099 x\r\n\r\n", rule: RuleStatusClass},
		ending: EndsWhenClosed},
	{row: row{name: "999 is of class 5", rule: RuleStatusClass,
		in: "HTTP/1.0 ‸999 x\r\nContent-Length: 1\r\n\r\n"}, ending: EndsAfterLength, length: 1},
	{row: row{name: "letters", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5‸x\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "empty", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length:‸\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "twice the same", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n‸Content-Length: 5\r\n\r\n"}, ending: EndsAfterLength, length: 5},
	{row: row{name: "a list of the same", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5‸ ,\r\n 5,5\r\n\r\n"}, ending: EndsAfterLength, length: 5},
	{row: row{name: "a list, differing", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5‸, 5, 6\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "a list with letters", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5‸, 5x\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "the same number twice, and no comma", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 2‸;2\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "a list with an empty member", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5‸,\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "a list and another field", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5‸, 5\r\nContent-Length: 5\r\n\r\n"},
		ending: EndsAfterLength, length: 5},
	{row: row{name: "twice, differing", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n‸Content-Length: 6\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "twice, differing, and too large for an int64", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 9223372036854775807\r\n‸Content-Length: 9223372036854775808\r\n\r\n"},
		ending: EndsWhenClosed},
	{row: row{name: "a list, differing, of numbers too large", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 99999999999999999998‸, 99999999999999999999\r\n\r\n"},
		ending: EndsWhenClosed},
	{row: row{name: "twice the same, with zeros and too large", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 99999999999999999999\r\n‸Content-Length: 099999999999999999999\r\n\r\n"},
		ending: EndsAfterLength, length: 1<<63 - 1},
	{row: row{name: "first 0, then another", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n‸Content-Length: 6\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "twice 0", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n‸Content-Length: 0\r\n\r\n"}, ending: EndsAfterLength, length: 0},
	{row: row{name: "twice the same, then another", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n‸Content-Length: 6\r\n\r\n"},
		ending: EndsWhenClosed},
	{row: row{name: "twice the same, then letters", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\nContent-Length: ‸x\r\n\r\n"},
		ending: EndsWhenClosed},
	{row: row{name: "folded length", in: "HTTP/1.0 200 OK\r\nContent-Length:\r\n 5\r\n\r\n"},
		ending: EndsAfterLength, length: 5},
	{row: row{name: "fold after the length", in: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n \r\n\r\n"},
		ending: EndsAfterLength, length: 5},
	{row: row{name: "fold inside the length", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5‸\r\n 5\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "folded letters", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length:\r\n ‸x\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "nothing but a fold", rule: RuleContentLength,
		in: "HTTP/1.0 200 OK\r\nContent-Length:\r\n‸ \r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "chunked", in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"},
		ending: EndsAfterChunks},
	{row: row{name: "chunked, folded",
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip,\r\n chunked\r\n \r\n\r\n"}, ending: EndsAfterChunks},
	{row: row{name: "chunked last, on two lines, with empty members",
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: , chunked,,\r\n\r\n"},
		ending: EndsAfterChunks},
	{row: row{name: "chunked not last",
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "a coding of one letter last",
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, x\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "an ill-formed coding last", rule: RuleTransferEncoding,
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chun ‸ked\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "an ill-formed coding, folded", rule: RuleTransferEncoding,
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip,\r\n chun\r\n ‸ked\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "chunked last, in quotation marks",
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: x;a=\"b, chunked\"\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "chunked after a quotation mark without its end", rule: RuleTransferEncoding,
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: x;a=\", chunked‸\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "an ill-formed coding before chunked", rule: RuleTransferEncoding,
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip;q‸, chunked\r\n\r\n"}, ending: EndsAfterChunks},
	{row: row{name: "an ill-formed coding on the second line", rule: RuleTransferEncoding,
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\ntransfer-encoding: chunked,‸=\r\n\r\n"},
		ending: EndsWhenClosed},
	{row: row{name: "chunked with a parameter", rule: RuleTransferEncoding,
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked‸;q=1\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "an ill-formed coding with HEAD",
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chun ked\r\n\r\n"}, method: "HEAD"},
	{row: row{name: "xchunked", in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n"},
		ending: EndsWhenClosed},
	{row: row{name: "chunked in 1.0", rule: RuleTransferEncoding,
		in: "HTTP/1.0 200 OK\r\n‸Transfer-Encoding: chunked\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "chunked with length", rule: RuleTransferEncoding,
		in: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n‸Transfer-Encoding: chunked\r\n\r\n"},
		ending: EndsAfterChunks},
	{row: row{name: "gzip with length", rule: RuleTransferEncoding,
		in: "HTTP/1.1 200 OK\r\n‸Transfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\n"},
		ending: EndsWhenClosed},

	{row: row{name: "CONNECT with a length",
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n"}, method: "CONNECT", ending: EndsInTunnel},
	{row: row{name: "CONNECT with chunks in 1.0",
		in: "HTTP/1.0 299 OK\r\nTransfer-Encoding: chunked\r\n\r\n"}, method: "CONNECT",
		ending: EndsInTunnel},
	{row: row{name: "CONNECT, lengths are ignored",
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\nContent-Length: x\r\n\r\n"}, method: "CONNECT",
		ending: EndsInTunnel},
	{row: row{name: "CONNECT, other fields are not", rule: RuleSingleton,
		in: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\nContent-Length: x\r\nDate: x\r\n‸date: x\r\n\r\n"},
		method: "CONNECT", ending: EndsInTunnel},
	{row: row{name: "CONNECT that fails",
		in: "HTTP/1.0 502 x\r\nContent-Length: 5\r\n\r\n"}, method: "CONNECT",
		ending: EndsAfterLength, length: 5},
	{row: row{name: "CONNECT and 204", in: "HTTP/1.0 204 x\r\n\r\n"}, method: "CONNECT",
		ending: EndsInTunnel},
	{row: row{name: "101", in: "HTTP/1.1 101 x\r\nContent-Length: 5\r\n\r\n"},
		ending: EndsInProtocol},
	{row: row{name: "101 to HEAD", in: "HTTP/1.1 101 x\r\n\r\n"}, method: "HEAD",
		ending: EndsInProtocol},
	{row: row{name: "100", in: "HTTP/1.1 100 x\r\n\r\n"}, ending: EndsInterim},
	{row: row{name: "199 to CONNECT", in: "HTTP/1.1 199 x\r\n\r\n"}, method: "CONNECT",
		ending: EndsInterim},
	{row: row{name: "chunked twice", rule: RuleChunkedOnce,
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, ‸Chunked\r\n\r\n"},
		ending: EndsAfterChunks},
	{row: row{name: "chunked twice, folded, with another between", rule: RuleChunkedOnce,
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" +
			"Transfer-Encoding: x,\r\n ‸chunked\r\n\r\n"},
		ending: EndsAfterChunks},
	{row: row{name: "chunked three times", rule: RuleChunkedOnce,
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, ‸chunked, chunked\r\n\r\n"},
		ending: EndsAfterChunks},
	{row: row{name: "chunked twice and another last", rule: RuleChunkedOnce,
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked,‸chunked,x\r\n\r\n"},
		ending: EndsWhenClosed},
	{row: row{name: "chunked in quotes and last",
		in: "HTTP/1.1 200 OK\r\nTransfer-Encoding: x;a=\"\\\",chunked,\", chunked\r\n\r\n"}, ending: EndsAfterChunks},
	{row: row{name: "ETag twice", rule: RuleSingleton,
		in: "HTTP/1.0 200 OK\r\nETag: a\r\nX: y\r\n‸ETag: b\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "Host twice", rule: RuleSingleton,
		in: "HTTP/1.0 200 OK\r\nHost: a\r\n‸Host: a\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "Set-Cookie twice",
		in: "HTTP/1.0 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "000", in: "HTTP/1.0 ‸000 x\r\n\r\n", rule: RuleStatusClass},
		ending: EndsWhenClosed},
	{row: row{name: "600 to HEAD", in: "HTTP/1.0 ‸600 x\r\n\r\n", rule: RuleStatusClass},
		method: "HEAD", ending: EndsWithHead},
	{row: row{name: "HTTP/2.0", in: "HTTP/‸2.0 200 OK\r\n\r\n", rule: RuleMajorVersion},
		ending: EndsWhenClosed},
	{row: row{name: "HTTP/0.9", in: "HTTP/‸0.9 200 OK\r\n\r\n", rule: RuleMajorVersion},
		ending: EndsWhenClosed},
	{row: row{name: "HTTP/1.9", in: "HTTP/1.9 200 OK\r\n\r\n"}, ending: EndsWhenClosed},
	{row: row{name: "304 with chunks",
		in: "HTTP/1.1 304 x\r\nTransfer-Encoding: chunked\r\n\r\n"}, ending: EndsWithHead},
	{row: row{name: "204 with two lengths", rule: RuleContentLength,
		in: "HTTP/1.0 204 x\r\nContent-Length: 1\r\n‸Content-Length: 2\r\n\r\n"}, ending: EndsWithHead},
	{row: row{name: "304 with two lengths", rule: RuleContentLength,
		in: "HTTP/1.0 304 x\r\nContent-Length: 1\r\n‸Content-Length: 2\r\n\r\n"}, ending: EndsWithHead},
}

func TestFraming(t *testing.T) {
	for _, r := range framings {
		t.Run(r.name, func(t *testing.T) {
			b, at := point(r.in)
			var resp Response
			if n, err := ConsumeResponseHead(b, &resp); n != len(b) || err != nil {
				t.Fatal(n, err)
			}
			f, err := resp.Framing([]byte(r.method))
			if want := (Framing{r.ending, r.length}); f != want || at < 0 && err != nil {
				t.Errorf("%v, %v, want %v", f, err, want)
			}
			if at >= 0 {
				fault(t, err, b, at, r.rule)
			}
		})
	}
}

// What a log or a test prints of a message is its version, its ending and its length.
func TestStrings(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{Version{1, 0}, "HTTP/1.0"},
		{Framing{EndsAfterLength, 5}, "{Content-Length 5}"},
		{EndsWithHead, "none"},
		{EndsInterim, "an interim response"},
	} {
		if got := fmt.Sprint(c.value); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestKeepAlive(t *testing.T) {
	for _, c := range []struct {
		name, fields string
		want         bool
	}{
		{"nothing said", "", false},
		{"asked for", "Connection: keep-alive\r\n", true},
		{"any case", "connection: Keep-ALIVE\r\n", true},
		{"in a list", "Connection: , ,upgrade ,keep-alive\r\n", true},
		{"on the second line", "Connection: x\r\nA: b\r\nConnection: keep-alive\r\n", true},
		{"9110-5.1-a close", "Connection: close\r\nHost: a\r\n", false},
		{"close wins", "Connection: keep-alive, close\r\n", false},
		{"close wins on another line", "Connection: CLOSE\r\nConnection: keep-alive\r\n", false},
		{"2068-19.7.1.1-a Keep-Alive alone", "Keep-Alive: timeout=60\r\n", false},
		{"1945-4.2-c Kelvin sign", "Connection: \xe2\x84\xaaeep-alive\r\n", false},
		{"caret is no blank", "Connection: keep-alive^\r\n", false},
		{"part of a word", "Connection: keep-alives\r\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := head(t, []byte("GET / HTTP/1.0\r\n"+c.fields+"\r\n")).KeepAlive(); got != c.want {
				t.Error(got)
			}
		})
	}
}

func TestFields(t *testing.T) {
	fs := head(t, []byte("GET / HTTP/1.0\r\nHost: a\r\nConnection: , ,Foo,,CLOSE,\r\nE:\r\n"+
		"connection: bar \t, baz\r\n\r\n")).Fields
	for _, c := range []struct {
		name, member string
		want         bool
	}{
		{"1945-2.1-a first member", "foo", true},
		{"1945-2.1-a member in capitals", "close", true},
		{"1945-2.1-a blanks", "bar", true},
		{"last", "baz", true},
		{"part", "ba", false},
		{"two", "bar \t, baz", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if fs.Has("connection", c.member) != c.want || fs.Has("Host", c.member) {
				t.Error("wrong")
			}
		})
	}
	t.Run("1945-4.2-g values in order", func(t *testing.T) {
		var got []string
		for f := range fs.Named("CONNECTION") {
			got = append(got, string(f.Value))
		}
		if want := []string{", ,Foo,,CLOSE,", "bar \t, baz"}; !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		for f := range fs.Named("Connection") {
			if got = append(got[:0], string(f.Value)); len(got) == 1 {
				break
			}
		}
	})
	t.Run("9110-5.1-a Get", func(t *testing.T) {
		if string(fs.Get("hOST")) != "a" || fs.Get("Hos") != nil || fs.Get("E") == nil {
			t.Errorf("%q %q %q", fs.Get("hOST"), fs.Get("Hos"), fs.Get("E"))
		}
	})
	t.Run("Find and Fault", func(t *testing.T) {
		b := []byte("GET / HTTP/1.0\r\nA: b\r\nE:\r\na: c\r\n\r\n")
		fs := head(t, b).Fields
		if fs.Find("a") != &fs[0] || fs.Find("x") != nil {
			t.Errorf("%v %v", fs.Find("a"), fs.Find("x"))
		}
		for i, at := range []int{len("GET / HTTP/1.0\r\nA: "), len("GET / HTTP/1.0\r\nA: b\r\nE:"),
			len("GET / HTTP/1.0\r\nA: b\r\nE:\r\na: ")} {
			fault(t, fs[i].Fault(RuleExpect), b, at, RuleExpect)
		}
	})
}

// The case of ASCII letters does not count, and that of other letters does: 1945-4.2-c.
func TestEqualFold(t *testing.T) {
	for a := range 256 {
		for b := range 256 {
			want := a == b || a^b == 0x20 && ('a' <= a|0x20 && a|0x20 <= 'z')
			if got := EqualFold([]byte{byte(a)}, string([]byte{byte(b)})); got != want {
				t.Errorf("%q %q: %v", byte(a), byte(b), got)
			}
		}
	}
	if EqualFold([]byte("ab"), "a") || EqualFold([]byte("\xe2\x84\xaa"), "k") {
		t.Error("different lengths are equal")
	}
}

func TestVersionAtLeast(t *testing.T) {
	for _, c := range []struct {
		v            Version
		major, minor uint8
		want         bool
	}{
		{Version{1, 0}, 1, 0, true}, {Version{1, 0}, 1, 1, false}, {Version{1, 9}, 1, 1, true},
		{Version{2, 0}, 1, 1, true}, {Version{0, 9}, 1, 0, false},
	} {
		if got := c.v.AtLeast(c.major, c.minor); got != c.want {
			t.Errorf("%v.AtLeast(%d, %d) = %v", c.v, c.major, c.minor, got)
		}
	}
}

func TestTarget(t *testing.T) {
	for _, c := range []struct{ name, line, authority, path, query string }{
		{"path", "GET /a/b", "", "/a/b", ""},
		{"path and query", "GET /a?b?c", "", "/a", "b?c"},
		{"empty query", "GET /?", "", "/", ""},
		{"3986-2.4-a split before decoding", "GET /a%3Fb/%2531?c%23", "", "/a%3Fb/%2531", "c%23"},
		{"3986-2.2-a %2F is data", "GET /a%2Fb", "", "/a%2Fb", ""},
		{"3986-5.2.4-a dot segments are left", "GET /x/../a/./b", "", "/x/../a/./b", ""},
		{"9112-3.2.1-b two slashes are a path", "GET //evil/x?y", "", "//evil/x", "y"},
		{"asterisk", "OPTIONS *", "", "*", ""},
		{"absolute", "GET http://h:80/a?b", "h:80", "/a", "b"},
		{"1945-3.2.2-c capitals", "GET HTTP://LOCALHOST:80/a", "LOCALHOST:80", "/a", ""},
		{"1945-3.2.2-c empty path", "GET http://h", "h", "/", ""},
		{"absolute without path", "GET http://h?q=/", "h", "/", "q=/"},
		{"IPv6", "GET http://[::1]/a", "[::1]", "/a", ""},
		{"CONNECT", "CONNECT h:1", "h:1", "h:1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := head(t, []byte(c.line+" HTTP/1.0\r\n\r\n"))
			if string(req.Authority()) != c.authority || string(req.Path()) != c.path ||
				string(req.Query()) != c.query {
				t.Errorf("%q %q %q", req.Authority(), req.Path(), req.Query())
			}
		})
	}
	var none RequestLine
	if none.Authority() != nil || string(none.Path()) != "/" || none.Query() != nil {
		t.Error("an empty target has parts")
	}
	short := RequestLine{Target: []byte("a?b")}
	if short.Authority() != nil || string(short.Path()) != "a" || string(short.Query()) != "b" {
		t.Error("a target that no parser returns has an authority")
	}
}

// The text of an error has the offset, the rule, what was found, and what was expected.
func TestErrorText(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&SyntaxError{Offset: 4, Octet: ' ', Rule: RuleRequestTarget}, `offset 4: request-target: ` +
			`got " ", want a path that begins with "/", then one SP and the version ` +
			`(RFC 1945 section 5.1.2, RFC 9112 section 3.2)`},
		{&SyntaxError{Offset: 9, Octet: 0xE9, Rule: RuleSP}, `offset 9: SP: got "\xe9", want one SP ` +
			`(RFC 1945 section 5.1, RFC 9112 section 3)`},
		{&IncompleteError{Offset: 3, Rule: RuleSP}, "offset 3: SP: got the end, want one SP " +
			"(RFC 1945 section 5.1, RFC 9112 section 3)"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	if !errors.Is(&IncompleteError{}, ErrIncomplete) || errors.Is(&SyntaxError{}, ErrIncomplete) {
		t.Error("which of them is incomplete?")
	}
}

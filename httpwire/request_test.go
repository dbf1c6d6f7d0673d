package httpwire_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	. "rawhttp/httpwire"
)

var (
	long   = "/address_book/api/v1.0/addresses?q=" + strings.Repeat("a", 7965)
	fields = strings.Repeat("A: b\r\n", DefaultFields)
)

var requestHeads = []row{
	// Well formed.
	{name: "shortest", in: "G / HTTP/1.0\r\n\r\n", want: "G / 1.0"},
	{name: "GET", in: "GET /a/b?c=d HTTP/1.0\r\n\r\n", want: "GET /a/b?c=d 1.0"},
	{name: "fields in order", in: "GET / HTTP/1.0\r\nB: 1\r\na: 2\r\nB:3\r\n\r\n",
		want: "GET / 1.0 [B: 1] [a: 2] [B: 3]"},
	{name: "9112-2.2-f one empty line first", in: "\r\nGET / HTTP/1.0\r\n\r\n", want: "GET / 1.0"},
	{name: "9112-3-d request-line of 8000 octets", in: "GET " + long + " HTTP/1.0\r\n\r\n",
		want: "GET " + long + " 1.0"},
	{name: "as many fields as there is room for", in: "GET / HTTP/1.0\r\n" + fields + "\r\n",
		want: "GET / 1.0" + strings.Repeat(" [A: b]", DefaultFields)},
	{name: "1945-5.1.1-a small method", in: "get / HTTP/1.0\r\n\r\n", want: "get / 1.0"},
	{name: "1945-5.1.1-c any token", in: "M-SEARCH! / HTTP/1.0\r\n\r\n", want: "M-SEARCH! / 1.0"},
	{name: "1945-4.2-h empty values", in: "GET / HTTP/1.0\r\nA:\r\nB: \t \r\n\r\n",
		want: "GET / 1.0 [A: ] [B: ]"},
	{name: "9112-5-a SP and HTAB stripped", in: "GET / HTTP/1.0\r\nX: \t a b \t\r\n\r\n",
		want: "GET / 1.0 [X: a b]"},
	{name: "9112-5-a NBSP kept", in: "GET / HTTP/1.0\r\nX:\xc2\xa0a\xa0\r\n\r\n",
		want: "GET / 1.0 [X: \xc2\xa0a\xa0]"},
	{name: "9112-2.2-a NEL and LINE SEPARATOR are octets",
		in:   "GET / HTTP/1.0\r\nX: \xc2\x85\xe2\x80\xa8Y\r\n\r\n",
		want: "GET / 1.0 [X: \xc2\x85\xe2\x80\xa8Y]"},
	{name: "9110-5.5-c obs-text unchanged", in: "GET / HTTP/1.0\r\nX: caf\xe9 \xff\xfe\r\n\r\n",
		want: "GET / 1.0 [X: caf\xe9 \xff\xfe]"},
	{name: "9110-5.5-b HTAB inside a value", in: "GET / HTTP/1.0\r\nX: a\tb\r\n\r\n",
		want: "GET / 1.0 [X: a\tb]"},
	{name: "colons in a value", in: "GET / HTTP/1.0\r\nX::a:b\r\n\r\n",
		want: "GET / 1.0 [X: :a:b]"},
	{name: "1945-7.1-a fields that do not apply",
		in: "POST / HTTP/1.0\r\nX-Foo: bar\r\nAllow: GET\r\nPragma: x=y\r\n" +
			"MIME-Version: 1.0\r\nAccept: */*\r\n\r\n",
		want: "POST / 1.0 [X-Foo: bar] [Allow: GET] [Pragma: x=y] [MIME-Version: 1.0] [Accept: */*]"},
	{name: "2.0 reads, Check refuses", in: "PRI * HTTP/2.0\r\n\r\n", want: "PRI * 2.0"},
	{name: "9.9", in: "GET / HTTP/9.9\r\n\r\n", want: "GET / 9.9"},

	// Forms of the target.
	{name: "asterisk", in: "OPTIONS * HTTP/1.0\r\n\r\n", want: "OPTIONS * 1.0"},
	{name: "every octet of a target", in: "GET /a-._~!$&'()*+,;=:@/?%aF HTTP/1.0\r\n\r\n",
		want: "GET /a-._~!$&'()*+,;=:@/?%aF 1.0"},
	{name: "9112-3.2.1-b path with two slashes", in: "GET //evil/x HTTP/1.0\r\n\r\n",
		want: "GET //evil/x 1.0"},
	{name: "absolute-form", in: "GET http://h/x HTTP/1.0\r\n\r\n", want: "GET http://h/x 1.0"},
	{name: "absolute-form, empty port", in: "GET http://h:/ HTTP/1.0\r\n\r\n",
		want: "GET http://h:/ 1.0"},
	{name: "absolute-form, empty path", in: "GET http://h HTTP/1.0\r\n\r\n",
		want: "GET http://h 1.0"},
	{name: "absolute-form, port, empty path", in: "GET http://h:80 HTTP/1.0\r\n\r\n",
		want: "GET http://h:80 1.0"},
	{name: "absolute-form, query at once", in: "GET http://h?q HTTP/1.0\r\n\r\n",
		want: "GET http://h?q 1.0"},
	{name: "absolute-form, host encoded", in: "GET http://a%41-._~!$&'()*+,;=b/ HTTP/1.0\r\n\r\n",
		want: "GET http://a%41-._~!$&'()*+,;=b/ 1.0"},
	{name: "absolute-form, IPv6", in: "GET http://[2001:db8::1.2.3.4]:80/ HTTP/1.0\r\n\r\n",
		want: "GET http://[2001:db8::1.2.3.4]:80/ 1.0"},
	{name: "every group", in: "GET http://[1:22:333:4444:a:Bb:CcC:dDdD] HTTP/1.0\r\n\r\n",
		want: "GET http://[1:22:333:4444:a:Bb:CcC:dDdD] 1.0"},
	{name: "no group", in: "GET http://[::] HTTP/1.0\r\n\r\n", want: "GET http://[::] 1.0"},
	{name: "seven groups, then ::", in: "GET http://[1:2:3:4:5:6:7::] HTTP/1.0\r\n\r\n",
		want: "GET http://[1:2:3:4:5:6:7::] 1.0"},
	{name: "::, then seven groups", in: "GET http://[::1:2:3:4:5:6:7] HTTP/1.0\r\n\r\n",
		want: "GET http://[::1:2:3:4:5:6:7] 1.0"},
	{name: "six groups and IPv4", in: "GET http://[1:2:3:4:5:6:0.10.199.255] HTTP/1.0\r\n\r\n",
		want: "GET http://[1:2:3:4:5:6:0.10.199.255] 1.0"},
	{name: "::, five groups and IPv4", in: "GET http://[::2:3:4:5:6:249.1.1.1] HTTP/1.0\r\n\r\n",
		want: "GET http://[::2:3:4:5:6:249.1.1.1] 1.0"},
	{name: "IPvFuture", in: "GET http://[vF1.a~!$:]:80/ HTTP/1.0\r\n\r\n",
		want: "GET http://[vF1.a~!$:]:80/ 1.0"},
	{name: "9112-3.2.3-a host and port with CONNECT", in: "CONNECT h:443 HTTP/1.0\r\n\r\n",
		want: "CONNECT h:443 1.0"},

	// The line.
	{name: "two empty lines", in: "\r\n‸\r\nGET / HTTP/1.0\r\n\r\n", rule: RuleMethod},
	{name: "half an empty line", in: "\r‸GET / HTTP/1.0\r\n\r\n", rule: RuleEmptyLine},
	{name: "LF first", in: "‸\nGET / HTTP/1.0\r\n\r\n", rule: RuleMethod},
	{name: "1945-5.1-a two spaces", in: "GET ‸ / HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "1945-5.1-a two spaces before the version", in: "GET / ‸ HTTP/1.0\r\n\r\n",
		rule: RuleHTTPVersion},
	{name: "1945-5.1-a HTAB", in: "GET‸\t/ HTTP/1.0\r\n\r\n", rule: RuleMethod},
	{name: "1945-5.1-a HTAB before the version", in: "GET /‸\tHTTP/1.0\r\n\r\n",
		rule: RuleRequestTarget},
	{name: "1945-5.1-a space first", in: "‸ GET / HTTP/1.0\r\n\r\n", rule: RuleMethod},
	{name: "1945-5.1-a space last", in: "GET / HTTP/1.0‸ \r\n\r\n", rule: RuleCRLF},
	{name: "9112-3-a VT", in: "GET‸\x0b/ HTTP/1.0\r\n\r\n", rule: RuleMethod},
	{name: "9112-3-a NBSP", in: "GET‸\xc2\xa0/ HTTP/1.0\r\n\r\n", rule: RuleMethod},
	{name: "1945-5.1.1-c comma in method", in: "GE‸,T / HTTP/1.0\r\n\r\n", rule: RuleMethod},
	{name: "1945-5.1-b CR in target", in: "GET /a‸\rb HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "1945-5.1-b LF in target", in: "GET /a‸\nb HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "9112-2.2-b LF", in: "GET / HTTP/1.0‸\n\n", rule: RuleCRLF},
	{name: "9112-2.2-b LF after a field", in: "GET / HTTP/1.0\r\nA: b‸\n\r\n",
		rule: RuleFieldValue},
	{name: "9112-2.2-b LF as empty line", in: "GET / HTTP/1.0\r\n‸\n", rule: RuleEndOfHead},
	{name: "9112-2.2-d CR after the version", in: "GET / HTTP/1.0\r‸X\r\n\r\n", rule: RuleCRLF},
	{name: "9112-2.2-d CR in a value", in: "GET / HTTP/1.0\r\nX: a\r‸b\r\n\r\n", rule: RuleCRLF},
	{name: "9112-2.2-d CR CR LF", in: "GET / HTTP/1.0\r\nX: a\r‸\r\n\r\n", rule: RuleCRLF},
	{name: "9112-2.2-d CR as empty line", in: "GET / HTTP/1.0\r\n\r‸\r\n", rule: RuleEndOfHead},
	{name: "9112-2.2-d CR in a name", in: "GET / HTTP/1.0\r\nA‸\r: b\r\n\r\n", rule: RuleFieldName},

	// The version.
	{name: "9112-2.3-a http/1.0", in: "GET / ‸http/1.0\r\n\r\n", rule: RuleHTTPVersion},
	{name: "9112-2.3-a Http/1.0", in: "GET / H‸ttp/1.0\r\n\r\n", rule: RuleHTTPVersion},
	{name: "9112-2.3-b HTTP/1", in: "GET / HTTP/1‸\r\n\r\n", rule: RuleHTTPVersion},
	{name: "9112-2.3-b HTTP/1.", in: "GET / HTTP/1.‸\r\n\r\n", rule: RuleHTTPVersion},
	{name: "9112-2.3-b HTTP/1.0x", in: "GET / HTTP/1.0‸x\r\n\r\n", rule: RuleCRLF},
	{name: "9112-2.3-b HTTP/1.0.0", in: "GET / HTTP/1.0‸.0\r\n\r\n", rule: RuleCRLF},
	{name: "9112-2.3-b HTTP/11.0", in: "GET / HTTP/1‸1.0\r\n\r\n", rule: RuleHTTPVersion},
	{name: "9112-2.3-b HTTP/-1.0", in: "GET / HTTP/‸-1.0\r\n\r\n", rule: RuleHTTPVersion},
	{name: "9112-2.3-b HTTP/ 1.0", in: "GET / HTTP/‸ 1.0\r\n\r\n", rule: RuleHTTPVersion},
	{name: "1945-3.1-b HTTP/1.10", in: "GET / HTTP/1.1‸0\r\n\r\n", rule: RuleCRLF},
	{name: "1945-3.1-b HTTP/01.0", in: "GET / HTTP/0‸1.0\r\n\r\n", rule: RuleHTTPVersion},
	{name: "Arabic digit", in: "GET / HTTP/1.‸\xd9\xa0\r\n\r\n", rule: RuleHTTPVersion},

	// The target.
	{name: "1945-5.1.2-a no slash", in: "GET ‸addresses HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "1945-5.1.2-a query only", in: "GET ‸?q HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "asterisk and more", in: "OPTIONS *‸/ HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "1945-3.2.1-a double quote", in: "GET /a‸\"b HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "1945-3.2.1-a less than", in: "GET /a‸<b HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "1945-3.2.1-a DEL", in: "GET /a‸\x7fb HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "1945-3.2.1-a NUL", in: "GET /a‸\x00b HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "9110-7.1-b fragment", in: "GET /a‸#b HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "9110-7.1-b fragment after the host", in: "GET http://h‸#b HTTP/1.0\r\n\r\n",
		rule: RuleHost},
	{name: "9110-7.1-b fragment after the port", in: "GET http://h:1‸#b HTTP/1.0\r\n\r\n",
		rule: RulePort},
	{name: "1945-3.2.1-c raw 0xE9", in: "GET /caf‸\xe9 HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "1945-3.2.1-c bar", in: "GET /a‸|b HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "1945-3.2.1-b %zz", in: "GET /%‸zz HTTP/1.0\r\n\r\n", rule: RulePctEncoded},
	{name: "1945-3.2.1-b %4", in: "GET /%4‸ HTTP/1.0\r\n\r\n", rule: RulePctEncoded},
	{name: "1945-3.2.1-b %", in: "GET /%‸ HTTP/1.0\r\n\r\n", rule: RulePctEncoded},
	{name: "1945-3.2.1-b %4g in a host", in: "GET http://a%4‸g/ HTTP/1.0\r\n\r\n",
		rule: RulePctEncoded},
	{name: "9110-4.2.1-a empty host", in: "GET http://‸/x HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "9110-4.2.1-a port only", in: "GET http://‸:80/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "9110-4.2.1-a nothing at all", in: "GET http://‸ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "9110-4.2.1-a empty brackets", in: "GET http://[‸]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "brackets not closed", in: "GET http://[::1‸/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "brackets and more", in: "GET http://[::1]‸x/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "one colon", in: "GET http://[:‸]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "three colons", in: "GET http://[::‸:]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "a group, three colons", in: "GET http://[1::‸:]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "letters and dots", in: "GET http://[ab‸..cd]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: ":: twice", in: "GET http://[1::2:‸:3]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "seven groups", in: "GET http://[1:2:3:4:5:6:7‸]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "nine groups", in: "GET http://[1:2:3:4:5:6:7:8‸:9]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "eight groups and ::", in: "GET http://[1:2:3:4::5:6:7‸:8]/ HTTP/1.0\r\n\r\n",
		rule: RuleHost},
	{name: "five digits", in: "GET http://[::1234‸5]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "a colon last", in: "GET http://[::1:‸]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "one group", in: "GET http://[1‸]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "no digit", in: "GET http://[::‸g]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "a zone", in: "GET http://[fe80::1‸%25eth0]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "IPv4 alone", in: "GET http://[1‸.2.3.4]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "IPv4 first", in: "GET http://[::1.2.3.4‸:1]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "IPv4 after seven groups", in: "GET http://[1:2:3:4:5:6:7:8‸.9.0.1]/ HTTP/1.0\r\n\r\n",
		rule: RuleHost},
	{name: "IPv4 too soon", in: "GET http://[1:2:3:4:5:1‸.2.3.4]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "three numbers", in: "GET http://[::1.2.3‸]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "five numbers", in: "GET http://[::1.2.3.4‸.5]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "256", in: "GET http://[::1.25‸6.3.4]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "a number that begins with 0", in: "GET http://[::1.0‸1.3.4]/ HTTP/1.0\r\n\r\n",
		rule: RuleHost},
	{name: "hexadecimal before a dot", in: "GET http://[::1a‸.2.3.4]/ HTTP/1.0\r\n\r\n",
		rule: RuleHost},
	{name: "a first number of 256", in: "GET http://[::256‸.2.3.4]/ HTTP/1.0\r\n\r\n",
		rule: RuleHost},
	{name: "IPvFuture in capitals", in: "GET http://[V1.a]/ HTTP/1.0\r\n\r\n", want: "GET http://[V1.a]/ 1.0"},
	{name: "IPv4 address in IPv6 without its last number", in: "GET http://[::1.2.3.‸]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "IPvFuture without a number", in: "GET http://[v‸.a]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "IPvFuture without a dot", in: "GET http://[v1‸]/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "IPvFuture without an address", in: "GET http://[v1.‸]/ HTTP/1.0\r\n\r\n",
		rule: RuleHost},
	{name: "9110-4.2.4-a user name", in: "GET http://u‸@h/ HTTP/1.0\r\n\r\n", rule: RuleHost},
	{name: "9110-4.2.4-a password", in: "GET http://u:‸p@h/ HTTP/1.0\r\n\r\n", rule: RulePort},
	{name: "9110-4.2.4-a digits for a password", in: "GET http://u:1‸@h/ HTTP/1.0\r\n\r\n",
		rule: RulePort},
	{name: "https", in: "GET http‸s://h/ HTTP/1.0\r\n\r\n", rule: RuleScheme},
	{name: "one slash", in: "GET http:/‸h/ HTTP/1.0\r\n\r\n", rule: RuleScheme},
	{name: "ftp", in: "GET ‸ftp://h/ HTTP/1.0\r\n\r\n", rule: RuleRequestTarget},
	{name: "9112-3.2.3-a host and port with GET", in: "GET ‸localhost:80 HTTP/1.0\r\n\r\n",
		rule: RuleRequestTarget},
	{name: "target forgotten", in: "GET HTTP‸/1.1\r\n\r\n", rule: RuleScheme},
	{name: "CONNECT without port", in: "CONNECT h‸ HTTP/1.0\r\n\r\n", rule: RulePort},
	{name: "CONNECT with empty port", in: "CONNECT h:‸ HTTP/1.0\r\n\r\n", rule: RulePort},
	{name: "CONNECT with letters for port", in: "CONNECT h:‸x HTTP/1.0\r\n\r\n", rule: RulePort},
	{name: "CONNECT with a path at the end", in: "CONNECT h:1‸/ HTTP/1.0\r\n\r\n",
		rule: RuleRequestTarget},
	{name: "CONNECT with a URL", in: "CONNECT http:‸//h/ HTTP/1.0\r\n\r\n", rule: RulePort},

	// Fields.
	{name: "9112-2.2-h blank first line", in: "GET / HTTP/1.0\r\n‸ X: y\r\n\r\n",
		rule: RuleFieldName},
	{name: "9112-2.2-h HTAB first", in: "GET / HTTP/1.0\r\n‸\tX: y\r\n\r\n", rule: RuleFieldName},
	{name: "1945-2.2-b folded field", in: "GET / HTTP/1.0\r\nX: a\r\n‸  b\r\n\r\n",
		rule: RuleObsFold},
	{name: "1945-2.2-b folded by HTAB", in: "GET / HTTP/1.0\r\nX:\r\n‸\tb\r\n\r\n",
		rule: RuleObsFold},
	{name: "1945-4.1-a line of blanks", in: "GET / HTTP/1.0\r\nA: b\r\n‸ \r\n\r\n",
		rule: RuleObsFold},
	{name: "1945-4.2-a no colon", in: "GET / HTTP/1.0\r\nNoColon‸\r\n\r\n", rule: RuleFieldName},
	{name: "1945-4.2-a empty name", in: "GET / HTTP/1.0\r\n‸: v\r\n\r\n", rule: RuleFieldName},
	{name: "1945-4.2-a space before the colon", in: "GET / HTTP/1.0\r\nX‸ : v\r\n\r\n",
		rule: RuleFieldName},
	{name: "1945-4.2-a HTAB before the colon", in: "GET / HTTP/1.0\r\nX‸\t: v\r\n\r\n",
		rule: RuleFieldName},
	{name: "1945-2.2-e parenthesis in a name", in: "GET / HTTP/1.0\r\nNa‸(me: x\r\n\r\n",
		rule: RuleFieldName},
	{name: "parenthesis after a field", in: "GET / HTTP/1.0\r\nA: b\r\n‸(c): d\r\n\r\n", rule: RuleFieldName},
	{name: "NUL for CR, and another field", in: "GET / HTTP/1.0\r\nA: b‸\x00\nC: d\r\n\r\n", rule: RuleFieldValue},
	{name: "obs-text in a name", in: "GET / HTTP/1.0\r\nNa‸\xefme: x\r\n\r\n", rule: RuleFieldName},
	{name: "9110-5.5-a NUL", in: "GET / HTTP/1.0\r\nX: a‸\x00b\r\n\r\n", rule: RuleFieldValue},
	{name: "9110-5.5-a LF", in: "GET / HTTP/1.0\r\nX: a‸\nb\r\n\r\n", rule: RuleFieldValue},
	{name: "9110-5.5-a NUL after blanks", in: "GET / HTTP/1.0\r\nX: a \t‸\x00\r\n\r\n",
		rule: RuleFieldValue},
	{name: "9110-5.5-b SOH", in: "GET / HTTP/1.0\r\nX: a‸\x01b\r\n\r\n", rule: RuleFieldValue},
	{name: "9110-5.5-b ESC first", in: "GET / HTTP/1.0\r\nX: ‸\x1b[31m\r\n\r\n",
		rule: RuleFieldValue},
	{name: "9110-5.5-b DEL", in: "GET / HTTP/1.0\r\nX: ‸\x7f\r\n\r\n", rule: RuleFieldValue},
	{name: "one field more than there is room for",
		in: "GET / HTTP/1.0\r\n" + fields + "‸A: b\r\n\r\n", rule: RuleFieldLimit},

	// Not a request.
	{name: "TLS", in: "‸\x16\x03\x01\x02\x00\r\n", rule: RuleMethod},
	{name: "a word", in: "HELLO‸\r\n", rule: RuleMethod},
	{name: "a status-line", in: "HTTP‸/1.0 200 OK\r\n\r\n", rule: RuleMethod},
}

// room is storage for fields, which the tests share because they read at every length
var room = make(Fields, 0, DefaultFields)

func readRequest(t *testing.T, b []byte) (int, string, error) {
	req := Request{Fields: room}
	n, err := ConsumeRequestHead(b, &req)
	if err != nil {
		return n, "", err
	}
	checkViews(t, b, req.Fields)
	if !bytes.HasPrefix(b[req.Offset:], req.Method) || len(req.Head) != n {
		t.Errorf("offset of the method %d, length of the head %d", req.Offset, len(req.Head))
	}
	v := req.Version
	return n, fmt.Sprintf("%s %s %d.%d", req.Method, req.Target, v.Major, v.Minor) +
		showFields(req.Fields), nil
}

func TestRequestHead(t *testing.T) { runRows(t, requestHeads, readRequest) }

// A target that begins like "http" and does not go on so is wrong at its first octet, as any other target is.
func TestAlmostScheme(t *testing.T) {
	const line = "GET "
	for _, tt := range []struct {
		target string
		wrong  int // how many octets of it show that it is wrong
	}{{"hello", 2}, {"h", 2}, {"HTML", 3}, {"htt.p", 4}, {"h:1", 2}} {
		in := []byte(line + tt.target + " HTTP/1.0\r\n\r\n")
		checkIncomplete(t, in, len(line)+tt.wrong-1, readRequest)
		for end := len(line) + tt.wrong; end <= len(in); end++ {
			_, _, err := readRequest(t, in[:end])
			fault(t, err, in, len(line), RuleRequestTarget)
		}
	}
}

var simpleRequests = []row{
	{name: "1945-3.1-a no version", in: "GET /address_book/api/v1.0/addresses\r\n",
		want: "/address_book/api/v1.0/addresses"},
	{name: "query", in: "GET /?a=%20\r\n", want: "/?a=%20"},
	{name: "1945-4.1-b POST", in: "‸POST /\r\n", rule: RuleMethod},
	{name: "1945-4.1-b HEAD", in: "‸HEAD /\r\n", rule: RuleMethod},
	{name: "1945-4.1-b get", in: "‸get /\r\n", rule: RuleMethod},
	{name: "GETS", in: "GET‸S /\r\n", rule: RuleSP},
	{name: "two spaces", in: "GET ‸ /\r\n", rule: RuleRequestTarget},
	{name: "no slash", in: "GET ‸x\r\n", rule: RuleRequestTarget},
	{name: "URL", in: "GET ‸http://h/\r\n", rule: RuleRequestTarget},
	{name: "space at the end", in: "GET /x‸ \r\n", rule: RuleCRLF},
	{name: "version", in: "GET /x‸ HTTP/1.0\r\n", rule: RuleCRLF},
	{name: "LF", in: "GET /x‸\n", rule: RuleCRLF},
	{name: "escape", in: "GET /%‸x\r\n", rule: RulePctEncoded},
	{name: "no empty line first", in: "‸\r\nGET /\r\n", rule: RuleMethod},
}

func TestSimpleRequest(t *testing.T) {
	runRows(t, simpleRequests, func(_ *testing.T, b []byte) (int, string, error) {
		target, n, err := ReadSimpleRequest(b)
		return n, string(target), err
	})
}

// TestLongNameAndValue tries each octet at each place of a long name and of a long value.
func TestLongNameAndValue(t *testing.T) {
	const line = "GET / HTTP/1.0\r\n"
	name, value := "Letters-and.Digits0123456789-Letters_", ":"+strings.Repeat("v~\xff w", 8)
	for c := range 256 {
		for at := 1; at < len(name); at++ {
			in := []byte(line + name + value + "\r\n\r\n")
			in[len(line)+at] = byte(c)
			allowed := strings.IndexByte(tchar+":", byte(c)) >= 0
			checkOctet(t, in, len(line)+at, RuleFieldName, allowed)
		}
		for at := 1; at < len(value); at++ {
			in := []byte(line + name + value + "\r\n\r\n")
			in[len(line+name)+at] = byte(c)
			allowed := c >= ' ' && c != 0x7F || c == '\t'
			if c == '\r' {
				checkOctet(t, in, len(line+name)+at+1, RuleCRLF, false)
			} else {
				checkOctet(t, in, len(line+name)+at, RuleFieldValue, allowed)
			}
		}
	}
}

// checkOctet checks that in is a head if allowed is set, and breaks the rule at an octet otherwise.
func checkOctet(t *testing.T, in []byte, at int, rule Rule, allowed bool) {
	t.Helper()
	req := Request{Fields: room}
	_, err := ConsumeRequestHead(in, &req)
	switch {
	case !allowed:
		fault(t, err, in, at, rule)
	case err != nil:
		t.Errorf("%q: %v", in, err)
	}
}

// ConsumeRequest reads both forms. If both attempts fail, the one that read more octets counts.
func TestConsumeRequest(t *testing.T) {
	runRows(t, []row{
		{name: "Full-Request", in: "GET / HTTP/1.0\r\nA: b\r\n\r\n", want: "GET / 1.0 [A: b] false"},
		{name: "Simple-Request", in: "GET /a\r\n", want: "GET /a 0.9 true"},
		{name: "no version, no GET", in: "POST /‸\r\n", rule: RuleRequestTarget},
		{name: "LF without a version", in: "GET /‸\n", rule: RuleRequestTarget},
		{name: "CR in the target", in: "GET /\r‸X", rule: RuleCRLF},
		{name: "wrong version", in: "GET / H‸ttp", rule: RuleHTTPVersion},
	}, func(t *testing.T, b []byte) (int, string, error) {
		req := Request{Fields: room, Simple: true, Body: []byte("set by the caller")}
		n, err := ConsumeRequest(b, &req)
		if string(req.Body) != "set by the caller" {
			t.Errorf("the body became %q", req.Body)
		}
		if err == nil && (len(req.Head) != n || req.Offset != 0) {
			t.Errorf("head of %d octets, method at %d", len(req.Head), req.Offset)
		}
		if err == nil && req.Check() != nil {
			t.Error(req.Check()) // no request-line has the version of a Simple-Request
		}
		return n, fmt.Sprintf("%s %s %d.%d%s %v", req.Method, req.Target, req.Version.Major,
			req.Version.Minor, showFields(req.Fields), req.Simple), err
	})
}

const (
	alnum = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	tchar = alnum + "!#$%&'*+-.^_`|~"
)

// Each octet in each place that a class of octets is for: 1945-2.2-e, 1945-3.2.1-a, 1945-3.2.1-c,
// 9110-5.5-a, 9110-5.5-b, 9110-5.5-c.
func TestOctets(t *testing.T) {
	const (
		target = alnum + "-._~!$&'()*+,;=:@/?"
		host   = alnum + "-._~!$&'()*+,;="
	)
	var visible strings.Builder
	visible.WriteString("\t ")
	for c := 0x21; c <= 0xFF; c++ {
		if c != 0x7F {
			visible.WriteString(string([]byte{byte(c)}))
		}
	}
	places := []struct{ name, before, after, allowed string }{
		{"method", "", " / HTTP/1.0\r\n\r\n", tchar},
		{"second octet of the method", "G", " / HTTP/1.0\r\n\r\n", tchar},
		{"target", "GET /", " HTTP/1.0\r\n\r\n", target},
		{"host", "GET http://", "/ HTTP/1.0\r\n\r\n", host},
		{"port", "GET http://h:", "/ HTTP/1.0\r\n\r\n", alnum[:10] + "/?"},
		{"first hexadecimal digit", "GET /%", "0 HTTP/1.0\r\n\r\n", "0123456789ABCDEFabcdef"},
		{"second hexadecimal digit", "GET /%0", " HTTP/1.0\r\n\r\n", "0123456789ABCDEFabcdef"},
		{"address", "GET http://[::", "]/ HTTP/1.0\r\n\r\n", "0123456789ABCDEFabcdef"},
		{"first octet of an address", "GET http://[", "::]/ HTTP/1.0\r\n\r\n",
			"0123456789ABCDEFabcdef"},
		{"IPvFuture", "GET http://[v1.", "]/ HTTP/1.0\r\n\r\n", host + ":"},
		{"major version", "GET / HTTP/", ".0\r\n\r\n", alnum[:10]},
		{"minor version", "GET / HTTP/1.", "\r\n\r\n", alnum[:10]},
		{"field name", "GET / HTTP/1.0\r\n", ": v\r\n\r\n", tchar},
		{"field value", "GET / HTTP/1.0\r\nX:", "\r\n\r\n", visible.String()},
	}
	for _, p := range places {
		for c := range 256 {
			var req Request
			_, err := ConsumeRequestHead([]byte(p.before+string([]byte{byte(c)})+p.after), &req)
			checkClass(t, p.name, byte(c), p.allowed, err)
		}
	}
	for c := range 256 {
		var resp Response
		_, err := ConsumeResponseHead([]byte("HTTP/1.0 200 "+string([]byte{byte(c)})+"\r\n\r\n"), &resp)
		checkClass(t, "reason", byte(c), visible.String(), err)
		_, err = ConsumeResponseHead([]byte("HTTP/1.0 20"+string([]byte{byte(c)})+" \r\n\r\n"), &resp)
		checkClass(t, "status code", byte(c), alnum[:10], err)
	}
}

func checkClass(t *testing.T, place string, c byte, allowed string, err error) {
	t.Helper()
	if ok := strings.IndexByte(allowed, c) >= 0; ok != (err == nil) {
		t.Errorf("%s %q: err = %v, want allowed = %v", place, c, err, ok)
	}
}

// The storage of a response is used again, and grows. A response of few fields does not allocate room for
// MaxResponseFields.
func TestStorageOfResponseFields(t *testing.T) {
	var resp Response
	for _, tt := range []struct{ fields, most int }{{3, DefaultFields}, {DefaultFields + 1, MaxResponseFields},
		{MaxResponseFields, MaxResponseFields}, {2, MaxResponseFields}} {
		in := []byte("HTTP/1.0 200 OK\r\n" + strings.Repeat("A: b\r\n", tt.fields) + "\r\n")
		n, err := ConsumeResponseHead(in, &resp)
		if n != len(in) || err != nil || len(resp.Fields) != tt.fields || cap(resp.Fields) > tt.most {
			t.Errorf("%d fields: %d octets, %v, %d fields in room for %d", tt.fields, n, err, len(resp.Fields), cap(resp.Fields))
		}
	}
	resp.Fields = make(Fields, 0, 2*MaxResponseFields)
	b, at := point("HTTP/1.0 200 OK\r\n" + strings.Repeat("A: b\r\n", MaxResponseFields) + "‸A: b\r\n\r\n")
	_, err := ConsumeResponseHead(b, &resp)
	fault(t, err, b, at, RuleFieldLimit)
}

// The capacity of the caller's storage is the limit. Its former contents do not matter.
func TestStorageOfFields(t *testing.T) {
	req := Request{Fields: make(Fields, 2)}
	in := []byte("GET / HTTP/1.0\r\nA: b\r\nC: d\r\n\r\n")
	if _, err := ConsumeRequestHead(in, &req); err != nil || len(req.Fields) != 2 {
		t.Fatalf("%d fields, err = %v", len(req.Fields), err)
	}
	room := &req.Fields[0]
	if _, err := ConsumeRequestHead(in[:22], &req); !errors.Is(err, ErrIncomplete) {
		t.Fatal(err)
	}
	if _, err := ConsumeRequestHead([]byte("GET / HTTP/1.0\r\nE: f\r\n\r\n"), &req); err != nil ||
		showFields(req.Fields) != " [E: f]" || room != &req.Fields[0] {
		t.Errorf("fields%s, err = %v", showFields(req.Fields), err)
	}
	b, at := point("GET / HTTP/1.0\r\nA: b\r\nC: d\r\n‸E: f\r\n\r\n")
	_, err := ConsumeRequestHead(b, &req)
	fault(t, err, b, at, RuleFieldLimit)
}

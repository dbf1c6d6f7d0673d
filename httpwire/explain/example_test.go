package explain_test

import (
	"fmt"
	"os"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
)

func ExampleRequest() {
	fmt.Print(explain.Request([]byte("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")))
	// Output:
	// offset   len  octets                     rule           RFC section
	//      0     3  GET                        method         1945 8.1, 9110 9.3.1
	//                                          The client asks for the resource. GET
	//                                          is safe: it asks for no change.
	//      3     1  ␠                          SP             1945 5.1, 9112 3
	//                                          Exactly one space separates the parts
	//                                          of this line.
	//      4     1  /                          request-target 1945 5.1.2, 9112 3.2
	//                                          This is the path of the resource on
	//                                          the server.
	//      5     1  ␠                          SP             1945 5.1, 9112 3
	//      6     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
	//                                          The client speaks HTTP/1.0. The
	//                                          connection closes after the response.
	//     14     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
	//                                          CR LF ends the line.
	//     16     4  Host                       field-name     9110 7.2
	//                                          The client wants this host and port.
	//                                          One address may serve many hosts.
	//     20     1  :                          colon          1945 4.2, 9112 5
	//                                          The colon ends the name. No space may
	//                                          stand before it.
	//     21     1  ␠                          OWS            9110 5.6.3, 9112 5
	//                                          White space around a value is not part
	//                                          of the value.
	//     22     9  localhost                  field-value    1945 4.2, 9110 5.5
	//     31     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
	//     33     2  ␍␊                         empty line     1945 4.1, 9112 2.1
	//                                          The empty line ends the head. No body
	//                                          follows, because there is no
	//                                          Content-Length.
}

func ExampleResponse() {
	octets := "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nhi\n"
	fmt.Print(explain.Response([]byte(octets), []byte("GET")))
	// Output:
	// offset   len  octets                     rule           RFC section
	//      0     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
	//                                          The server speaks HTTP/1.0.
	//      8     1  ␠                          SP             1945 6.1, 9112 4
	//                                          Exactly one space separates the parts
	//                                          of this line.
	//      9     3  200                        status-code    1945 9.2, 9110 15.3.1
	//                                          OK: the request has succeeded.
	//     12     1  ␠                          SP             1945 6.1, 9112 4
	//     13     2  OK                         reason-phrase  1945 6.1.1, 9112 4
	//                                          This text is for people. Programs use
	//                                          the code alone.
	//     15     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
	//                                          CR LF ends the line.
	//     17    14  Content-Length             field-name     1945 10.4, 9110 8.6
	//                                          This is the length of the body in
	//                                          octets.
	//     31     1  :                          colon          1945 4.2, 9112 5
	//                                          The colon ends the name. No space may
	//                                          stand before it.
	//     32     1  ␠                          OWS            9110 5.6.3, 9112 5
	//                                          White space around a value is not part
	//                                          of the value.
	//     33     1  3                          field-value    1945 4.2, 9110 5.5
	//     34     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
	//     36     2  ␍␊                         empty line     1945 4.1, 9112 2.1
	//                                          The empty line ends the head.
	//                                          Content-Length says that 3 octets of
	//                                          body follow.
	//     38     3  hi␊                        message-body   1945 7.2, 9112 6
	//                                          This is the whole body: 3 octets.
}

func ExampleAppendHex() {
	l := explain.Request([]byte("GET /address_book HTTP/1.0\r\n\r\n"))
	os.Stdout.Write(explain.AppendHex(nil, l))
	// Output:
	// offset  hex                                  text          rule
	//      0  47 45 54                             GET           method
	//      3  20                                   ␠             SP
	//      4  2F 61 64 64 72 65 73 73 5F 62 6F 6F  /address_boo  request-target
	//     16  6B                                   k
	//     17  20                                   ␠             SP
	//     18  48 54 54 50 2F 31 2E 30              HTTP/1.0      HTTP-version
	//     26  0D 0A                                ␍␊            CRLF
	//     28  0D 0A                                ␍␊            empty line
}

func ExampleAppendError() {
	octets := []byte("GET  /address_book/api/v1.0/addresses HTTP/1.0\r\n\r\n")
	_, err := httpwire.ConsumeRequestHead(octets, new(httpwire.Request))
	os.Stdout.Write(explain.AppendError(nil, octets, err))
	// Output:
	// error: two spaces between method and request-target
	//   offset 4, line 1, column 5
	//   | GET␠␠/address_book/api/v1.0/addresses␠HTTP/1.0␍␊
	//   |     ^ expected request-target, found SP
	//   want  a path that begins with "/", then one SP and the version
	//   rule  request-line = method SP request-target SP HTTP-version
	//         our choice; RFC 9112 section 3 allows it
	//   help  send exactly one space:  GET /address_book/api/v1.0/addresses HTTP/1.0
}

func ExampleAppendError_incomplete() {
	octets := []byte("GET / HTTP/1.0\r\nHost: localhost\r\n")
	_, err := httpwire.ConsumeRequestHead(octets, new(httpwire.Request))
	os.Stdout.Write(explain.AppendError(nil, octets, err))
	// Output:
	// error: the empty line that ends the head has not come
	//   offset 33, line 3, column 1
	//   | Host:␠localhost␍␊
	//   |
	//   | ^ expected empty line, nothing here yet
	//   have  33 octets
	//   want  CR LF (the empty line that ends the head), or one more field
	//   rule  *( field-line CRLF ) CRLF
	//         MUST: RFC 1945 section 4.1, RFC 9112 section 2.1
	//   help  send an empty line: CR LF and nothing else (at a keyboard: Enter once
	//         more)
}

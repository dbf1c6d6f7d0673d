package explain

// golden holds the listings of messages, as they are printed.
var golden = map[string]string{
	"get": `
offset   len  octets                     rule           RFC section
     0     3  GET                        method         1945 8.1, 9110 9.3.1
                                         The client asks for the resource. GET
                                         is safe: it asks for no change.
     3     1  ␠                          SP             1945 5.1, 9112 3
                                         Exactly one space separates the parts
                                         of this line.
     4    32  /address_book/api/v1.0/ad  request-target 1945 5.1.2, 9112 3.2
              dresses                    This is the path of the resource on
                                         the server.
    36     1  ␠                          SP             1945 5.1, 9112 3
    37     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
                                         The client speaks HTTP/1.0. The
                                         connection closes after the response.
    45     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         CR LF ends the line.
    47     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head. No body
                                         follows, because there is no
                                         Content-Length.
`,

	"post": `
offset   len  octets                     rule           RFC section
     0     4  POST                       method         1945 8.3, 9110 9.3.3
                                         The client asks the resource to
                                         process the body. A POST sent twice
                                         may act twice.
     4     1  ␠                          SP             1945 5.1, 9112 3
                                         Exactly one space separates the parts
                                         of this line.
     5     6  /a?b=c                     request-target 1945 5.1.2, 9112 3.2
                                         This is the path of the resource on
                                         the server, and a query after "?".
    11     1  ␠                          SP             1945 5.1, 9112 3
    12     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
                                         The client speaks HTTP/1.0. The
                                         connection closes after the response.
    20     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         CR LF ends the line.
    22    12  Content-Type               field-name     1945 10.5, 9110 8.3
                                         The body is in this format.
    34     1  :                          colon          1945 4.2, 9112 5
                                         The colon ends the name. No space may
                                         stand before it.
    35     1  ␠                          OWS            9110 5.6.3, 9112 5
                                         White space around a value is not part
                                         of the value.
    36    16  application/json           field-value    1945 4.2, 9110 5.5
    52     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    54    14  Content-Length             field-name     1945 10.4, 9110 8.6
                                         This is the length of the body in
                                         octets.
    68     1  :                          colon          1945 4.2, 9112 5
    69     1  ␠                          OWS            9110 5.6.3, 9112 5
    70     2  26                         field-value    1945 4.2, 9110 5.5
    72     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    74     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head.
                                         Content-Length says that 26 octets of
                                         body follow.
    76    26  {"ID": 1, "number":␠       message-body   1945 7.2, 9112 6
              "two"}                     This is the whole body: 26 octets.
`,

	"simple request": `
offset   len  octets                     rule           RFC section
     0     3  GET                        method         1945 8.1, 9110 9.3.1
                                         The client asks for the resource. GET
                                         is safe: it asks for no change.
     3     1  ␠                          SP             1945 5.1, 9112 3
                                         Exactly one space separates the parts
                                         of this line.
     4     2  /a                         request-target 1945 5.1.2, 9112 3.2
                                         This is the path of the resource on
                                         the server.
     6     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         The line ends without a version. This
                                         is a Simple-Request of HTTP/0.9: the
                                         response is a body without a head.
`,

	"two spaces": `
offset   len  octets                     rule           RFC section
     0     3  GET                        method         1945 8.1, 9110 9.3.1
                                         The client asks for the resource. GET
                                         is safe: it asks for no change.
     3     1  ␠                          SP             1945 5.1, 9112 3
                                         Exactly one space separates the parts
                                         of this line.
     4    15  ␠/␠HTTP/1.0␍␊              not read       our choice
              ␍␊                         The parser stopped before these
                                         octets. The error says why.

error: two spaces between method and request-target
  offset 4, line 1, column 5
  | GET␠␠/␠HTTP/1.0␍␊
  |     ^ expected request-target, found SP
  want  a path that begins with "/", then one SP and the version
  rule  request-line = method SP request-target SP HTTP-version
        our choice; RFC 9112 section 3 allows it
  help  send exactly one space:  GET / HTTP/1.0
`,

	"cut short": `
offset   len  octets                     rule           RFC section
     0     4  POST                       method         1945 8.3, 9110 9.3.3
                                         The client asks the resource to
                                         process the body. A POST sent twice
                                         may act twice.
     4     1  ␠                          SP             1945 5.1, 9112 3
                                         Exactly one space separates the parts
                                         of this line.
     5     1  /                          request-target 1945 5.1.2, 9112 3.2
                                         This is the path of the resource on
                                         the server.
     6     1  ␠                          SP             1945 5.1, 9112 3
     7     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
                                         The client speaks HTTP/1.0. The
                                         connection closes after the response.
    15     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         CR LF ends the line.
    17    14  Content-Length             field-name     1945 10.4, 9110 8.6
                                         This is the length of the body in
                                         octets.
    31     1  :                          colon          1945 4.2, 9112 5
                                         The colon ends the name. No space may
                                         stand before it.
    32     1  ␠                          OWS            9110 5.6.3, 9112 5
                                         White space around a value is not part
                                         of the value.
    33     1  9                          field-value    1945 4.2, 9110 5.5
    34     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    36     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head.
                                         Content-Length says that 9 octets of
                                         body follow.
    38     3  {"I                        message-body   1945 7.2, 9112 6
                                         The body has 9 octets. Only 3 came.

error: the body is shorter than Content-Length says
  offset 41, line 4, column 4
  | {"I
  |    ^ expected message-body, nothing here yet
  have  41 octets; expecting 6 more of 9 octets of body
  want  the octets of the body, as many as Content-Length says
  rule  message-body = *OCTET
        MUST: RFC 1945 section 7.2, RFC 9112 section 6
  help  send as many octets as Content-Length announces, or correct the number;
        3 octets follow the empty line:
        Content-Length: 3
`,

	"surplus": `
offset   len  octets                     rule           RFC section
     0     3  GET                        method         1945 8.1, 9110 9.3.1
                                         The client asks for the resource. GET
                                         is safe: it asks for no change.
     3     1  ␠                          SP             1945 5.1, 9112 3
                                         Exactly one space separates the parts
                                         of this line.
     4     1  /                          request-target 1945 5.1.2, 9112 3.2
                                         This is the path of the resource on
                                         the server.
     5     1  ␠                          SP             1945 5.1, 9112 3
     6     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
                                         The client speaks HTTP/1.0. The
                                         connection closes after the response.
    14     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         CR LF ends the line.
    16     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head. No body
                                         follows, because there is no
                                         Content-Length.
    18     3  GET                        surplus        9112 6.3
                                         The message has ended. This is the
                                         next message, or a body that nothing
                                         announces.
`,

	"simple request, surplus": `
offset   len  octets                     rule           RFC section
     0     3  GET                        method         1945 8.1, 9110 9.3.1
                                         The client asks for the resource. GET
                                         is safe: it asks for no change.
     3     1  ␠                          SP             1945 5.1, 9112 3
                                         Exactly one space separates the parts
                                         of this line.
     4     2  /a                         request-target 1945 5.1.2, 9112 3.2
                                         This is the path of the resource on
                                         the server.
     6     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         The line ends without a version. This
                                         is a Simple-Request of HTTP/0.9: the
                                         response is a body without a head.
     8     2  ␍␊                         surplus        9112 6.3
                                         A Simple-Request is one line. These
                                         octets are not part of it.
`,

	"long value": `
offset   len  octets                     rule           RFC section
     0     3  GET                        method         1945 8.1, 9110 9.3.1
                                         The client asks for the resource. GET
                                         is safe: it asks for no change.
     3     1  ␠                          SP             1945 5.1, 9112 3
                                         Exactly one space separates the parts
                                         of this line.
     4     1  /                          request-target 1945 5.1.2, 9112 3.2
                                         This is the path of the resource on
                                         the server.
     5     1  ␠                          SP             1945 5.1, 9112 3
     6     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
                                         The client speaks HTTP/1.0. The
                                         connection closes after the response.
    14     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         CR LF ends the line.
    16     6  Pragma                     field-name     1945 10.12, 9111 5.4
                                         In a request, no-cache asks for a
                                         fresh response. HTTP/1.1 has
                                         Cache-Control for that.
    22     1  :                          colon          1945 4.2, 9112 5
                                         The colon ends the name. No space may
                                         stand before it.
    23     1  ␠                          OWS            9110 5.6.3, 9112 5
                                         White space around a value is not part
                                         of the value.
    24    97                             field-value    1945 4.2, 9110 5.5
              name=value; name=value; name=value; name=value; name=value;␠
    84        name=value; name=value; name=value; \xE9
   121     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
   123     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head. No body
                                         follows, because there is no
                                         Content-Length.
`,

	"ok": `
offset   len  octets                     rule           RFC section
     0     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
                                         The server speaks HTTP/1.0.
     8     1  ␠                          SP             1945 6.1, 9112 4
                                         Exactly one space separates the parts
                                         of this line.
     9     3  200                        status-code    1945 9.2, 9110 15.3.1
                                         OK: the request has succeeded.
    12     1  ␠                          SP             1945 6.1, 9112 4
    13     2  OK                         reason-phrase  1945 6.1.1, 9112 4
                                         This text is for people. Programs use
                                         the code alone.
    15     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         CR LF ends the line.
    17    12  Content-Type               field-name     1945 10.5, 9110 8.3
                                         The body is in this format.
    29     1  :                          colon          1945 4.2, 9112 5
                                         The colon ends the name. No space may
                                         stand before it.
    30     1  ␠                          OWS            9110 5.6.3, 9112 5
                                         White space around a value is not part
                                         of the value.
    31    16  application/json           field-value    1945 4.2, 9110 5.5
    47     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    49    14  Content-Length             field-name     1945 10.4, 9110 8.6
                                         This is the length of the body in
                                         octets.
    63     1  :                          colon          1945 4.2, 9112 5
    64     1  ␠                          OWS            9110 5.6.3, 9112 5
    65     2  26                         field-value    1945 4.2, 9110 5.5
    67     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    69     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head.
                                         Content-Length says that 26 octets of
                                         body follow.
    71    25                             message-body   1945 7.2, 9112 6
                                         The body has 26 octets. Only 25 came.
              {␊
    73          "addresses": "none"␊
    95        }

error: the body is shorter than Content-Length says
  offset 96, line 7, column 2
  | }
  |  ^ expected message-body, nothing here yet
  have  96 octets; expecting 1 more of 26 octets of body
  want  the octets of the body, as many as Content-Length says
  rule  message-body = *OCTET
        MUST: RFC 1945 section 7.2, RFC 9112 section 6
  help  send as many octets as Content-Length announces, or correct the number;
        25 octets follow the empty line:
        Content-Length: 25
`,

	"early hints, chunked": `
offset   len  octets                     rule           RFC section
     0     8  HTTP/1.1                   HTTP-version   1945 3.1, 9112 2.3
                                         The server speaks HTTP/1.1.
     8     1  ␠                          SP             1945 6.1, 9112 4
                                         Exactly one space separates the parts
                                         of this line.
     9     3  103                        status-code    8297 2
                                         Early Hints: the final response will
                                         probably have these fields.
    12     1  ␠                          SP             1945 6.1, 9112 4
    13    11  Early Hints                reason-phrase  1945 6.1.1, 9112 4
                                         This text is for people. Programs use
                                         the code alone.
    24     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         CR LF ends the line.
    26     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head. This is
                                         an interim response: another response
                                         follows.
    28     8  HTTP/1.1                   HTTP-version   1945 3.1, 9112 2.3
    36     1  ␠                          SP             1945 6.1, 9112 4
    37     3  200                        status-code    1945 9.2, 9110 15.3.1
                                         OK: the request has succeeded.
    40     1  ␠                          SP             1945 6.1, 9112 4
    41     2  OK                         reason-phrase  1945 6.1.1, 9112 4
    43     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    45    17  Transfer-Encoding          field-name     9112 6.1
                                         The sender frames the body in this
                                         way. HTTP/1.0 has no such field.
    62     1  :                          colon          1945 4.2, 9112 5
                                         The colon ends the name. No space may
                                         stand before it.
    63     1  ␠                          OWS            9110 5.6.3, 9112 5
                                         White space around a value is not part
                                         of the value.
    64     7  chunked                    field-value    1945 4.2, 9110 5.5
                                         The body comes in chunks. The size of
                                         each chunk comes first.
    71     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    73     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head. The body
                                         follows in chunks.
    75     1  5                          chunk-size     9112 7.1
                                         A chunk of 5 octets follows. The size
                                         is hexadecimal.
    76     4  ;a=b                       chunk-ext      9112 7.1.1
                                         This says more about the chunk.
                                         Recipients ignore extensions that they
                                         do not know.
    80     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    82     5  hello                      chunk-data     9112 7.1
                                         This is the whole chunk: 5 octets.
    87     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    89     1  5                          chunk-size     9112 7.1
                                         A chunk of 5 octets follows. The size
                                         is hexadecimal.
    90     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    92     5  ␠worl                      chunk-data     9112 7.1
                                         This is the whole chunk: 5 octets.
    97     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    99     1  0                          chunk-size     9112 7.1
                                         A chunk of size 0 is the last one.
                                         Fields that follow it are the trailer.
   100     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
   102     3  X-T                        field-name     1945 7.1, 9110 5.1
                                         This listing does not know this field.
                                         Recipients ignore unknown fields.
   105     1  :                          colon          1945 4.2, 9112 5
   106     1  ␠                          OWS            9110 5.6.3, 9112 5
   107     1  1                          field-value    1945 4.2, 9110 5.5
   108     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
   110     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the chunked body
                                         and the message.
`,

	"until close, binary": `
offset   len  octets                     rule           RFC section
     0     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
                                         The server speaks HTTP/1.0.
     8     1  ␠                          SP             1945 6.1, 9112 4
                                         Exactly one space separates the parts
                                         of this line.
     9     3  200                        status-code    1945 9.2, 9110 15.3.1
                                         OK: the request has succeeded.
    12     1  ␠                          SP             1945 6.1, 9112 4
    13     2  OK                         reason-phrase  1945 6.1.1, 9112 4
                                         This text is for people. Programs use
                                         the code alone.
    15     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         CR LF ends the line.
    17     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head. The body
                                         ends when the connection closes,
                                         because no length is given.
    19   350                             message-body   1945 7.2, 9112 6
                                         This is the body: 350 octets, until
                                         the connection closes.
              00 1B 5B 33 31 6D FF 00 1B 5B 33 31 6D FF 00 1B  ..[31m...[31m...
    35        5B 33 31 6D FF 00 1B 5B 33 31 6D FF 00 1B 5B 33  [31m...[31m...[3
    51        31 6D FF 00 1B 5B 33 31 6D FF 00 1B 5B 33 31 6D  1m...[31m...[31m
    67        FF 00 1B 5B 33 31 6D FF 00 1B 5B 33 31 6D FF 00  ...[31m...[31m..
    83        1B 5B 33 31 6D FF 00 1B 5B 33 31 6D FF 00 1B 5B  .[31m...[31m...[
    99        33 31 6D FF 00 1B 5B 33 31 6D FF 00 1B 5B 33 31  31m...[31m...[31
   115        6D FF 00 1B 5B 33 31 6D FF 00 1B 5B 33 31 6D FF  m...[31m...[31m.
   131        00 1B 5B 33 31 6D FF 00 1B 5B 33 31 6D FF 00 1B  ..[31m...[31m...
   147        5B 33 31 6D FF 00 1B 5B 33 31 6D FF 00 1B 5B 33  [31m...[31m...[3
   163        31 6D FF 00 1B 5B 33 31 6D FF 00 1B 5B 33 31 6D  1m...[31m...[31m
   179        FF 00 1B 5B 33 31 6D FF 00 1B 5B 33 31 6D FF 00  ...[31m...[31m..
   195        1B 5B 33 31 6D FF 00 1B 5B 33 31 6D FF 00 1B 5B  .[31m...[31m...[
   211        33 31 6D FF 00 1B 5B 33 31 6D FF 00 1B 5B 33 31  31m...[31m...[31
   227        6D FF 00 1B 5B 33 31 6D FF 00 1B 5B 33 31 6D FF  m...[31m...[31m.
   243        00 1B 5B 33 31 6D FF 00 1B 5B 33 31 6D FF 00 1B  ..[31m...[31m...
   259        5B 33 31 6D FF 00 1B 5B 33 31 6D FF 00 1B 5B 33  [31m...[31m...[3
              ... 94 octets more, not shown
`,

	"head": `
offset   len  octets                     rule           RFC section
     0     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
                                         The server speaks HTTP/1.0.
     8     1  ␠                          SP             1945 6.1, 9112 4
                                         Exactly one space separates the parts
                                         of this line.
     9     3  200                        status-code    1945 9.2, 9110 15.3.1
                                         OK: the request has succeeded.
    12     1  ␠                          SP             1945 6.1, 9112 4
    13     2  OK                         reason-phrase  1945 6.1.1, 9112 4
                                         This text is for people. Programs use
                                         the code alone.
    15     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         CR LF ends the line.
    17    14  Content-Length             field-name     1945 10.4, 9110 8.6
                                         The representation has this length in
                                         octets. It is not sent here.
    31     1  :                          colon          1945 4.2, 9112 5
                                         The colon ends the name. No space may
                                         stand before it.
    32     1  ␠                          OWS            9110 5.6.3, 9112 5
                                         White space around a value is not part
                                         of the value.
    33     2  26                         field-value    1945 4.2, 9110 5.5
    35     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    37     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head. No body
                                         follows the response to HEAD, whatever
                                         the fields say.
`,

	"not modified": `
offset   len  octets                     rule           RFC section
     0     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
                                         The server speaks HTTP/1.0.
     8     1  ␠                          SP             1945 6.1, 9112 4
                                         Exactly one space separates the parts
                                         of this line.
     9     3  304                        status-code    1945 9.3, 9110 15.4.5
                                         Not Modified: the copy that the client
                                         has is still current.
    12     1  ␠                          SP             1945 6.1, 9112 4
    13    12  Not Modified               reason-phrase  1945 6.1.1, 9112 4
                                         This text is for people. Programs use
                                         the code alone.
    25     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         CR LF ends the line.
    27     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head. No body
                                         follows a 304, whatever the fields
                                         say.
`,

	"simple response": `
offset   len  octets                     rule           RFC section
     0    16  <p>café\xE2\x80\xAE</p>␊   message-body   1945 7.2, 9112 6
                                         There is no status-line. This is a
                                         Simple-Response of HTTP/0.9: a body
                                         and nothing else.
`,

	"folded": `
offset   len  octets                     rule           RFC section
     0     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
                                         The server speaks HTTP/1.0.
     8     1  ␠                          SP             1945 6.1, 9112 4
                                         Exactly one space separates the parts
                                         of this line.
     9     3  200                        status-code    1945 9.2, 9110 15.3.1
                                         OK: the request has succeeded.
    12     1  ␠                          SP             1945 6.1, 9112 4
    13     2  OK                         reason-phrase  1945 6.1.1, 9112 4
                                         This text is for people. Programs use
                                         the code alone.
    15     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
                                         CR LF ends the line.
    17     1  A                          field-name     1945 7.1, 9110 5.1
                                         This listing does not know this field.
                                         Recipients ignore unknown fields.
    18     1  :                          colon          1945 4.2, 9112 5
                                         The colon ends the name. No space may
                                         stand before it.
    19     1  ␠                          OWS            9110 5.6.3, 9112 5
                                         White space around a value is not part
                                         of the value.
    20     1  b                          field-value    1945 4.2, 9110 5.5
    21     3  ␍␊                         obs-fold       1945 2.2, 9112 5.2
              ␠                          The value continues on the next line.
                                         This is obsolete, and read as one
                                         space.
    24     1  c                          field-value    1945 4.2, 9110 5.5
    25     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    27    14  Content-Length             field-name     1945 10.4, 9110 8.6
                                         This is the length of the body in
                                         octets.
    41     1  :                          colon          1945 4.2, 9112 5
    42     1  ␠                          OWS            9110 5.6.3, 9112 5
    43     1  0                          field-value    1945 4.2, 9110 5.5
    44     2  ␍␊                         CRLF           1945 2.2, 9112 2.2
    46     2  ␍␊                         empty line     1945 4.1, 9112 2.1
                                         The empty line ends the head.
                                         Content-Length says that no body
                                         follows.
`,

	"TLS alert": `
offset   len  octets                     rule           RFC section
     0     7  \x15\x03\x01\x00\x02\x02F  message-body   1945 7.2, 9112 6
                                         This looks like TLS: the server speaks
                                         TLS at this port; use its port for
                                         plain HTTP.

error: the server spoke TLS, not HTTP/1
  offset 0, line 1, column 1
  | \x15\x03\x01\x00\x02\x02F
  | ^ expected HTTP-version, found octet 0x15
  want  HTTP/1.0, in capitals
  rule  HTTP-version = %s"HTTP/" DIGIT "." DIGIT
        MUST: RFC 1945 section 3.1, RFC 9112 section 2.3
  help  the server speaks TLS at this port; use its port for plain HTTP
`,

	"LF only": `
offset   len  octets                     rule           RFC section
     0     8  HTTP/1.0                   HTTP-version   1945 3.1, 9112 2.3
                                         The server speaks HTTP/1.0.
     8     1  ␠                          SP             1945 6.1, 9112 4
                                         Exactly one space separates the parts
                                         of this line.
     9     3  200                        status-code    1945 9.2, 9110 15.3.1
                                         OK: the request has succeeded.
    12     1  ␠                          SP             1945 6.1, 9112 4
    13     2  OK                         reason-phrase  1945 6.1.1, 9112 4
                                         This text is for people. Programs use
                                         the code alone.
    15     7                             not read       our choice
                                         The parser stopped before these
                                         octets. The error says why.
              ␊
    16        A:␠b␊
    21        ␊

error: LF without CR at the end of the line
  offset 15, line 1, column 16
  | HTTP/1.0␠200␠OK␊
  |                ^ expected reason-phrase, found LF
  want  text, then CR LF
  rule  reason-phrase = 1*( HTAB / SP / VCHAR / obs-text )
        our choice; RFC 9112 section 2.2 allows it
  help  the server should end each line of the head with CR LF (0D 0A)
`,
}

package cli

const usage = `rawclient sends literally what it is given, and shows every octet of the answer.

  rawclient [flags] REQUEST-LINE [FIELD-LINE ...]  CR LF after each, and the
                                                   empty line; nothing else
  rawclient [flags] http://host:port/path          a conforming GET, or POST if
                                                   there is a body; shown before
                                                   it is sent
  rawclient [flags] -in FILE                       a file, octet for octet
  rawclient [flags]                                on a terminal: type it

Examples, as they are typed in a checkout:
  go run ./rawclient "GET / HTTP/1.0"
  go run ./rawclient -explain "GET /address_book/api/v1.0/addresses HTTP/1.0"
  go run ./rawclient -explain=html -o page.html "GET / HTTP/1.0"
  go run ./rawclient -addr localhost:8080 "HEAD / HTTP/1.0" "Host: localhost"
  go run ./rawclient -body new.json http://localhost:12345/new
  go run ./rawclient -v http://localhost:12345/

Flags stand before the request line; a value follows after a space:
  -addr host:port  where to connect (localhost:12345); :8080 and 8080 will do.
                   With a URL, connect there instead
  -body FILE       the octets of the body; - is standard input
  -data TEXT       the text of the body. Both add Content-Length, unless a field
                   line has it
  -in FILE         the whole request; - is standard input
    -crlf          and turn LF line ends of its head into CR LF
    -literal       and send it even if its Content-Length is wrong
  -i               type the request even if this does not look like a terminal
  -v               show the request and the head of the answer too, line ends
                   visible, > for sent and < for received, credentials hidden
                   by *
  -explain         list request and answer instead of printing the answer: each
                   octet with its rule and meaning
  -explain=html    the same as one page for a browser, a projector or paper
    -blank         with empty lines in the place of the meanings, to fill in
  -hex             the same as hexadecimal digits; -explain may stand with it
  -color WHEN      colours in the text of -explain: auto (on a terminal, unless
                   NO_COLOR is set), always or never
  -o FILE          write the octets received to FILE, once the first one comes;
                   with -explain=html it is the page that is written there
  -decode          leave the framing of a chunked body out
  -timeout 10s     for the whole exchange. A number alone is seconds: 2 is 2s;
                   500ms and 1m will do, and 0 means no limit. Connecting gets
                   5s at most
  -half            close the sending side after the request
  -wait            once the answer is complete, wait for the server to close
  -fail            exit with 1 if the status is 400 or above
  -h               this help

The answer goes to standard output, exactly the octets received, head and all.
On a terminal control octets are escaped, 64 KiB are shown, and a binary body is
left out: use -o FILE for those. Notices (*) and errors go to standard error. No
redirect is followed, nothing is tried again, no proxy is used.

Typed requests: Enter sends CR LF, the empty line ends the head. With a
Content-Length that many octets of body are read, in which Enter is one LF. The
request is sent when it is complete, so take your time; end of file (Ctrl-D, on
Windows Ctrl-Z and Enter) sends what there is.

Exit codes:
  0  the answer is complete and well formed
  1  -fail, and the status is 400 or above
  2  the command line is wrong
  3  no connection
  4  time ran out
  5  the answer is malformed, was cut short, or could not be written
(go run turns every code but 0 into 1, and prints the real one.)
`

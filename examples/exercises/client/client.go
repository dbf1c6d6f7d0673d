package client

// Get asks the server at addr, such as localhost:12345, for a target, such as /news. It returns the
// status code and the body of the response.
//
// It sends one request of HTTP/1.1: GET, the target, and the fields Host, whose value is addr, and
// Connection: close. Then it reads a response:
//
//   - A response with a code from 100 to 199 is an interim one: the next one counts.
//   - 204 and 304 have no body.
//   - If the head has the field Transfer-Encoding: chunked, the body comes in chunks.
//   - If it has a field Content-Length, the body has as many octets.
//   - Otherwise the body goes on until the connection ends.
//
// Do not wait for the end of the connection if the head says where the body ends: a server may leave
// it open. Any code is a result. An error is
//
//   - a malformed status-line, field, length or chunk;
//   - two fields Content-Length, or one beside Transfer-Encoding: two readers could see two bodies;
//   - a connection that ends before the response does;
//   - a head of more than 64 KB;
//   - a server that says nothing for a second.
//
// Your functions of exercises 3, 4, 5 and 9 do most of the work.
func Get(addr, target string) (code int, body []byte, err error) {
	return 0, nil, errNotBegun
}

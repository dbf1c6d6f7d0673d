package accept

import "net"

// Serve is a server. It accepts connections from the listener until that is closed; then it returns.
//
// On each connection it reads the head of one request, writes one response of HTTP/1.0, and closes
// the connection. The response is
//
//   - 200 and the page, if the method is GET and pages has the request-target;
//   - 404 if pages has no such target;
//   - 501 if the method is not GET;
//   - 400 if the request-line or a field is malformed, or if 64 KB have come and the head has not
//     ended.
//
// Each response has the field Content-Length, as Response of exercise 6 writes it.
//
// Clients come at the same time. A client that is slow, or says nothing, must not keep the others
// waiting. A client may close at any time: then the server closes, too, and goes on with the others.
//
// Your functions of exercises 1, 2, 3 and 6 do most of the work. Import them:
//
//	import "rawhttp/examples/exercises/headend"
//
// To see your server in a browser or with the client, call it from a program of your own, with a
// listener from net.Listen("tcp", "localhost:8080").
func Serve(listener net.Listener, pages map[string]string) error {
	return errNotBegun
}

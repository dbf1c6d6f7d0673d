package keepalive

import "net"

// Serve is the server of exercise 7, with two more abilities.
//
// It knows the method HEAD. The response to HEAD is the response to GET, Content-Length
// included, without the octets of the body.
//
// A connection stays open after a response, for the next request, if the client wants that:
//
//   - In HTTP/1.0 the request has the field Connection: keep-alive, and the response has it, too.
//     Capitals make no difference.
//   - In HTTP/1.1 the connection stays open, unless the request has the field Connection: close.
//     Your response is one of HTTP/1.0, so say Connection: keep-alive here as well.
//
// Several requests may come at once, or one and a half. If a request has a body, read the body and drop
// it. Otherwise its octets are taken for the next request. Two Content-Length fields, or a
// Transfer-Encoding field, are an error here (400): two readers could see two bodies. After a response
// with 400, close the connection, because no reader knows where the next request begins.
//
// Start with a copy of your exercise 7. Your function Body of exercise 4 helps here.
func Serve(listener net.Listener, pages map[string]string) error {
	return errNotBegun
}

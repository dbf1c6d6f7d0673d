package chunked

import "bufio"

// Chunked reads a body that comes in chunks (RFC 9112 section 7.1). The head has been read already;
// it had the field Transfer-Encoding: chunked. A server sends chunks if it does not know how long
// the body will be. The body "hello world" may come like this:
//
//	5␍␊
//	hello␍␊
//	6;note=last␍␊
//	 world␍␊
//	0␍␊
//	X-Note: these lines are the trailer␍␊
//	␍␊
//
// These are its parts:
//
//   - A chunk begins with a line that has its size, in hexadecimal digits. After a semicolon the
//     line may have an extension, which you ignore.
//   - As many octets follow, then CR LF.
//   - The last chunk has the size 0 and no octets. After its line there may be fields, which you
//     read and ignore. An empty line ends the body.
//
// What follows the empty line belongs to the next message: leave it in the connection.
//
// Anything else is an error, and so is a connection that ends before the body does. Do not take
// memory for octets that have not come. A line of more than 4096 octets is an error, too.
func Chunked(connection *bufio.Reader) (body []byte, err error) {
	return nil, errNotBegun
}

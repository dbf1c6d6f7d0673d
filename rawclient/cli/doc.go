// Package cli is one exchange of HTTP/1.0 seen from the client: a command line becomes the
// octets of a request, the octets go out, the octets of the answer come back and are printed.
//
// The request is what the command line says, rules broken or not; only a URL is turned into a
// conforming request. The answer is printed as it came. What is irregular about it stays in it, and
// is told beside it. One request is sent, once: no redirect is followed, nothing is tried again.
//
//	exchange.go                   the exchange as a walk, and how it ends
//	flags.go, usage.go            the command line and its help
//	habits.go                     what the flags of curl, wget and nc are called here
//	compose.go, url.go, typed.go  the four ways to a request
//	punycode.go                   host names with letters beyond ASCII
//	dial.go, line.go              the connection, and waiting for its octets
//	neterror_*.go                 what the errors of each operating system mean
//	answer.go, body.go            the answer: head, framing, body, what comes behind it
//	repair.go                     what makes an irregular head readable
//	output.go, screen.go          where the octets go; a terminal and what it may be shown
//	outfile.go                    the file of -o
//	listing.go, color_*.go        the listing, and whether it may have colours
//	wrap.go                       notices on a terminal of 80 columns
package cli

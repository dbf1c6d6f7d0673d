// Package explain shows a message to people, octet by octet, and says where one went wrong.
//
// It reads nothing by itself. [Request] and [Response] take the spans of package httpwire, which
// the parser leaves behind while it reads, and put a note to each: what this method is for, what
// that field says, how the length of the body was known. The result is one sequence of lines that
// tile the message; every rendering is made from it.
//
//	listing.go                            the lines
//	note.go, body.go                      the notes
//	value.go                              values judged by the grammar of their field
//	meaning.go                            what methods, status codes and fields mean
//	value.go                              values of fields, judged by the grammar of their field
//	text.go, hex.go                       the listing as text, and as hexadecimal digits
//	page.go, page.html, page.css          the listing as a page for browser and paper
//	kind.go                               colours
//	error.go                              located errors
//	mistake.go                            common mistakes, and what to do about each
//	fault.go                              what the octets around a fault show
//	repair.go                             lines put right
//	foreign.go                            octets of other protocols and of word processors
//	waiting.go                            what an unfinished request still lacks, on one line
//	visible.go                            octets made visible, and safe to print
//	wrap.go                               texts broken into rows that fit a terminal
//
// # Security
//
// The octets come from a stranger and the text goes to a terminal or a browser. Nothing here prints
// a control octet, a C1 control, a bidirectional override or any other character that does not
// show, but for the colours that AppendColor is asked for. The page is made by html/template, has
// no script, and tells the browser to run none and to load nothing.
package explain

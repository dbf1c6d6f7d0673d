// Package explain shows a message to people, octet by octet, and says where it breaks a rule.
//
// [Request] and [Response] take the spans that package httpwire records while it parses. Each span
// gets a note: what this method asks for, what that field says, how the length of the body is
// known. The result is a [Listing]: lines that hold every octet of the message, in order. Each
// rendering is made from it. [AppendError] explains one error without a listing.
//
// In reading order:
//
//	listing.go                      the lines of a message
//	note.go                         the note of each line, by its rule
//	head.go                         what a whole head says about its body and the connection
//	field.go, body.go               the notes of fields, and of what follows a head
//	meaning.go                      what methods, status codes and fields mean
//	value.go                        what is wrong with the value of a field, and what follows from it
//	text.go, color.go               the listing as text, in colours, and in hexadecimal
//	page.go, page.html, page.css    the listing as a page for browser and paper, or a piece of one
//	error.go                        an error as text: title, place, caret, rule, help
//	fault.go                        where an error is, and the line around it
//	mistake.go                      common mistakes, and what to do about each
//	basis.go                        on what grounds a message is refused
//	condition.go                    what the octets around a fault show
//	foreign.go                      octets of other protocols and of word processors
//	repair.go                       corrects faulty lines
//	waiting.go                      what has come of an incomplete message, and what is missing
//
// # Security
//
// The octets are not trusted, and the text goes to a terminal or a browser. All octets pass
// through package visible, so no control, no bidirectional override and no other invisible
// character is printed. Only AppendColor prints escape sequences, and they are its own. The page is
// made by html/template, and the octets on it are escaped. It has no script, and its policy forbids
// the browser to run or load any.
package explain

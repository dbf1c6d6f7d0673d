// Package exercises is for you to write: four small functions that every HTTP server has in it.
//
//	1  requestline.go   take a request line apart
//	2  headend.go       find the end of the head
//	3  body.go          read the body
//	4  response.go      write an answer
//
// Each file says what its function has to do. Replace its last line, and run
//
//	go test -v ./examples/exercises
//
// An exercise that is not begun is skipped, and the test says so. Once begun it is held against
// package httpwire, octet for octet; of the first mistake you are told the offset, the rule that is
// broken there, and one hint. The standard library may help you, net/http may not.
package exercises

import "errors"

// errNotBegun is what a function returns that nobody has written yet.
var errNotBegun = errors.New("this exercise is not begun")

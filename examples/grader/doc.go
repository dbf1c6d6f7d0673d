// Package grader checks the exercises in examples/exercises. It compares what a function returns with
// what package httpwire reads or writes, octet for octet. It says how many rows of the table of the
// exercise pass. For the first mistake it shows the octet, its offset, the rule that is broken there, and
// a hint.
//
//	report.go      one exercise: not begun, done, or its first mistake; time and memory are limited
//	process.go     the rows in a process of their own, which they may end
//	mistake.go     how a mistake is described
//	imports.go     what an exercise may import
//	octets.go      sets of octets, and the hints that several rows give
//	request.go     the end of the head, and the request-line
//	fields.go      the fields
//	body.go        the body
//	statusline.go  the status-line
//	response.go    the response
//	chunked.go     the body in chunks
//	serve.go       what servers have in common: a student's server, and a client that looks closely
//	accept.go      the accept loop
//	keepalive.go   connections that stay open, and HEAD
//	client.go      the client
//	summary.go     all exercises: how many are begun, and how many are done
//
// A solution of each exercise is in solution_test.go or solution_server_test.go. Wrong ones, and what is
// said of each, are in wrong_test.go and wrong_server_test.go.
package grader

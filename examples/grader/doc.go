// Package grader checks the exercises in examples/exercises. It holds each function against package
// httpwire, octet for octet. Of the first mistake it says the offset, the rule that is broken
// there, and one hint.
//
//	report.go    one exercise: not begun, done, or its first mistake; time and memory are limited
//	mistake.go   how a mistake is told
//	request.go   the checks of exercise 1, the request line, and 2, the end of the head
//	body.go      the checks of exercise 3, the body
//	response.go  the checks of exercise 4, the response
//	summary.go   all exercises: how many are begun, and how many are done
//
// A solution of each exercise is in solution_test.go.
package grader

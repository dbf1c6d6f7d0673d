package httpwire

import (
	"errors"
	"strconv"
)

// Reading a message has three outcomes, not two: a value, an error that names the octet, or "not
// yet". The third is no fault of anybody's: the octets so far begin a valid message.

// ErrIncomplete says that no rule is broken so far and that more octets must follow.
var ErrIncomplete = errors.New("httpwire: the message is incomplete")

// A SyntaxError says at which octet a message stops being one, and which rule it breaks.
//
// The same type reports what no single octet shows, such as a second Content-Length: Offset is
// then that of the field. Words for it are in the table of rules; what status code it deserves is
// for a server to say.
type SyntaxError struct {
	Offset int  // from the first octet of the message
	Octet  byte // found there
	Rule   Rule // broken there
}

// Error returns one line: offset, rule, what was found, what was wanted, and what the
// refusal rests on.
func (e *SyntaxError) Error() string {
	return e.got(strconv.QuoteToASCII(string([]byte{e.Octet})))
}

func (e *SyntaxError) got(what string) string {
	return "offset " + strconv.Itoa(e.Offset) + ": " + e.Rule.String() + ": got " + what +
		", want " + e.Rule.Want() + " (" + e.Basis().String() + ")"
}

// An EndError is the SyntaxError of octets that are all there is, such as the value of a field, and
// end too early: no octet stands at Offset. It unwraps to a *SyntaxError whose Octet is 0.
type EndError struct{ syntax SyntaxError }

// Error returns one line, as that of a SyntaxError.
func (e *EndError) Error() string { return e.syntax.got("the end") }

// Unwrap returns the *SyntaxError.
func (e *EndError) Unwrap() error { return &e.syntax }

// valueError returns the error of a scanner whose octets are all there is.
func (s *scanner) valueError() error {
	err := SyntaxError{Offset: s.pos, Octet: s.octet, Rule: s.rule}
	if s.short {
		return &EndError{err}
	}
	return &err
}

// An IncompleteError is the ErrIncomplete of the functions that return spans: it says as well
// which rule the next octet comes under. errors.Is(err, ErrIncomplete) holds.
type IncompleteError struct {
	Offset int  // of the octet that has not come
	Rule   Rule // awaited there
}

// Error returns one line: offset, rule and what is awaited.
func (e *IncompleteError) Error() string {
	return "offset " + strconv.Itoa(e.Offset) + ": " + e.Rule.String() +
		": waiting for " + e.Rule.Want()
}

// Is makes an IncompleteError an ErrIncomplete.
func (e *IncompleteError) Is(target error) bool { return target == ErrIncomplete }

package httpwire

import (
	"errors"
	"strconv"
)

// Errors. A message that cannot be read is either invalid, with a SyntaxError, or incomplete, with
// ErrIncomplete: the octets so far break no rule of the grammar.

// ErrIncomplete means that no rule is broken so far, and that more octets must follow.
var ErrIncomplete = errors.New("httpwire: the message is incomplete")

// A SyntaxError says which octet of a message breaks which rule. If no single octet is wrong, as in
// a second Content-Length, Offset is the offset of the field.
type SyntaxError struct {
	Offset int  // from the first octet of the message
	Octet  byte // the octet at that offset
	Rule   Rule // the rule that it breaks
}

// Error returns one line: offset, rule, what was found, what was expected, and the sections of the RFCs
// about the rule. The grounds for refusing the message can depend on more than the rule: see explain.Basis.
func (e *SyntaxError) Error() string {
	return e.got(strconv.QuoteToASCII(string([]byte{e.Octet})))
}

func (e *SyntaxError) got(what string) string {
	return "offset " + strconv.Itoa(e.Offset) + ": " + e.Rule.String() + ": got " + what +
		", want " + e.Rule.Want() + " (" + e.Rule.Sections() + ")"
}

// An EndError means that octets end too early although no more can follow, as in the value of a
// field. It unwraps to a *SyntaxError whose Offset is the end and whose Octet is 0.
type EndError struct{ syntax SyntaxError }

// Error returns one line, in the form of a SyntaxError.
func (e *EndError) Error() string { return e.syntax.got("the end") }

// Unwrap returns the *SyntaxError.
func (e *EndError) Unwrap() error { return &e.syntax }

// error returns the error of a scanner that has halted: incomplete if the octets ended too early.
func (s *scanner) error(incomplete error) error {
	if s.endedEarly {
		return incomplete
	}
	return &SyntaxError{Offset: s.pos, Octet: s.octet, Rule: s.rule}
}

// An IncompleteError is the error of RequestSpans and ResponseSpans for an incomplete message. It says
// which rule the next octet will be read under. errors.Is(err, ErrIncomplete) is true for it.
type IncompleteError struct {
	Offset int  // the number of octets so far
	Rule   Rule // the rule that more octets are needed for
}

// Error returns one line: offset, rule, and what the rule expects.
func (e *IncompleteError) Error() string {
	return "offset " + strconv.Itoa(e.Offset) + ": " + e.Rule.String() +
		": waiting for " + e.Rule.Want()
}

// Is reports whether target is ErrIncomplete.
func (e *IncompleteError) Is(target error) bool { return target == ErrIncomplete }

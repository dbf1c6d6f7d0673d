package httpwire

import (
	"errors"
	"strconv"
)

// Errors. A message that cannot be read is either invalid, with a SyntaxError, or incomplete, with
// ErrIncomplete: the octets so far break no rule of the grammar.

// ErrIncomplete means that no rule is broken so far, and that more octets must follow. The Consume functions
// return it.
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
	return errorText(e.Offset, e.Rule, strconv.QuoteToASCII(string([]byte{e.Octet})))
}

// An IncompleteError is the error of RequestSpans, ResponseSpans, ParseDate and ParseMediaType for a message
// or a value that breaks off. It says which rule the next octet would be read under. errors.Is(err,
// ErrIncomplete) is true for it.
type IncompleteError struct {
	Offset int  // the number of octets so far
	Rule   Rule // the rule that more octets are needed for
}

// Error returns one line, in the form of a SyntaxError.
func (e *IncompleteError) Error() string { return errorText(e.Offset, e.Rule, "the end") }

// Is reports whether target is ErrIncomplete.
func (e *IncompleteError) Is(target error) bool { return target == ErrIncomplete }

func errorText(offset int, r Rule, got string) string {
	return "offset " + strconv.Itoa(offset) + ": " + r.String() + ": got " + got +
		", want " + r.Want() + " (" + r.Sections() + ")"
}

// err returns the error of a scanner that has halted, or nil: an *IncompleteError if the octets ended too
// early, and otherwise a *SyntaxError.
func (s *scanner) err() error {
	switch {
	case s.rule == 0:
		return nil
	case s.endedEarly:
		return &IncompleteError{s.pos, s.rule}
	}
	return &SyntaxError{s.pos, s.octet, s.rule}
}

// result returns the outcome, as a Consume function does. ErrIncomplete takes the place of an
// *IncompleteError, because a reader whose octets come in many pieces gets it once for each of them.
func (s *scanner) result() (n int, err error) {
	switch {
	case s.rule == 0:
		return s.pos, nil
	case s.endedEarly:
		return 0, ErrIncomplete
	}
	return 0, s.err()
}

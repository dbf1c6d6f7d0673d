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

// The methods below make errors for parts of a message that the grammar allows. Check and BodyLength use them,
// and callers that refuse more. The offsets are those of a message that was read.

// MethodFault returns a SyntaxError at the first octet of the method. The request must have been read.
func (l *RequestLine) MethodFault(r Rule) *SyntaxError {
	return &SyntaxError{l.Offset, l.Method[0], r}
}

// TargetFault returns a SyntaxError at the first octet of the request-target. The request must have been read.
func (l *RequestLine) TargetFault(r Rule) *SyntaxError {
	return &SyntaxError{l.Offset + len(l.Method) + len(" "), l.Target[0], r}
}

// majorFault returns a SyntaxError at the first digit of the version.
func (l *RequestLine) majorFault() *SyntaxError {
	at := l.Offset + len(l.Method) + len(" ") + len(l.Target) + len(" HTTP/")
	return &SyntaxError{at, '0' + l.Version.Major, RuleMajorVersion}
}

// endOfHeadFault returns a SyntaxError at the empty line: a field is missing.
func (r *Request) endOfHeadFault(rule Rule) *SyntaxError {
	return &SyntaxError{len(r.Head) - len("\r\n"), '\r', rule}
}

// Fault returns a SyntaxError at the first octet of the value, or at the end of the line if the value is
// empty. The field must have been read.
func (f *Field) Fault(r Rule) *SyntaxError { return f.fault(0, r) }

// fault returns a SyntaxError for the octet of the value at index at, for the end of the line if
// the value ends there, and for the whole field if at is negative.
func (f *Field) fault(at int, r Rule) *SyntaxError {
	switch {
	case at < 0:
		return &SyntaxError{f.Offset, f.Name[0], r}
	case at >= len(f.Value):
		return &SyntaxError{f.ValueOffset + len(f.Value), f.afterValue(), r}
	}
	return &SyntaxError{f.ValueOffset + at, f.Value[at], r}
}

// afterValue returns the octet that follows the value, CR or white space. It is in the buffer that
// the value is a slice of.
func (f *Field) afterValue() byte {
	if n := len(f.Value); n < cap(f.Value) {
		return f.Value[:n+1][n]
	}
	return '\r'
}

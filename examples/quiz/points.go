package quiz

import (
	"fmt"
	"strings"
)

// Points for one question: for the place and the rule, or for seeing that nothing is wrong.
const (
	full     = 4
	half     = full / 2
	nearHalf = half / 2
	nearBy   = 2 // octets from the right one
)

// scoring tells the players how points are given.
var scoring = fmt.Sprintf("For the octet you get %d points, or %d if it is at most %d octets from the "+
	"right one. For the rule you get %[1]d points, or %[2]d for the rule of the octets beside it. If a message "+
	"is well formed and you say so, you get %[4]d.", half, nearHalf, nearBy, full)

// A verdict says of an answer, or of a part of it, how good it is.
type verdict int

const (
	octetRight verdict = iota
	octetNear
	octetOfLine
	octetWrong
	ruleRight
	ruleNear
	ruleWrong
	wellRight
	wellWrong
	faultMissed
)

// verdicts are the points for each verdict, and what to say. The terminal and the page use them.
var verdicts = [...]struct {
	Points int
	Says   string // {offset} and {rule} stand for what is right, {name} for the rule that was named
}{
	octetRight:  {half, "That is the octet."},
	octetNear:   {nearHalf, "Near: it is offset {offset}."},
	octetOfLine: {0, "The right line, but it is offset {offset}."},
	octetWrong:  {0, "No, it is offset {offset}."},
	ruleRight:   {half, "That is the rule."},
	ruleNear:    {nearHalf, "Near: the rule is {rule}. {name} is the one beside it."},
	ruleWrong:   {0, "No, the rule is {rule}."},
	wellRight:   {full, "Right: it is well formed."},
	wellWrong:   {0, "No: it is well formed."},
	faultMissed: {0, "No: at offset {offset} it breaks the rule {rule}."},
}

func (v verdict) points() int { return verdicts[v].Points }

// says returns the sentence of a verdict on a question.
func (q question) says(v verdict, name string) string {
	return strings.NewReplacer("{offset}", fmt.Sprint(q.offset), "{rule}", q.rule.String(), "{name}", name).
		Replace(verdicts[v].Says)
}

// place judges an offset.
func (q question) place(offset int) verdict {
	switch distance := max(offset-q.offset, q.offset-offset); {
	case distance == 0:
		return octetRight
	case distance <= nearBy:
		return octetNear
	case offset <= len(q.octets) && q.line(offset) == q.line(q.offset):
		return octetOfLine
	}
	return octetWrong
}

// line returns in which line an offset is.
func (q question) line(offset int) int { return strings.Count(string(q.octets[:offset]), "\n") }

// named judges the name of a rule. It returns the name as the rule has it.
func (q question) named(name string) (v verdict, rule string) {
	if plain(name) == plain(q.rule.String()) {
		return ruleRight, name
	}
	for _, rule := range q.near {
		if plain(name) == plain(rule.String()) {
			return ruleNear, rule.String()
		}
	}
	return ruleWrong, name
}

// whole judges an answer that says only whether the message is well formed.
func (q question) whole(well bool) verdict {
	switch {
	case q.fault != nil:
		return faultMissed
	case well:
		return wellRight
	}
	return wellWrong
}

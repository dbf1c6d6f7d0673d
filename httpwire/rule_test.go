package httpwire_test

import (
	"strings"
	"testing"

	"rawhttp/examples/gallery"
	. "rawhttp/httpwire"
)

// Every rule has all its words, and each line of help is one that can be shown.
func TestRules(t *testing.T) {
	for r := RuleEmptyLine; r <= RuleSurplus; r++ {
		for _, s := range []string{r.String(), r.ABNF(), r.Want(), r.Help(), r.Sections()} {
			if s == "" || strings.ContainsAny(s, "\r\n") || strings.TrimSpace(s) != s {
				t.Errorf("rule %d %v: %q", r, r, s)
			}
		}
		if !strings.HasPrefix(r.Sections(), "RFC ") || strings.HasSuffix(r.Want(), ".") {
			t.Errorf("rule %v: want %q, see %q", r, r.Want(), r.Sections())
		}
	}
	for _, r := range []Rule{0, RuleSurplus + 1, 255} {
		if r.String() != "" || r.Help() != "" {
			t.Errorf("rule %d is %q", r, r)
		}
	}
}

// Rules that no octet can break, or that this package only names.
var unbroken = map[Rule]string{
	RuleColon:         "a name that does not end at its colon is no name: RuleFieldName",
	RuleOWS:           "it may be missing, and what is no white space belongs to the next rule",
	RuleChunkData:     "any octet will do; only more of them can be awaited",
	RuleKnownMethod:   "the server knows its methods",
	RuleExpect:        "the server decides on expectations",
	RuleLineLimit:     "the reader sets the limit",
	RuleHeadLimit:     "the reader sets the limit",
	RuleBodyLimit:     "the reader sets the limit",
	RuleOtherProtocol: "octets of another protocol break no rule of this one",
	RuleInterimLimit:  "only a row of responses breaks it: TestResponseLimits",
	RuleComplete:      "only the reader sees the end of the octets",
}

// brokenRules collects the rules that some row of some table breaks.
func brokenRules() map[Rule]bool {
	broken := map[Rule]bool{RuleHTTPDate: true, RuleMediaType: true} // of the tables dates, mediaTypes
	for _, table := range [][]row{requestHeads, simpleRequests, responseHeads, chunkLines, checks,
		requestLengths} {
		for _, r := range table {
			broken[r.rule] = true
		}
	}
	for _, r := range responseLengths {
		broken[r.rule] = true
	}
	for _, r := range framings {
		broken[r.rule] = true
	}
	for _, r := range requestsOut {
		broken[r.rule] = true
	}
	for _, r := range responsesOut {
		broken[r.rule] = true
	}
	return broken
}

func TestEveryRuleIsBroken(t *testing.T) {
	broken := brokenRules()
	for r := RuleEmptyLine; r <= RuleSurplus; r++ {
		if reason, listed := unbroken[r]; listed == broken[r] {
			t.Errorf("%v (%d): broken by a row is %v, listed as unbroken is %v %q",
				r, r, broken[r], listed, reason)
		}
	}
}

// The gallery shows every rule that a message can break.
func TestGalleryBreaksEveryRule(t *testing.T) {
	shown := map[Rule]bool{RuleSurplus: true, RuleMessageBody: true, // broken by writers only
		RuleHTTPDate: true, RuleMediaType: true} // values, which others read
	for _, m := range append(gallery.Bad, gallery.Responses...) {
		shown[m.Rule] = true
	}
	for r := range brokenRules() {
		if r != 0 && !shown[r] {
			t.Errorf("%v (%d) is missing", r, r)
		}
	}
}

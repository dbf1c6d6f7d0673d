package httpwire_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rawhttp/examples/gallery"
	. "rawhttp/httpwire"
)

// Every rule has all its texts, and each line of help can be shown.
func TestRules(t *testing.T) {
	for r := RuleEmptyLine; r < NumRules; r++ {
		for _, s := range []string{r.String(), r.ABNF(), r.Want(), r.Help(), r.Sections()} {
			if s == "" || strings.ContainsAny(s, "\r\n") || strings.TrimSpace(s) != s {
				t.Errorf("rule %d %v: %q", r, r, s)
			}
		}
		if !strings.HasPrefix(r.Sections(), "RFC ") || strings.HasSuffix(r.Want(), ".") {
			t.Errorf("rule %v: want %q, see %q", r, r.Want(), r.Sections())
		}
	}
	for r := RuleEmptyLine; r < NumRules; r++ {
		limit := strings.HasPrefix(r.String(), "length of ") || strings.HasPrefix(r.String(), "number of ")
		if r.IsLimit() != limit || r.IsProduction() != (r <= RuleMediaType) {
			t.Errorf("rule %v is a limit: %t, a production: %t", r, r.IsLimit(), r.IsProduction())
		}
	}
	for _, r := range []Rule{0, NumRules, 255} {
		if r.String() != "" || r.Help() != "" || r.IsLimit() || r.IsProduction() {
			t.Errorf("rule %d is %q", r, r)
		}
	}
}

// The comments above the code have the same productions as the table.
func TestProductions(t *testing.T) {
	table := map[string]string{}
	for r := RuleEmptyLine; r < NumRules; r++ {
		if name, _, ok := strings.Cut(r.ABNF(), " = "); ok {
			table[name] = r.ABNF()
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	comment := regexp.MustCompile(`(?m)^//[ \t]+(([A-Za-z0-9-]+) = .*?)\r?$`)
	compared := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range comment.FindAllStringSubmatch(string(src), -1) {
			switch abnf, ok := table[m[2]]; {
			case ok && abnf != m[1]:
				t.Errorf("%s has  %s  and the table  %s", file, m[1], abnf)
			case ok:
				compared++
			}
		}
	}
	if compared < 14 {
		t.Errorf("only %d productions are in comments", compared)
	}
}

// A refusal names its level. A section supports it, unless it is our choice. A section that
// allows the message does not support a refusal.
func TestBasis(t *testing.T) {
	for name := RuleEmptyLine; name < NumRules; name++ {
		b := name.Basis()
		switch b.Level {
		case Must, Should, May:
			if !strings.HasPrefix(b.Sections, "RFC ") {
				t.Errorf("%s: %s rests on no section", name, b.Level)
			}
		case OurChoice:
			if b.Allowed == "" {
				t.Errorf("%s: our choice, and no section leaves it", name)
			}
		default:
			t.Errorf("%s has the level %q", name, b.Level)
		}
		if slices.Contains(strings.Split(b.Sections, ", "), b.Allowed) && b.Allowed != "" {
			t.Errorf("%s rests on %s, which allows it", name, b.Allowed)
		}
		if s := b.String(); !strings.HasPrefix(s, string(b.Level)) || strings.Contains(s, "::") {
			t.Errorf("%s: %q", name, s)
		}
	}
}

// The names of rules differ, even without case, spaces and dashes.
func TestNamesDiffer(t *testing.T) {
	seen := make(map[string]Rule)
	for r := RuleEmptyLine; r < RuleMajorVersion; r++ {
		plain := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(r.String()))
		if other, ok := seen[plain]; ok {
			t.Errorf("%v (%d) and %v (%d)", r, r, other, other)
		}
		seen[plain] = r
	}
}

// unbroken has the rules that no row of the tables in brokenRules breaks, and the reason.
var unbroken = map[Rule]string{
	RuleColon:         "a name that does not end at its colon breaks RuleFieldName",
	RuleOWS:           "it may be missing, and any other octet belongs to the next rule",
	RuleChunkData:     "any octet is allowed; there can only be too few",
	RuleMisdirected:   "the server knows its hosts",
	RuleKnownMethod:   "the server knows its methods",
	RuleExpect:        "the server decides on expectations",
	RuleLineLimit:     "the reader sets the limit",
	RuleHeadLimit:     "the reader sets the limit",
	RuleBodyLimit:     "the reader sets the limit",
	RuleOtherProtocol: "octets of another protocol break no rule",
	RuleInterimLimit:  "only a series of responses breaks it: TestResponseLimits",
	RuleComplete:      "only the reader sees the end of the octets",
	RuleHTTPDate:      "only a value breaks it: TestParseDate",
	RuleMediaType:     "only a value breaks it: TestMediaType",
}

// brokenRules returns the rules that a row of a table breaks.
func brokenRules() map[Rule]bool {
	broken := map[Rule]bool{}
	for _, table := range [][]row{requestHeads, simpleRequests, responseHeads, chunkLines, checks,
		requestLengths} {
		for _, r := range table {
			broken[r.rule] = true
		}
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
	for r := RuleEmptyLine; r < NumRules; r++ {
		switch reason, listed := unbroken[r]; {
		case listed && broken[r]:
			t.Errorf("%v (%d): a row breaks it, and unbroken says %q", r, r, reason)
		case !listed && !broken[r]:
			t.Errorf("%v (%d): add a row that breaks it, such as one of requestHeads, or say in unbroken "+
				"why there is none", r, r)
		}
	}
}

// The gallery shows every rule that a message can break.
func TestGalleryBreaksEveryRule(t *testing.T) {
	shown := map[Rule]bool{RuleSurplus: true, RuleMessageBody: true, // broken by writers only
		RuleSP: true} // of a request-line: the reading as a Full-Request gets further
	for _, m := range append(gallery.Bad, gallery.Responses...) {
		shown[m.Rule] = true
	}
	for r := range brokenRules() {
		if r != 0 && !shown[r] {
			t.Errorf("%v (%d): the gallery has no message that breaks it; go doc ./examples/gallery "+
				"says how to add one", r, r)
		}
	}
}

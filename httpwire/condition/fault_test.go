package condition_test

import (
	"strings"
	"testing"

	"rawhttp/httpwire/condition"
)

// The caret, ‸, precedes the first octet that does not fit. A value without a caret is valid.
func TestTagFaults(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault func([]byte) int
		value string
	}{
		{"TagFault", condition.TagFault, `"a"`},
		{"TagFault", condition.TagFault, `W/"a"`},
		{"TagFault", condition.TagFault, `""`},
		{"TagFault", condition.TagFault, `‸`},
		{"TagFault", condition.TagFault, `‸a`},
		{"TagFault", condition.TagFault, `‸w/"a"`},
		{"TagFault", condition.TagFault, `W/‸a`},
		{"TagFault", condition.TagFault, `W/‸`},
		{"TagFault", condition.TagFault, `"a‸`},
		{"TagFault", condition.TagFault, `"a‸ b"`},
		{"TagFault", condition.TagFault, `"a"‸, "b"`},
		{"TagFault", condition.TagFault, `‸*`},
		{"ListFault", condition.ListFault, ``},
		{"ListFault", condition.ListFault, `,`},
		{"ListFault", condition.ListFault, `*`},
		{"ListFault", condition.ListFault, ` "a" , ,W/"b",`},
		{"ListFault", condition.ListFault, `"a"‸;x`},
		{"ListFault", condition.ListFault, `"a", ‸b`},
		{"ListFault", condition.ListFault, `"a", W/‸b`},
		{"ListFault", condition.ListFault, `"a", "b‸`},
		{"ListFault", condition.ListFault, `*, ‸"a"`},
		{"ListFault", condition.ListFault, `"a", ‸*`},
		{"ListFault", condition.ListFault, `*, ‸*`},
		{"ListFault", condition.ListFault, `*‸*`},
	} {
		value, want := strings.Replace(tt.value, "‸", "", 1), strings.Index(tt.value, "‸")
		if got := tt.fault([]byte(value)); got != want {
			t.Errorf("%s(%s) = %d, want %d", tt.name, value, got, want)
		}
	}
}

package main

import (
	"strings"
	"testing"

	"rawhttp/examples/foreign"
)

// What foreign.Difference shows of both texts begins in the line that differs, even if that line has no end.
func TestDifference(t *testing.T) {
	for _, tt := range []struct{ printed, file, want string }{
		{"a\nb\nc\n", "a\nB\nc\n", `line 2, from octet 0: printed is "b\n", the file has "B\n"`},
		{"a\nb\n", "a\n", `line 2, from octet 0: printed is "b\n", the file has ""`},
		{"a\nb", "a\nb\n", `line 2, from octet 0: printed is "b", the file has "b\n"`},
		{strings.Repeat("a", 50) + "b\n", strings.Repeat("a", 50) + "\n",
			`line 1, from octet 10: printed is "` + strings.Repeat("a", 40) + `b\n", the file has "` + strings.Repeat("a", 40) + `\n"`},
	} {
		if got := foreign.Difference(tt.printed, tt.file); got != tt.want {
			t.Errorf("%q, %q: %s, want %s", tt.printed, tt.file, got, tt.want)
		}
	}
}

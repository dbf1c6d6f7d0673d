package cli

import (
	"strings"
	"testing"
)

func TestWrap(t *testing.T) {
	long := strings.Repeat("word ", 14) + "type  " + get + "  for help,"
	for _, tt := range []struct{ name, text, want string }{
		{"short", "a b", "* a b\n"},
		{"what is not printed", "a\x1b[2J\n\u202eb\xff", "* a\\x1B[2J\n\\xE2\\x80\\xAEb\\xFF\n"},
		{"nothing", "", "* \n"},
		{"long", strings.Repeat("word ", 30) + "end",
			"* " + strings.Repeat("word ", 14) + "word\n  " + strings.Repeat("word ", 14) +
				"word\n  end\n"},
		{"a command stays whole", long, "* " + strings.Repeat("word ", 14) + "type\n  " +
			get + "  for help,\n"},
		{"a long word", strings.Repeat("x", 100) + " y", "* " + strings.Repeat("x", 100) + "\n  y\n"},
		{"lines after stay", "a\n  " + strings.Repeat("x ", 50),
			"* a\n  " + strings.Repeat("x ", 50) + "\n"},
	} {
		if got := wrap("* ", tt.text); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

package visible

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	for _, row := range []struct{ name, in, visible, lines, plain string }{
		{"line", "A: b\r\n", "A:␠b␍␊", "A: b␍␊\n", "A: b\n"},
		{"LF and CR alone", "a\nb\rc", "a␊b␍c", "a␊\nb␍c", "a\nb\\x0Dc"},
		{"CR at the end", "a\r", "a␍", "a␍", "a\\x0D"},
		{"tab", "a\tb", "a→b", "a→b", "a\tb"},
		{"escape sequence", "\x1b[2J\x07", `\x1B[2J\x07`, `\x1B[2J\x07`, `\x1B[2J\x07`},
		{"UTF-8", "é", `\xC3\xA9`, `\xC3\xA9`, "é"},
		{"Latin-1", "\xE9", `\xE9`, `\xE9`, `\xE9`},
		{"C1 control", "\u009b2J", `\xC2\x9B2J`, `\xC2\x9B2J`, `\xC2\x9B2J`},
		{"right-to-left override", "\u202e", `\xE2\x80\xAE`, `\xE2\x80\xAE`, `\xE2\x80\xAE`},
		{"Hangul filler", "\u3164", `\xE3\x85\xA4`, `\xE3\x85\xA4`, `\xE3\x85\xA4`},
		{"selector of a variant", "a\ufe0f", `a\xEF\xB8\x8F`, `a\xEF\xB8\x8F`, `a\xEF\xB8\x8F`},
		{"supplementary selector", "\U000E0100", `\xF3\xA0\x84\x80`, `\xF3\xA0\x84\x80`,
			`\xF3\xA0\x84\x80`},
		{"empty Braille pattern", "\u2800", `\xE2\xA0\x80`, `\xE2\xA0\x80`, `\xE2\xA0\x80`},
		{"a symbol in the message", "␍", `\xE2\x90\x8D`, `\xE2\x90\x8D`, "␍"},
		{"cut character", "\xE2\x90", `\xE2\x90`, `\xE2\x90`, `\xE2\x90`},
		{"NUL and DEL", "\x00\x7f", `\x00\x7F`, `\x00\x7F`, `\x00\x7F`},
	} {
		b := []byte(row.in)
		if got := string(Append(nil, b)); got != row.visible {
			t.Errorf("%s: visible %q, want %q", row.name, got, row.visible)
		}
		marked := "> " + strings.ReplaceAll(strings.TrimSuffix(row.lines, "\n"), "\n", "\n> ") + "\n"
		if got := string(AppendMarked(nil, '>', b)); got != marked {
			t.Errorf("%s: marked %q, want %q", row.name, got, marked)
		}
		if got := string(AppendText(nil, b)); got != row.plain {
			t.Errorf("%s: plain %q, want %q", row.name, got, row.plain)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"", ""},
		{"one two three four", "one two|three|four"},
		{"type  nc -C  now", "type|nc -C|now"},
		{"語語 語語 語", "語語|語語 語"},
		{"e\u0301e\u0301 e\u0301e\u0301e\u0301 e\u0301", "e\u0301e\u0301 e\u0301e\u0301e\u0301 e\u0301"},
		{"type  nc 語  now", "type|nc 語|now"},
		{"type  nc -C", "type|nc -C"},
		{"a  longer than a row  b", "a|longer|than a|row  b"},
	} {
		if got := strings.Join(Wrap(row.text, 8), "|"); got != row.want {
			t.Errorf("%q: %q, want %q", row.text, got, row.want)
		}
	}
}

// FuzzVisible: no control octet comes through, and nothing is lost without a trace.
func FuzzVisible(f *testing.F) {
	f.Add([]byte("a\r\n\x1b[2Jé\u202e"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, out := range [][]byte{Append(nil, b), AppendMarked(nil, '>', b), AppendText(nil, b)} {
			for _, r := range string(out) {
				if r < 0x20 && r != '\n' && r != '\t' || 0x7F <= r && r < 0xA0 || r == utf8.RuneError {
					t.Fatalf("%q has %U", out, r)
				}
			}
		}
		if got := utf8.RuneCount(Append(nil, b)); got < len(b) {
			t.Fatalf("%d octets, %d characters", len(b), got)
		}
	})
}

// A row ends after an LF, or after an SP, which shows there as a symbol.
func TestRows(t *testing.T) {
	for _, row := range []struct{ in, want string }{
		{"one two three four", "one two␠|three␠|four"},
		{"a\nb", "a␊|b"},
		{"0123456789", "01234567|89"},
		{"a bcdefghij", "a bcdefg|hij"}, // not a row of "a" alone
		{"語語語語語", "語語語語|語"},
		{"✅⭐⚡❌✅", "✅⭐⚡❌|✅"},
		{"🀄🆘🉐🎉🚀", "🀄🆘🉐🎉|🚀"},
		{"äöüß→✓☀€x", "äöüß→✓☀€|x"},
		{"ae\u0301e\u20DDe\u0308\u0304efghi", "ae\u0301e\u20DDe\u0308\u0304efgh|i"}, // marks on letters
		{strings.Repeat("\u0301", 100), strings.Repeat("\u0301", 64) + "|" + strings.Repeat("\u0301", 36)},
		{"", ""},
	} {
		var rows []string
		for b := []byte(row.in); len(b) > 0; {
			n := (Blanks | UTF8).Cut(b, 8)
			rows = append(rows, string((Blanks|UTF8).AppendRow(nil, b[:n])))
			b = b[n:]
		}
		if got := strings.Join(rows, "|"); got != row.want {
			t.Errorf("%q: %q, want %q", row.in, got, row.want)
		}
	}
}

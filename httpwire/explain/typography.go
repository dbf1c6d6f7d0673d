package explain

import "bytes"

// What word processors and web pages make of quotation marks, hyphens and spaces: pasted into a
// request it looks right, and is wrong.

// A lookalike is such a character, in UTF-8 or in Windows-1252, and what it was made of.
type lookalike struct{ octets, name, plain string }

var lookalikes = [...]lookalike{
	{"\u201C", "a curly quotation mark (U+201C)", `"`},
	{"\u201D", "a curly quotation mark (U+201D)", `"`},
	{"\u201E", "a low quotation mark (U+201E)", `"`},
	{"\u2018", "a curly apostrophe (U+2018)", "'"},
	{"\u2019", "a curly apostrophe (U+2019)", "'"},
	{"\u2010", "a typographic hyphen (U+2010)", "-"},
	{"\u2011", "a no-break hyphen (U+2011)", "-"},
	{"\u2013", "an en dash (U+2013)", "-"},
	{"\u2014", "an em dash (U+2014)", "-"},
	{"\u2212", "a minus sign (U+2212)", "-"},
	{"\u2026", "an ellipsis (U+2026)", "..."},
	{"\u00A0", "a no-break space (U+00A0)", " "},
	{"\u202F", "a narrow no-break space (U+202F)", " "},
	{"\u200B", "a zero-width space (U+200B)", ""},
	{"\x93", "a curly quotation mark (octet 0x93)", `"`},
	{"\x94", "a curly quotation mark (octet 0x94)", `"`},
	{"\x91", "a curly apostrophe (octet 0x91)", "'"},
	{"\x92", "a curly apostrophe (octet 0x92)", "'"},
	{"\x96", "an en dash (octet 0x96)", "-"},
	{"\x97", "an em dash (octet 0x97)", "-"},
	{"\xA0", "a no-break space (octet 0xA0)", " "},
}

// typography names the lookalike at the fault, "" if there is none.
func (f *fault) typography() string {
	for _, c := range lookalikes {
		if f.at < len(f.b) && bytes.HasPrefix(f.b[f.at:], []byte(c.octets)) {
			return c.name
		}
	}
	return ""
}

func isTypography(f *fault) bool { return !f.short && f.typography() != "" }

// retyped returns the line with plain characters for all lookalikes, or else without them.
func retyped(f *fault) []byte {
	line, _ := f.text()
	plain, without := line, line
	for _, c := range lookalikes {
		plain = bytes.ReplaceAll(plain, []byte(c.octets), []byte(c.plain))
		without = bytes.ReplaceAll(without, []byte(c.octets), nil)
	}
	if f.accepts(plain) {
		return plain
	}
	return without
}

package explain

import "fmt"

// AppendHex appends the listing as offset, hexadecimal digits, text and rule, every octet of it,
// and behind it the error, if one ended the message.
func AppendHex(dst []byte, l Listing) []byte {
	const inRow = 12 // so that the rule fits in 80 columns
	dst = fmt.Appendf(dst, "offset  %-*s  %-*s  rule\n", 3*inRow-1, "hex", inRow, "text")
	for i := range l.Lines {
		line := &l.Lines[i]
		name := line.Name()
		for at := 0; at < len(line.Octets); at += inRow {
			row := line.Octets[at:min(at+inRow, len(line.Octets))]
			digits := fmt.Sprintf("% X", row)
			dst = fmt.Appendf(dst, "%6d  %-*s  ", line.Offset+at, 3*inRow-1, digits)
			dst = appendASCII(dst, row)
			if name != "" {
				dst = fmt.Appendf(dst, "%*s  %s", inRow-len(row), "", name)
			}
			dst, name = append(dst, '\n'), ""
		}
	}
	if l.Err == nil {
		return dst
	}
	return l.AppendError(append(dst, '\n'))
}

// appendHexRow appends up to 16 octets in hexadecimal digits and as text.
func appendHexRow(dst, b []byte) []byte {
	dst = fmt.Appendf(dst, "%-*s  ", 3*hexOctets-1, fmt.Sprintf("% X", b))
	return appendASCII(dst, b)
}

// appendASCII appends one column for each octet.
func appendASCII(dst, b []byte) []byte {
	for i, o := range b {
		switch s := symbol(o); {
		case s != "":
			dst = append(dst, s...)
		case 0x20 < o && o < 0x7F:
			dst = append(dst, b[i])
		default:
			dst = append(dst, '.')
		}
	}
	return dst
}

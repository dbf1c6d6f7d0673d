package fields

// A Field is one line of a head, such as Host: localhost.
type Field struct{ Name, Value string }

// Fields takes the fields of a head apart. The octets begin after the request-line or the
// status-line, and end with the empty line:
//
//	Host: localhost␍␊
//	Accept: */*␍␊
//	␍␊
//
// Each line is a name, a colon and a value, and ends with CR LF. The fields are returned in their
// order, names and values as they stand.
//
//   - A name has at least one octet. Its octets are letters, digits or one of
//     ! # $ % & ' * + - . ^ _ ` | ~
//   - The colon follows the name directly. There may be more colons in the value.
//   - Spaces and tabs around a value are not part of it. A value may be empty.
//   - A value has no octet below 0x20 in it (a tab, 0x09, is allowed), and no 0x7F. Octets from 0x80
//     are allowed.
//   - No line begins with a space or a tab.
//
// Anything else is an error. Do not repair it.
func Fields(octets []byte) (fields []Field, err error) {
	return nil, errNotBegun
}

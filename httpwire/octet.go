package httpwire

// Classes of octets. The grammar is about octets, not about characters: the functions of packages
// strings and unicode would accept more letters, digits and white space than it allows (RFC 9112
// section 2.2).

// A class is a set of octets. Classes can be combined with "|".
type class uint16

const (
	token       class = 1 << iota // tchar, RFC 9110 section 5.6.2
	uriChar                       // pchar / "/" / "?" without "%", RFC 3986 section 3.3
	regName                       // unreserved / sub-delims, RFC 3986 section 3.2.2
	text                          // VCHAR / obs-text / SP / HTAB, RFC 9110 section 5.5
	digit                         // DIGIT
	hexdig                        // HEXDIG, either case
	blank                         // SP / HTAB
	colon                         // ":", in an IP literal
	fold                          // SP / HTAB / CR / LF, around and in a value with folds
	alpha                         // ALPHA
	versionChar                   // DIGIT / "/" / ".", in what looks like a version
	qdtext                        // text without DQUOTE and "\", RFC 9110 section 5.6.4
)

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	names   = letters + digits + "-._~!$&'()*+,;=" // unreserved and sub-delims
)

// octets holds, for each octet, the classes that it is in.
var octets = classes()

func classes() (t [256]class) {
	add := func(c class, set string) {
		for i := range len(set) {
			t[set[i]] |= c
		}
	}
	add(token, letters+digits+"!#$%&'*+-.^_`|~")
	add(uriChar, names+":@/?")
	add(regName, names)
	add(digit, digits)
	add(hexdig, digits+"ABCDEFabcdef")
	add(blank|text|fold, " \t")
	add(fold, "\r\n")
	add(colon, ":")
	add(alpha, letters)
	add(versionChar, digits+"/.")
	for c := 0x21; c <= 0xFF; c++ {
		if c != 0x7F {
			t[c] |= text
		}
	}
	for c := range t {
		if t[c]&text != 0 && c != '"' && c != '\\' {
			t[c] |= qdtext
		}
	}
	return t
}

// has reports whether octet o is in the class.
func (c class) has(o byte) bool { return octets[o]&c != 0 }

// lower maps the ASCII letters A to Z to a to z, and every other octet to itself.
func lower(o byte) byte {
	if 'A' <= o && o <= 'Z' {
		return o + 'a' - 'A'
	}
	return o
}

// EqualFold reports whether a and b are equal if the case of ASCII letters does not count. Field
// names, connection options and media types are compared in this way.
func EqualFold(a []byte, b string) bool {
	return len(a) == len(b) && equalFold(a, b)
}

// equalFold is EqualFold for a and b of the same length. EqualFold itself is small enough for the
// compiler to inline, so a different length costs no call.
func equalFold(a []byte, b string) bool {
	for i := range len(b) {
		if a[i] != b[i] && lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

package httpwire

// A class is a set of octets. Octets are looked up, never decoded: nothing here knows of Unicode,
// of locales or of Go's idea of white space, which all reach further than the wire's
// (RFC 9112 section 2.2).
type class uint16

const (
	token       class = 1 << iota // tchar, RFC 9110 section 5.6.2
	uriChar                       // pchar / "/" / "?" without "%", RFC 3986 section 3.3
	regName                       // unreserved / sub-delims, RFC 3986 section 3.2.2
	text                          // VCHAR / obs-text / SP / HTAB, RFC 9110 section 5.5
	digit                         // DIGIT
	hexdig                        // HEXDIG, either case
	blank                         // SP / HTAB
	colon                         // ":", inside an IP literal
	fold                          // SP / HTAB / CR / LF, at either end of a value that was read
	alpha                         // ALPHA
	versionChar                   // DIGIT, "/" and ".", in what looks like a version
	qdtext                        // what a quoted-string holds as it is, RFC 9110 section 5.6.4
)

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	names   = letters + digits + "-._~!$&'()*+,;=" // unreserved and sub-delims
)

// octets holds the classes of each octet.
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

func (c class) has(o byte) bool { return octets[o]&c != 0 }

// lower maps ASCII capitals to small letters and leaves every other octet alone: the Kelvin sign
// is no "k" on the wire (RFC 1945 section 4.2).
func lower(o byte) byte {
	if 'A' <= o && o <= 'Z' {
		return o + 'a' - 'A'
	}
	return o
}

// EqualFold reports whether a and b are equal but for the case of ASCII letters, as field names,
// connection options and media types are compared.
func EqualFold(a []byte, b string) bool {
	return len(a) == len(b) && equalFold(a, b)
}

func equalFold(a []byte, b string) bool {
	for i := range len(b) {
		if a[i] != b[i] && lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

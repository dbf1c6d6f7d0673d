package headend

// HeadEnd returns how many octets the head of a message has, with the empty line. The argument has
// the octets that have come so far. As long as the head is not complete, HeadEnd returns 0.
//
// Each line of a head ends with CR LF, and the empty line is CR LF alone. LF without CR ends no
// line. After the empty line comes the body, which may look like anything.
func HeadEnd(octets []byte) (n int, err error) {
	return 0, errNotBegun
}

package httpwire

// ReadSimpleRequest reads a Simple-Request from the start of b. ConsumeRequest does so only after
// it has tried to read a Full-Request.
func ReadSimpleRequest(b []byte) (target []byte, n int, err error) {
	s := scanner{b: b}
	target = s.simpleRequest()
	n, err = s.result()
	return target, n, err
}

// NumRules is one more than the last Rule.
const NumRules = numRules

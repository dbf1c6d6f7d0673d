package explain

import (
	"strings"

	"rawhttp/httpwire"
)

// The grounds for a refusal: a MUST, a SHOULD, a MAY or our choice, and the sections that support it or that
// allow the message. A rule has its usual grounds in httpwire's table of rules. Here are those that depend on
// more: on the octet that was found (basisOf), or on the mistake that the octets around it show (the rows of
// mistakes).

var (
	basisBareLF      = basis(httpwire.OurChoice, "", "RFC 9112 section 2.2") // a line ends in LF alone
	basisBareCR      = basis(httpwire.Must, "RFC 9112 section 2.2", "")      // no LF follows a CR
	basisWhiteSpace  = basis(httpwire.OurChoice, "", "RFC 9112 section 3")   // other than one SP, in a request-line
	basisStatusSpace = basis(httpwire.OurChoice, "", "RFC 9112 section 4")   // the same in a status-line
	basisUserInfo    = basis(httpwire.Should, "RFC 9110 section 4.2.4", "")  // a user name before the host
	basisLargeChunk  = basis(httpwire.OurChoice, "RFC 9110 section 17.5", "RFC 9112 section 7.1")

	basisEmptyLines      = basis(httpwire.OurChoice, "", "RFC 9112 section 2.2")
	basisFirstLine       = basis(httpwire.Must, "RFC 9112 section 2.2", "")
	basisConnectPort     = basis(httpwire.Must, "RFC 9110 section 9.3.6, RFC 9112 section 3.2.3", "") // empty
	basisSameLength      = basis(httpwire.May, "RFC 9110 section 8.6", "RFC 9112 section 6.3")
	basisTwoAges         = basis(httpwire.Must, "RFC 1945 section 4.2, RFC 9110 section 5.3", "RFC 9111 section 5.1")
	basisTwoExpires      = basis(httpwire.Must, "RFC 1945 section 4.2, RFC 9110 section 5.3", "RFC 9111 section 4.2.1")
	basisTwoFramings     = basis(httpwire.May, "RFC 9112 section 6.1", "")
	basisChunkedNotLast  = basis(httpwire.Must, "RFC 9112 section 6.3", "")
	basisChunkedAlone    = basis(httpwire.Should, "RFC 9112 section 7.1", "")
	basisChunkLimit      = basis(httpwire.May, "RFC 9110 section 17.5, RFC 9112 section 7.1.1", "")
	basisResponseVersion = basis(httpwire.May, "RFC 9110 section 2.5, RFC 9110 section 6.2", "")
	basisResponseFraming = basis(httpwire.Should, "RFC 9112 section 6.3", "")

	// In RFC 1945, literals match in any case, and version numbers have any number of digits.
	basisSmallVersion = basis(httpwire.Must, "RFC 9112 section 2.3", "RFC 1945 section 2.1")
	basisManyDigits   = basis(httpwire.Must, "RFC 9112 section 2.3", "RFC 1945 section 3.1")

	// RFC 1945 allows some octets in a URI as "national". RFC 3986 does not.
	basisNational = basis(httpwire.Must, "RFC 9112 section 3.2, RFC 3986 section 3.3", "RFC 1945 section 3.2.1")
	basisControl  = basis(httpwire.OurChoice, "RFC 1945 section 4.2", "RFC 9110 section 5.5") // in a value, not NUL
)

func basis(level httpwire.Level, sections, allowed string) httpwire.Basis {
	return httpwire.Basis{Level: level, Sections: sections, Allowed: allowed}
}

// Basis returns the grounds for refusing the message at the start of b: a MUST, a SHOULD, a MAY or our
// choice, and the sections. err is as for AppendError. For any other error Basis returns the zero
// Basis.
func Basis(b []byte, err error) httpwire.Basis {
	f := &fault{b: b}
	f.locate(err)
	return f.mistake().basisFor(f)
}

// basisFor returns the grounds for the refusal.
func (m *mistake) basisFor(f *fault) httpwire.Basis {
	switch {
	case m.basis.Level != "":
		return m.basis
	case m.requestLine:
		return httpwire.RuleSP.Basis()
	case m.expected != 0:
		return m.expected.Basis()
	}
	return basisOf(f.rule, f.octet)
}

// basisOf returns the grounds for refusing an octet that breaks a rule.
func basisOf(r httpwire.Rule, octet byte) httpwire.Basis {
	switch {
	case r == httpwire.RuleRequestTarget && (octet >= 0x80 || strings.IndexByte("[\\]^`{|}", octet) >= 0):
		return basisNational
	case r == httpwire.RuleFieldValue && octet != 0:
		return basisControl
	}
	return r.Basis()
}

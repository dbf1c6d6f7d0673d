package httpwire

// A Rule is a rule of HTTP/1.0: a production of the grammar, a condition on a whole head, or a
// limit.
//
// The table in ruletable.go describes each rule once. Errors, listings and the documentation take their
// words from there.
type Rule uint8

// A Level says how strongly the RFCs support the refusal of a message.
type Level string

// The levels. A message that breaks the grammar breaks a MUST (RFC 9110 section 2.2).
const (
	Must      Level = "MUST"       // the message breaks a MUST that is still valid
	Should    Level = "SHOULD"     // the RFCs advise a recipient to refuse the message
	May       Level = "MAY"        // the RFCs allow a recipient to refuse the message
	OurChoice Level = "our choice" // the RFCs allow a recipient to accept it; this package does not
)

// The rules. The productions come first, in the order in which they occur in a message. Rule.ABNF gives
// the grammar of each rule, and Rule.Sections the sections of the RFCs.
const (
	RuleEmptyLine Rule = 1 + iota
	RuleMethod
	RuleSP
	RuleRequestTarget
	RulePctEncoded
	RuleScheme
	RuleHost
	RulePort
	RuleHTTPVersion
	RuleStatusSP
	RuleStatusCode
	RuleReasonPhrase
	RuleCRLF
	RuleFieldName
	RuleColon
	RuleOWS
	RuleFieldValue
	RuleObsFold
	RuleEndOfHead
	RuleMessageBody
	RuleChunkSize
	RuleChunkExt
	RuleChunkData
	RuleOtherProtocol
	RuleHTTPDate
	RuleMediaType

	// Conditions on a whole head.
	RuleMajorVersion
	RuleStatusClass
	RuleTargetForm
	RuleHostField
	RuleSingleton
	RuleContentLength
	RuleLengthRequired
	RuleTransferEncoding
	RuleTransferCoding
	RuleChunkedOnce

	// Conditions that servers check. This package does not check them. They are in the table because
	// refusals, listings and metrics name each fault by its Rule.
	RuleMisdirected
	RuleKnownMethod
	RuleExpect

	// Limits. Package stream checks the limits of the line and the head. Servers check the limit of the body.
	RuleLineLimit
	RuleHeadLimit
	RuleFieldLimit
	RuleBodyLimit
	RuleInterimLimit

	// The end of the octets.
	RuleComplete
	RuleSurplus

	numRules
)

// A Basis is the grounds for refusing a message: how strongly the RFCs support the refusal, and where.
type Basis struct {
	Level    Level
	Sections string // the sections that support the refusal
	Allowed  string // a section that allows a recipient to accept the message, or ""
}

// allSections lists Sections and Allowed, those of older RFCs first.
func (b Basis) allSections() string {
	switch {
	case b.Allowed == "" || b.Sections == "":
		return b.Sections + b.Allowed
	case b.Allowed < b.Sections:
		return b.Allowed + ", " + b.Sections
	}
	return b.Sections + ", " + b.Allowed
}

// String returns the level and the sections, such as "MUST: RFC 9112 section 5.2".
func (b Basis) String() string {
	s := string(b.Level)
	if b.Sections != "" {
		s += ": " + b.Sections
	}
	if b.Allowed == "" {
		return s
	}
	return s + "; " + b.Allowed + " allows it"
}

// Basis returns the usual grounds for refusing a message that breaks the rule. Some octets, or some messages,
// have other grounds: package explain knows them (explain.Basis).
func (r Rule) Basis() Basis { return r.text().basis }

// IsProduction reports whether the rule is a production of the grammar.
func (r Rule) IsProduction() bool { return RuleEmptyLine <= r && r < RuleMajorVersion }

// IsLimit reports whether the rule is a limit.
func (r Rule) IsLimit() bool { return RuleLineLimit <= r && r <= RuleInterimLimit }

// String returns the name of the rule, in the words of RFC 9112.
func (r Rule) String() string { return r.text().name }

// ABNF returns the production in the notation of RFC 5234, with the lists of RFC 9110 (#element). A
// literal matches in any case of its letters, unless %s precedes it (RFC 7405).
func (r Rule) ABNF() string { return r.text().abnf }

// Want says what the rule expects, to follow the word "want": "one SP".
func (r Rule) Want() string { return r.text().want }

// Help says what to do if the rule is broken.
func (r Rule) Help() string { return r.text().help }

// Sections lists the sections of the RFCs about the rule, those of older RFCs first. Basis says
// which of them support a refusal.
func (r Rule) Sections() string { return r.Basis().allSections() }

// text returns the row of a rule in the table. For an unknown rule it returns an empty row.
func (r Rule) text() *ruleText {
	if r >= numRules {
		r = 0
	}
	return &rules[r]
}

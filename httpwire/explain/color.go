package explain

import "rawhttp/httpwire"

// Colours. A colour tells a kind of rule, and nothing that the words beside it do not tell too:
// in print, on a bad projector and to the colour-blind a listing says the same.

// A kind is what several rules have in common for the eye.
type kind struct {
	Class string // in the style sheet of the page
	Word  string // what it is called in the legend
	sgr   string // on a terminal: parameters of Select Graphic Rendition (ECMA-48)
}

var (
	startLine = kind{"start", "start line", "1;34"}
	fieldName = kind{"name", "field name", "35"}
	fieldData = kind{"value", "field value", "36"}
	layout    = kind{"layout", "white space, line ends", "2"}
	chunking  = kind{"chunk", "chunk framing", "33"}
	body      = kind{"body", "body", "32"}
	wrong     = kind{"wrong", "not read, or too much", "1;31"}
)

// kinds are all of them, in the order in which a message shows them.
var kinds = [...]kind{startLine, fieldName, fieldData, layout, chunking, body, wrong}

// kind returns that of a line.
func (l *Line) kind() kind {
	switch l.Rule {
	case httpwire.RuleEmptyLine, httpwire.RuleSP, httpwire.RuleStatusSP, httpwire.RuleCRLF,
		httpwire.RuleColon, httpwire.RuleOWS, httpwire.RuleObsFold, httpwire.RuleEndOfHead:
		return layout
	case httpwire.RuleFieldName:
		return fieldName
	case httpwire.RuleFieldValue:
		return fieldData
	case httpwire.RuleChunkSize, httpwire.RuleChunkExt:
		return chunking
	case httpwire.RuleMessageBody, httpwire.RuleChunkData, httpwire.RuleOtherProtocol:
		return body
	case httpwire.RuleSurplus, 0:
		return wrong
	}
	return startLine
}

// A paint puts colour around a text, or leaves it alone.
type paint bool

func (p paint) over(k kind, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + k.sgr + "m" + text + "\x1b[0m"
}

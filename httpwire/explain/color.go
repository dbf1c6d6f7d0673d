package explain

import "rawhttp/httpwire"

// A colorGroup is a group of rules that have one colour. The words beside the octets say the same as
// the colour, for print, bad projectors and the colour-blind.
type colorGroup struct {
	Class string // in the style sheet of the page
	Word  string // in the legend
	sgr   string // on a terminal: parameters of Select Graphic Rendition (ECMA-48)
}

var (
	startLine = colorGroup{"start", "start-line", "1;34"}
	fieldName = colorGroup{"name", "field name", "35"}
	fieldData = colorGroup{"value", "field value", "36"}
	layout    = colorGroup{"layout", "white space, line ends", "2"}
	chunking  = colorGroup{"chunk", "chunk framing", "33"}
	body      = colorGroup{"body", "body", "32"}
	wrong     = colorGroup{"wrong", "not read, or surplus", "1;31"}
)

// colorGroups are in the order of a message.
var colorGroups = [...]colorGroup{startLine, fieldName, fieldData, layout, chunking, body, wrong}

func (l *Line) group() colorGroup {
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

func (p paint) over(k colorGroup, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + k.sgr + "m" + text + "\x1b[0m"
}

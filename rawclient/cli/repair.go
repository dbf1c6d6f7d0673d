package cli

import (
	"bytes"
	"errors"
	"fmt"

	"rawhttp/httpwire"
)

// Irregular heads. There is one grammar, and it is strict. A head that it refuses is not read by a
// laxer one: a scratch copy is edited at the octet that it was refused at, until the grammar takes
// it, and every edit is told. The octets that are printed are never edited.

// A repair says which edit makes a head readable that was refused under a rule for one of the
// octets found; for any octet if found is empty.
type repair struct {
	rule  httpwire.Rule
	found string
	edit  func(b []byte, at int) (edit, verdict)
	says  string
}

// An edit replaces the octets from up to to.
type edit struct {
	from, to int
	put      string
}

type verdict uint8

const (
	no   verdict = iota // not the edit for this
	yes                 // edit
	wait                // more octets decide
)

const controls = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x11\x12\x13\x14\x15" +
	"\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f"

var repairs = []repair{
	{httpwire.RuleHTTPVersion, "/", capitals, "HTTP in small letters"},
	{httpwire.RuleStatusSP, "\t", replaceBySP, "HTAB where SP is wanted"},
	{httpwire.RuleStatusCode, " \t", deleteBlank, "more than one space before the status code"},
	{httpwire.RuleStatusCode, "\r\n", insertSP, "no space and no reason phrase after the code"},
	{httpwire.RuleReasonPhrase, "\n", insertCR, "the line ends in LF alone"},
	{httpwire.RuleFieldValue, "\n", insertCR, "the line ends in LF alone"},
	{httpwire.RuleEndOfHead, "\n", insertCR, "the line ends in LF alone"},
	{httpwire.RuleReasonPhrase, controls, replaceBySP, "a control octet, read as SP"},
	{httpwire.RuleFieldValue, controls, replaceBySP, "a control octet, read as SP"},
	{httpwire.RuleCRLF, "", replaceBareCR, "a CR without LF, read as SP"},
	{httpwire.RuleEndOfHead, "", deleteBareCR, "a CR without LF, passed over"},
	{httpwire.RuleFieldName, " \t", deleteBeforeColon, "white space before the colon"},
	{httpwire.RuleFieldName, "", deleteLine, "no field line, passed over"},
}

// maxRepairs bounds the edits of a head.
const maxRepairs = 300

func insertCR(_ []byte, at int) (edit, verdict)    { return edit{at, at, "\r"}, yes }
func insertSP(_ []byte, at int) (edit, verdict)    { return edit{at, at, " "}, yes }
func replaceBySP(_ []byte, at int) (edit, verdict) { return edit{at, at + 1, " "}, yes }

// capitals writes the name of the protocol before a slash in capitals.
func capitals(b []byte, at int) (edit, verdict) {
	const name = "HTTP"
	if at != len(name) || string(b[:at]) == name || !httpwire.EqualFold(b[:at], name) {
		return edit{}, no
	}
	return edit{0, at, name}, yes
}

// deleteBlank deletes one of several blanks.
func deleteBlank(b []byte, at int) (edit, verdict) {
	if b[at-1] != ' ' {
		return edit{}, no
	}
	return edit{at, at + 1, ""}, yes
}

func replaceBareCR(b []byte, at int) (edit, verdict) {
	if b[at-1] != '\r' {
		return edit{}, no
	}
	return edit{at - 1, at, " "}, yes
}

func deleteBareCR(b []byte, at int) (edit, verdict) {
	if b[at-1] != '\r' {
		return edit{}, no
	}
	return edit{at - 1, at, ""}, yes
}

func deleteBeforeColon(b []byte, at int) (edit, verdict) {
	end := at
	for end < len(b) && (b[end] == ' ' || b[end] == '\t') {
		end++
	}
	switch {
	case at == 0 || b[at-1] == '\n':
		return edit{}, no
	case end == len(b):
		return edit{}, wait
	case b[end] != ':':
		return edit{}, no
	}
	return edit{at, end, ""}, yes
}

// deleteLine deletes a line, and the lines that go on from it.
func deleteLine(b []byte, at int) (edit, verdict) {
	end := at
	for {
		lf := bytes.IndexByte(b[end:], '\n')
		if lf < 0 || end+lf+1 == len(b) {
			return edit{}, wait
		}
		end += lf + 1
		if b[end] != ' ' && b[end] != '\t' {
			return edit{bytes.LastIndexByte(b[:at], '\n') + 1, end, ""}, yes
		}
	}
}

// A mender reads a head on a scratch copy, mended as far as need be.
type mender struct {
	edits   []mended
	scratch []byte
}

// A mended place: an edit, in offsets of the original, and why.
type mended struct {
	edit
	why *repair
}

// consume reads a head from the start of b as httpwire.ConsumeResponseHead does. It may be called
// again with more octets. The parts of resp are views of the scratch copy, and their offsets are
// offsets there; n and the error's are those of b.
func (m *mender) consume(b []byte, resp *httpwire.Response) (n int, err error) {
	for {
		m.copy(b)
		n, err = httpwire.ConsumeResponseHead(m.scratch, resp)
		var fault *httpwire.SyntaxError
		if !errors.As(err, &fault) {
			return m.original(n), err
		}
		switch m.mend(fault) {
		case wait:
			return 0, httpwire.ErrIncomplete
		case no:
			return 0, m.relocate(fault)
		}
	}
}

// mend adds the edit for a fault. Edits go from left to right, so there is an end to them.
func (m *mender) mend(fault *httpwire.SyntaxError) verdict {
	if len(m.edits) == maxRepairs {
		return no
	}
	for i := range repairs {
		r := &repairs[i]
		if r.rule != fault.Rule || r.found != "" && bytes.IndexByte([]byte(r.found), fault.Octet) < 0 {
			continue
		}
		switch e, verdict := r.edit(m.scratch, fault.Offset); verdict {
		case yes:
			return m.add(e, r)
		case wait:
			return wait
		}
	}
	return no
}

// add adds an edit in the scratch copy, unless it reaches back before the last one.
func (m *mender) add(e edit, why *repair) verdict {
	e.from, e.to = m.original(e.from), m.original(e.to)
	if last := len(m.edits) - 1; last >= 0 && e.from < m.edits[last].to {
		return no
	}
	m.edits = append(m.edits, mended{e, why})
	return yes
}

// copy makes the scratch copy of b, with all edits so far.
func (m *mender) copy(b []byte) {
	m.scratch = m.scratch[:0]
	done := 0
	for _, e := range m.edits {
		m.scratch = append(append(m.scratch, b[done:e.from]...), e.put...)
		done = e.to
	}
	m.scratch = append(m.scratch, b[done:]...)
}

// original turns an offset of the scratch copy into one of the octets that came.
func (m *mender) original(at int) int {
	for _, e := range m.edits {
		if at < e.from || at == e.from && e.put != "" {
			break
		}
		at = max(at-len(e.put), e.from) + e.to - e.from
	}
	return at
}

// relocate returns the fault as it stands in the octets that came.
func (m *mender) relocate(fault *httpwire.SyntaxError) *httpwire.SyntaxError {
	moved := *fault
	moved.Offset = m.original(fault.Offset)
	return &moved
}

// notes says what was mended: each kind once, with its first offset; base is that of the head.
func (m *mender) notes(base int64) (notes []string) {
	for i := range repairs {
		first, count := -1, 0
		for _, e := range m.edits {
			if e.why.says != repairs[i].says || e.why.rule != repairs[i].rule {
				continue
			}
			if count++; first < 0 {
				first = e.from
			}
		}
		if count > 0 {
			notes = append(notes, describe(&repairs[i], base+int64(first), count))
		}
	}
	return notes
}

func describe(r *repair, offset int64, count int) string {
	again := ""
	switch {
	case count == 2:
		again = ", and once more"
	case count > 2:
		again = fmt.Sprintf(", and %d times more", count-1)
	}
	return fmt.Sprintf("offset %d%s: %s (%s)", offset, again, r.says, r.rule.Sections())
}

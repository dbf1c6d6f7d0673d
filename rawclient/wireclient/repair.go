package wireclient

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"

	"rawhttp/httpwire"
)

// There is one grammar, and it is strict. If it refuses a head, no second, laxer grammar reads
// it. Instead a copy of the head is edited at the octet where the grammar stopped, and the
// grammar reads again, until it accepts the copy. Every edit is reported. The octets received are
// never edited.

// A repair is an edit for a head that breaks a rule at one of the octets in found. With an empty found, it is
// for any octet.
type repair struct {
	rule  httpwire.Rule
	found string
	edit  editor
	what  string
	about string // sections of the RFCs, if not those of the rule
}

// An edit replaces the octets from offset from up to offset to by text. An editor returns these as offsets in
// the copy. addFor turns them into offsets in the octets received.
type edit struct {
	from, to int
	text     string
	why      *repair // nil before it is made
}

const controls = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x11\x12\x13\x14\x15" +
	"\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f"

const (
	lfAlone  = "the line ends in LF alone"
	crAsSP   = "a CR without LF, read as SP"
	lineEnds = "RFC 9112 section 2.2"
)

// repairTable has the repairs in the order in which they are tried.
var repairTable = []repair{
	{httpwire.RuleHTTPVersion, "/", upperCase, "HTTP in lower-case letters", ""},
	{httpwire.RuleStatusSP, "\t", put(0, 1, " "), "HTAB instead of SP", ""},
	{httpwire.RuleStatusCode, " \t", after(' ', put(0, 1, "")),
		"more than one space before the status code", ""},
	{httpwire.RuleStatusCode, "\r", afterCode(bareCR), crAsSP, lineEnds},
	{httpwire.RuleStatusCode, "\r\n", afterCode(put(0, 0, " ")),
		"no space and no reason phrase after the code", ""},
	{httpwire.RuleReasonPhrase, "\n", put(0, 0, "\r"), lfAlone, lineEnds},
	{httpwire.RuleFieldValue, "\n", put(0, 0, "\r"), lfAlone, lineEnds},
	{httpwire.RuleEndOfHead, "\n", put(0, 0, "\r"), lfAlone, lineEnds},
	{httpwire.RuleReasonPhrase, controls, put(0, 1, " "), "a control octet, read as SP", ""},
	{httpwire.RuleFieldValue, controls, put(0, 1, " "), "a control octet, read as SP", ""},
	{httpwire.RuleCRLF, "", after('\r', put(-1, 0, " ")), crAsSP, lineEnds},
	{httpwire.RuleEndOfHead, "", after('\r', put(-1, 0, "")),
		"a CR without LF, ignored", lineEnds},
	{httpwire.RuleFieldName, " \t", deleteBeforeColon, "white space before the colon", ""},
	{httpwire.RuleFieldName, "", deleteLine, "not a field line, ignored", ""},
}

// description says what was repaired, and lists the sections of the RFCs about it. Rows of the table can share it.
func (r *repair) description() string {
	return r.what + " (" + cmp.Or(r.about, r.rule.Sections()) + ")"
}

// maxEdits bounds the edits of a head: one for each line that it may have, and some more. The head is read
// again after each edit.
const maxEdits = httpwire.MaxResponseFields + 100

// An editor returns the edit for the octet at an offset. The error is errNoEdit, or
// httpwire.ErrIncomplete if more octets decide.
type editor func(b []byte, at int) (edit, error)

var errNoEdit = errors.New("no edit makes the head readable")

// put replaces the octets from at+from up to at+to by text.
func put(from, to int, text string) editor {
	return func(_ []byte, at int) (edit, error) { return edit{from: at + from, to: at + to, text: text}, nil }
}

// after applies an editor if the octet before the offset is before.
func after(before byte, e editor) editor {
	return func(b []byte, at int) (edit, error) {
		if b[at-1] != before {
			return edit{}, errNoEdit
		}
		return e(b, at)
	}
}

// upperCase writes the name of the protocol before a slash in upper case.
func upperCase(b []byte, at int) (edit, error) {
	const name = "HTTP"
	if !httpwire.EqualFold(b[:at], name) {
		return edit{}, errNoEdit
	}
	return edit{to: at, text: name}, nil
}

// afterCode applies an editor to the octet after a status code of three digits.
func afterCode(e editor) editor {
	return func(b []byte, at int) (edit, error) {
		if at != len("HTTP/1.0 200") {
			return edit{}, errNoEdit
		}
		return e(b, at)
	}
}

// bareCR replaces a CR without LF by SP.
func bareCR(b []byte, at int) (edit, error) {
	switch {
	case at+1 == len(b):
		return edit{}, httpwire.ErrIncomplete
	case b[at+1] == '\n':
		return edit{}, errNoEdit
	}
	return edit{from: at, to: at + 1, text: " "}, nil
}

// deleteBeforeColon deletes white space between a field-name and its colon.
func deleteBeforeColon(b []byte, at int) (edit, error) {
	rest := bytes.TrimLeft(b[at:], " \t")
	switch {
	case len(rest) == 0:
		return edit{}, httpwire.ErrIncomplete
	case rest[0] != ':':
		return edit{}, errNoEdit
	}
	return edit{from: at, to: len(b) - len(rest)}, nil
}

// deleteLine deletes the line of the octet, and the lines that continue it.
func deleteLine(b []byte, at int) (edit, error) {
	end := at
	for {
		lf := bytes.IndexByte(b[end:], '\n')
		if lf < 0 || end+lf+1 == len(b) {
			return edit{}, httpwire.ErrIncomplete
		}
		end += lf + 1
		if b[end] != ' ' && b[end] != '\t' {
			return edit{from: bytes.LastIndexByte(b[:at], '\n') + 1, to: end}, nil
		}
	}
}

// A repairer reads a head, on an edited copy if it must.
type repairer struct {
	edits []edit // those made, from left to right
	copy  []byte
}

// consume reads a head from the start of b as httpwire.ConsumeResponseHead does. It can be called
// again with more octets. The parts of resp are slices of the copy, and their offsets are those in the copy.
// n and the offset of the error are those in b.
func (r *repairer) consume(b []byte, resp *httpwire.Response) (n int, err error) {
	for {
		r.makeCopy(b)
		n, err = httpwire.ConsumeResponseHead(r.copy, resp)
		fault, ok := errors.AsType[*httpwire.SyntaxError](err)
		if !ok {
			return r.original(n), err
		}
		switch err := r.addFor(fault); err {
		case nil:
		case errNoEdit:
			fault.Offset = r.original(fault.Offset)
			return 0, fault
		default:
			return 0, err
		}
	}
}

// addFor adds the edit for a fault. Edits are made from left to right, so consume ends.
func (r *repairer) addFor(fault *httpwire.SyntaxError) error {
	if len(r.edits) == maxEdits {
		return errNoEdit
	}
	for i := range repairTable {
		row := &repairTable[i]
		if row.rule != fault.Rule ||
			row.found != "" && bytes.IndexByte([]byte(row.found), fault.Octet) < 0 {
			continue
		}
		e, err := row.edit(r.copy, fault.Offset)
		if err == errNoEdit {
			continue
		}
		e.from, e.to, e.why = r.original(e.from), r.original(e.to), row
		if err == nil {
			r.edits = append(r.edits, e)
		}
		return err
	}
	return errNoEdit
}

// makeCopy copies b with all edits so far.
func (r *repairer) makeCopy(b []byte) {
	r.copy = r.copy[:0]
	done := 0
	for _, e := range r.edits {
		r.copy = append(append(r.copy, b[done:e.from]...), e.text...)
		done = e.to
	}
	r.copy = append(r.copy, b[done:]...)
}

// original turns an offset of the copy into an offset of the octets received.
func (r *repairer) original(at int) int {
	for _, e := range r.edits {
		if at < e.from || at == e.from && e.text != "" {
			break
		}
		at = max(at-len(e.text), e.from) + e.to - e.from
	}
	return at
}

// repairs returns a sentence for each fact that edits have in common, with the offset of the first one. The
// head begins at offset start.
func (r *repairer) repairs(start int64) (list []string) {
	times := make(map[string]int)
	for _, e := range r.edits {
		times[e.why.description()]++
	}
	for _, e := range r.edits {
		fact, again := e.why.description(), ""
		switch n := times[fact]; {
		case n == 0: // it is in the list
			continue
		case n == 2:
			again = ", and once more"
		case n > 2:
			again = fmt.Sprintf(", and %d times more", n-1)
		}
		times[fact] = 0
		list = append(list, fmt.Sprintf("offset %d%s: %s", start+int64(e.from), again, fact))
	}
	return list
}

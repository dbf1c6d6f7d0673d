// Package compare puts two messages side by side and marks what differs.
//
// The unit is a line of the message. Fields are compared by their names, so a field that is in
// another place is still next to its counterpart: the order of fields with different names means
// nothing (RFC 9110 section 5.3). The lines of a body are compared in their order.
//
//	compare.go   which lines belong together, and whether they differ
//	text.go      the comparison as text for 80 columns
package compare

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
)

// A Comparison is two messages, line by line.
type Comparison struct {
	Pairs   []Pair
	Differs bool // some pair is Different
	Moved   bool // fields that both messages have are in another order, which means nothing
}

// A Pair is a line of the first message and the one of the second that belongs to it. One of them
// is nil if only the other message has the line.
type Pair struct {
	First, Second *Row
	Verdict       Verdict
}

// A Verdict says whether the two lines of a pair differ.
type Verdict uint8

const (
	Same      Verdict = iota // octet for octet
	Different                // or only one message has the line
	Ignored                  // they differ, and the field is one that may differ
)

// A Side is one of the two messages.
type Side struct {
	Listing explain.Listing
	Octets  []byte // those of the listing, with the credentials that it hides
}

// A Row is one line of a message.
type Row struct {
	Lines []explain.Line // at least one
	raw   []byte         // the octets, with credentials
	field string         // the name of the field in small letters; "" if the line is not of a field
	body  bool
}

// Octets returns the octets of the row. Credentials are hidden.
func (r *Row) Octets() (octets []byte) {
	for i := range r.Lines {
		octets = append(octets, r.Lines[i].Octets...)
	}
	return octets
}

// Messages compares two messages. Fields with the names in ignore may differ.
func Messages(first, second Side, ignore []string) *Comparison {
	c := new(Comparison)
	a, b := split(first), split(second)
	n := max(len(a.heads), len(b.heads))
	// The last heads are those of the final responses, so the shorter list is filled up at its start.
	a.heads = slices.Concat(make([][]Row, n-len(a.heads)), a.heads)
	b.heads = slices.Concat(make([][]Row, n-len(b.heads)), b.heads)
	for i := range n {
		c.pairHeads(a.heads[i], b.heads[i])
	}
	c.pairBodies(a.body, b.body)
	for i := range c.Pairs {
		p := &c.Pairs[i]
		p.Verdict = p.verdict(ignore)
		c.Differs = c.Differs || p.Verdict == Different
	}
	return c
}

func (p *Pair) verdict(ignore []string) Verdict {
	row := cmp.Or(p.First, p.Second)
	named := func(name string) bool { return strings.EqualFold(name, row.field) }
	switch {
	case p.First != nil && p.Second != nil && bytes.Equal(p.First.raw, p.Second.raw):
		return Same
	case slices.ContainsFunc(ignore, named):
		return Ignored
	}
	return Different
}

// A message is the lines of a listing.
type message struct {
	heads [][]Row // those of interim responses come first
	body  []Row
}

// bodyRules are the rules of the octets with which a message without a head, or the rest of one that
// has ended, can begin.
var bodyRules = []httpwire.Rule{httpwire.RuleMessageBody, httpwire.RuleSurplus}

// A splitter is what split has found so far.
type splitter struct {
	message
	octets []byte // of the message, with credentials
	head   []Row  // of the head that has not ended
	row    Row    // that has not ended
	field  string // the name of the last field, in small letters
	inBody bool
}

// split makes rows of a message. A line of it ends with LF. After a head, only a version begins another one. All
// other octets belong to the body, even those of another protocol and those that were not read.
func split(s Side) message {
	sp := &splitter{octets: s.Octets}
	for _, line := range s.Listing.Lines {
		afterHead := len(sp.heads) > 0 && len(sp.head) == 0 && len(sp.row.Lines) == 0
		sp.inBody = sp.inBody || slices.Contains(bodyRules, line.Rule) ||
			afterHead && line.Rule != httpwire.RuleHTTPVersion
		sp.add(line)
		if line.Rule == httpwire.RuleEndOfHead && !sp.inBody {
			sp.endHead()
		}
	}
	if sp.endRow(); len(sp.head) > 0 {
		sp.endHead()
	}
	return sp.message
}

// add adds a line of the listing. It can be a part of a row, and it can be several rows.
func (sp *splitter) add(line explain.Line) {
	for part := range bytes.Lines(line.Octets) {
		row := &sp.row
		if len(row.Lines) == 0 && line.Rule == httpwire.RuleObsFold {
			row.field = sp.field
		}
		piece := line
		piece.Octets, row.body = part, sp.inBody
		row.raw = append(row.raw, sp.octets[line.Offset:line.Offset+len(part)]...)
		if row.Lines = append(row.Lines, piece); line.Rule == httpwire.RuleFieldName {
			sp.field = strings.ToLower(string(part))
			row.field = sp.field
		}
		if line.Offset += len(part); part[len(part)-1] == '\n' {
			sp.endRow()
		}
	}
}

func (sp *splitter) endRow() {
	switch {
	case len(sp.row.Lines) == 0:
	case sp.row.body:
		sp.body = append(sp.body, sp.row)
	default:
		sp.head = append(sp.head, sp.row)
	}
	sp.row = Row{}
}

func (sp *splitter) endHead() { sp.heads, sp.head = append(sp.heads, sp.head), nil }

// pairHeads pairs lines that are no fields by their order, and fields by their names. The fields
// that only the second head has come last, before the empty line.
func (c *Comparison) pairHeads(a, b []Row) {
	a, endA := cutEnd(a)
	b, endB := cutEnd(b)
	places := make(map[string][]int) // of the lines of b that have no counterpart, by key
	for j := range b {
		places[b[j].key()] = append(places[b[j].key()], j)
	}
	last := -1
	for i := range a {
		p := Pair{First: &a[i]}
		if at := places[a[i].key()]; len(at) > 0 {
			p.Second, places[a[i].key()] = &b[at[0]], at[1:]
			c.Moved = c.Moved || at[0] < last
			last = at[0]
		}
		c.Pairs = append(c.Pairs, p)
	}
	for j := range b {
		if slices.Contains(places[b[j].key()], j) {
			c.Pairs = append(c.Pairs, Pair{Second: &b[j]})
		}
	}
	c.pairInOrder(endA, endB)
}

// key is the same for lines that may belong together: the name of the field, marked if the line
// continues a folded field.
func (r *Row) key() string {
	if r.Lines[0].Rule == httpwire.RuleObsFold {
		return r.field + "\r\n"
	}
	return r.field
}

// cutEnd separates the empty line from the other lines of a head. end has no row if there is none.
func cutEnd(head []Row) (lines, end []Row) {
	n := len(head)
	if n > 0 && head[n-1].Lines[0].Rule == httpwire.RuleEndOfHead {
		n--
	}
	return head[:n], head[n:]
}

// mostCells bounds the work of comparing two bodies.
const mostCells = 1 << 22

// pairBodies pairs the lines of two bodies so that as many as possible are the same. If the bodies
// are too long for that, the lines between the same beginning and the same end are paired by their
// order.
func (c *Comparison) pairBodies(a, b []Row) {
	same := func(x, y *Row) bool { return bytes.Equal(x.raw, y.raw) }
	for len(a) > 0 && len(b) > 0 && same(&a[0], &b[0]) {
		c.Pairs = append(c.Pairs, Pair{First: &a[0], Second: &b[0]})
		a, b = a[1:], b[1:]
	}
	tail := 0
	for tail < min(len(a), len(b)) && same(&a[len(a)-1-tail], &b[len(b)-1-tail]) {
		tail++
	}
	endA, endB := a[len(a)-tail:], b[len(b)-tail:]
	a, b = a[:len(a)-tail], b[:len(b)-tail]
	if int64(len(a))*int64(len(b)) > mostCells { // more than an int of 32 bits holds
		c.pairInOrder(a, b)
	} else {
		i, j := 0, 0
		for _, m := range common(a, b, same) {
			c.pairInOrder(a[i:m[0]], b[j:m[1]])
			c.Pairs = append(c.Pairs, Pair{First: &a[m[0]], Second: &b[m[1]]})
			i, j = m[0]+1, m[1]+1
		}
		c.pairInOrder(a[i:], b[j:])
	}
	c.pairInOrder(endA, endB)
}

func (c *Comparison) pairInOrder(a, b []Row) {
	for i := range max(len(a), len(b)) {
		var p Pair
		if i < len(a) {
			p.First = &a[i]
		}
		if i < len(b) {
			p.Second = &b[i]
		}
		c.Pairs = append(c.Pairs, p)
	}
}

// common returns the indices of a longest common subsequence.
func common(a, b []Row, same func(x, y *Row) bool) (matches [][2]int) {
	length := make([][]int32, len(a)+1) // of the subsequence of a[i:] and b[j:]
	length[len(a)] = make([]int32, len(b)+1)
	for i := len(a) - 1; i >= 0; i-- {
		length[i] = make([]int32, len(b)+1)
		for j := len(b) - 1; j >= 0; j-- {
			if length[i][j] = max(length[i+1][j], length[i][j+1]); same(&a[i], &b[j]) {
				length[i][j] = length[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case same(&a[i], &b[j]):
			matches = append(matches, [2]int{i, j})
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return matches
}

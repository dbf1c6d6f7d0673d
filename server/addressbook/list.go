package addressbook

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// A list has all addresses as they were at one time. It never changes. As long as a list is being
// sent, its entries stay in memory, even those that were replaced or deleted meanwhile.
type list struct {
	version  uint64
	modified time.Time
	entries  []*entry     // ordered by ID
	size     int64        // about how many octets of memory the entries take
	whole    func() *page // returns the page with all entries; made at the first call
}

// newList returns the list of entries that are in any order.
func newList(entries []*entry, version uint64, modified time.Time) *list {
	slices.SortFunc(entries, func(a, b *entry) int { return cmp.Compare(a.id, b.id) })
	l := &list{version: version, modified: modified, entries: entries}
	for _, e := range entries {
		const overhead = 776 // the entry itself, the values of its fields, its places in the map and the list
		l.size += int64(cap(e.Octets()) + len(e.postCode) + overhead)
	}
	l.whole = sync.OnceValue(func() *page { return (&selection{}).page(l) })
	return l
}

// A page is a part of a list, or all of it. It is the body of a response in parts: the octets of
// the entries are never copied as a whole.
type page struct {
	rest.Representation
	list     *list
	entries  []*entry // a part of list.entries; the page has those that match the selection
	selected *selection
	length   int64
}

// Len returns the number of octets, for httpwire.Parts.
func (p *page) Len() int64 { return p.length }

// WriteParts writes the JSON text, for httpwire.Parts.
func (p *page) WriteParts(w httpwire.PartWriter) error {
	if len(p.entries) == 0 {
		return w.WritePart(none)
	}
	before := openAll
	for _, e := range p.entries {
		if !p.selected.matches(e) {
			continue
		}
		if err := w.WritePart(before); err != nil {
			return err
		}
		if err := w.WritePart(e.inList()); err != nil {
			return err
		}
		before = comma
	}
	return w.WritePart(closing)
}

// SharedData tells the server what a response with this page keeps in memory, for httpd.SharedBody. It is
// the whole list, which all its pages share.
func (p *page) SharedData() (key any, octets int64) { return p.list, p.list.size }

// A selection is what the query of a request for the list selects.
type selection struct {
	limit    int64 // the largest number of addresses; 0 means all
	offset   int64 // the number of addresses to leave out at the start
	filtered bool
	postCode string
}

// readSelection reads a query. It ignores parameters with other names. The fault is a sentence that
// says what is wrong, or "".
func readSelection(query string) (s selection, fault string) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return s, "The query cannot be read: " + err.Error() + ". Write & between two parameters, and %3B " +
			"for a semicolon in a value."
	}
	for _, p := range pageQuery {
		switch given := values[p.Name]; {
		case len(given) > 1:
			return s, "The parameter " + p.Name + " occurs twice. Leave one out."
		case len(given) == 1 && fault == "":
			fault = s.set(p.Name, given[0])
		}
	}
	return s, fault
}

// set sets the value of one parameter of pageQuery.
func (s *selection) set(name, value string) (fault string) {
	switch name {
	case "limit":
		s.limit, fault = readNumber(name, value, 1)
	case "offset":
		s.offset, fault = readNumber(name, value, 0)
	case "post_code":
		s.filtered, s.postCode = true, value
		fault = postCodeFault(value)
	default:
		panic("the parameter " + name + " is described, and not read")
	}
	return fault
}

// postCodeFault says what is wrong with the value of post_code, or "".
func postCodeFault(value string) string {
	n := utf8.RuneCountInString(value)
	switch {
	case !utf8.ValidString(value):
		return "The value of post_code is not in UTF-8."
	case n > maxText:
		return fmt.Sprintf("The parameter post_code has %d characters, and a post code has at most %d.", n, maxText)
	}
	return ""
}

// readNumber reads 1*DIGIT. strconv alone would accept a sign.
func readNumber(name, value string, least int64) (n int64, fault string) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < least || n > maxInteger || value[0] < '0' {
		return 0, fmt.Sprintf("The parameter %s is %s, and must be a number from %d to %d, in "+
			"digits, as in ?limit=10&offset=20.", name, quote([]byte(value)), least, int64(maxInteger))
	}
	return n, ""
}

// page returns the part of a list that is selected. Its ETag is a digest of the digests of its entries, so
// their octets are not read again. All digests have the same length, so different lists of entries are different
// inputs of the digest. With a limit, the ETag is a digest of the links too: a client that gets 304 uses the
// links that it has stored, and would not find a page that is new.
func (s *selection) page(l *list) *page {
	var total, count, first, after int64
	length := int64(len(openAll) + len(closing))
	sum := sha256.New()
	for i, e := range l.entries {
		if !s.matches(e) {
			continue
		}
		if total++; total <= s.offset || s.limit > 0 && count == s.limit {
			continue
		}
		if count == 0 {
			first = int64(i)
		} else {
			length += int64(len(comma))
		}
		count, after = count+1, int64(i)+1
		length += int64(len(e.inList()))
		sum.Write(e.digest[:])
	}
	if count == 0 {
		length = int64(len(none))
	}
	links := []byte(s.links(total))
	if s.limit > 0 {
		sum.Write(links)
	}
	return &page{
		Representation: rest.NewRepresentation(jsonValue, nil, rest.Digest(sum.Sum(nil)), l.modified, links),
		list:           l,
		entries:        l.entries[first:after],
		selected:       s,
		length:         length,
	}
}

// matches reports whether an entry has the selected post code. It ignores limit and offset.
func (s *selection) matches(e *entry) bool { return !s.filtered || e.postCode == s.postCode }

// links returns the links from a page to itself, the next page and the previous page. The total is
// the number of addresses that match. The previous page ends where this one begins, so it may be
// shorter.
func (s *selection) links(total int64) string {
	links := "<" + s.href(s.offset, s.limit) + `>; rel="self"`
	if s.limit > 0 && s.limit < total-s.offset {
		links += ", <" + s.href(s.offset+s.limit, s.limit) + `>; rel="next"`
	}
	if end := min(s.offset, total); s.limit > 0 && end > 0 {
		start := max(0, end-s.limit)
		links += ", <" + s.href(start, end-start) + `>; rel="prev"`
	}
	return links
}

// href returns the path and query of the same selection with another offset and limit.
func (s *selection) href(offset, limit int64) string {
	var parts []string
	if s.filtered {
		parts = append(parts, "post_code="+url.QueryEscape(s.postCode))
	}
	if limit > 0 {
		parts = append(parts, "limit="+strconv.FormatInt(limit, 10))
	}
	if offset > 0 {
		parts = append(parts, "offset="+strconv.FormatInt(offset, 10))
	}
	if len(parts) == 0 {
		return Path
	}
	return Path + "?" + strings.Join(parts, "&")
}

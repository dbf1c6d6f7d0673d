package addressbook

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"rawhttp/server/rest"
)

// A page is some of the addresses, or all of them. Its octets are joined when somebody wants them:
// whoever has them already gets a 304 without.
type page struct {
	rest.Representation
	octets func() []byte
}

// newPage returns a page of so many addresses. They are in the order of their IDs, so the sum of
// their tags says as much as a digest of the octets would, without looking at them again.
func newPage(count int, sum uint64, parts func() [][]byte, modified time.Time, link string) *page {
	tag := uint64(count) + sum
	return &page{
		Representation: rest.NewRepresentation(jsonValue, nil, tag, modified, []byte(link)),
		octets:         sync.OnceValue(func() []byte { return joinAll(parts()) }),
	}
}

// whole returns the page of a list that has all of it.
func (l *list) whole() *page {
	var sum uint64
	for _, b := range l.blocks {
		sum += b.tag
	}
	parts := func() (parts [][]byte) {
		for _, b := range l.blocks {
			parts = append(parts, b.octets)
		}
		return parts
	}
	return newPage(countOf(l.blocks), sum, parts, l.modified, selfLink(Path))
}

// A selection is what the query of a request for the list asks for.
type selection struct {
	limit    int64 // addresses at most; 0 is all
	offset   int64 // addresses to leave out before
	filtered bool
	postCode string
}

// readSelection reads a query. Parameters of other names count for nothing.
func readSelection(query string) (s selection, fault string) {
	seen := make(map[string]bool)
	for part := range strings.SplitSeq(query, "&") {
		rawName, rawValue, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil || name != "limit" && name != "offset" && name != "post_code" {
			continue
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil || !utf8.ValidString(value) {
			return s, "The value of " + name + " is not in UTF-8."
		}
		if seen[name] {
			return s, "The parameter " + name + " is there twice. Leave one out."
		}
		seen[name] = true
		if fault = s.set(name, value); fault != "" {
			return s, fault
		}
	}
	return s, ""
}

// set takes one parameter.
func (s *selection) set(name, value string) (fault string) {
	switch name {
	case "limit":
		s.limit, fault = count(name, value, 1)
	case "offset":
		s.offset, fault = count(name, value, 0)
	default:
		s.filtered, s.postCode = true, value
	}
	return fault
}

// count reads 1*DIGIT. strconv would take a sign.
func count(name, value string, least int64) (n int64, fault string) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < least || n > maxInteger || value[0] < '0' {
		return 0, fmt.Sprintf("The parameter %s is %s, and has to be a number in digits, from %d to "+
			"%d, such as ?limit=10&offset=20.", name, quote([]byte(value)), least, int64(maxInteger))
	}
	return n, ""
}

// page returns the page of a list that a selection asks for.
func (s *selection) page(l *list) *page {
	blocks := l.blocks
	if s.filtered {
		blocks = []*block{{entries: s.filter(l.blocks)}}
	}
	total := int64(countOf(blocks))
	from := min(s.offset, total)
	to := total
	if s.limit > 0 {
		to = from + min(s.limit, total-from)
	}
	entries := cut(blocks, int(from), int(to))
	parts := func() [][]byte { return partsOf(entries) }
	return newPage(len(entries), sumOf(entries), parts, l.modified, s.links(total))
}

// filter returns the entries with the post code.
func (s *selection) filter(blocks []*block) (entries []*entry) {
	for _, b := range blocks {
		for _, e := range b.entries {
			if e.postCode == s.postCode {
				entries = append(entries, e)
			}
		}
	}
	return entries
}

// links returns the links of a page, of a total of addresses: to itself, and to its neighbours.
func (s *selection) links(total int64) string {
	links := selfLink(s.href(s.offset))
	if s.limit > 0 && s.offset < total && s.limit < total-s.offset {
		links += ", <" + s.href(s.offset+s.limit) + `>; rel="next"`
	}
	if s.limit > 0 && s.offset > 0 {
		links += ", <" + s.href(max(0, min(s.offset, total)-s.limit)) + `>; rel="prev"`
	}
	return links
}

// href returns the path and query of a page that begins at another offset.
func (s *selection) href(offset int64) string {
	var parts []string
	if s.filtered {
		parts = append(parts, "post_code="+url.QueryEscape(s.postCode))
	}
	if s.limit > 0 {
		parts = append(parts, "limit="+strconv.FormatInt(s.limit, 10))
	}
	if offset > 0 {
		parts = append(parts, "offset="+strconv.FormatInt(offset, 10))
	}
	if len(parts) == 0 {
		return Path
	}
	return Path + "?" + strings.Join(parts, "&")
}

func selfLink(href string) string { return "<" + href + `>; rel="self"` }

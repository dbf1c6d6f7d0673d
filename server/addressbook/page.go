package addressbook

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"rawhttp/server/rest"
)

// A page is some of the addresses of a list, or all of them. It is the body of a response in parts:
// the octets of the entries are sent from where they are.
type page struct {
	rest.Representation
	list    *list
	entries []*entry // of the list; those that the selection wants are the page
	wants   *selection
	length  int64
}

// Len returns the number of octets (see httpwire.Parts).
func (p *page) Len() int64 { return p.length }

// Fill fills in parts (see httpwire.Parts). A position is that of an entry; the one after the last
// entry is that of the end of the JSON text.
func (p *page) Fill(parts [][]byte, from int) (n, next int) {
	if from > len(p.entries) {
		return 0, from
	}
	for ; from < len(p.entries); from++ {
		switch {
		case !p.wants.takes(p.entries[from]):
			continue
		case n+2 > len(parts):
			return n, from
		case from == 0:
			parts[n] = openAllOctets
		default:
			parts[n] = commaOctets
		}
		parts[n+1] = p.entries[from].inList()
		n += 2
	}
	if n == len(parts) {
		return n, from
	}
	parts[n] = closingOctets
	if len(p.entries) == 0 {
		parts[n] = noneOctets
	}
	return n + 1, from + 1
}

// Holds tells the server what a response with this page keeps in memory: the whole list. All pages
// of one list keep it together (see httpd.Holder).
func (p *page) Holds() (what any, octets int64) {
	const pointer = 8
	return p.list, p.list.size + pointer*int64(len(p.list.entries))
}

// The octets between the entries.
var (
	openAllOctets = []byte(openAll)
	commaOctets   = []byte(comma)
	closingOctets = []byte(closing)
	noneOctets    = []byte(none)
)

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
		if n := utf8.RuneCountInString(value); n > maxText {
			fault = fmt.Sprintf("The parameter %s has %d characters, and a post code has at most %d.",
				name, n, maxText)
		}
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

// page returns the page of a list that a selection asks for. Its ETag is a digest of the digests of
// its entries, which all have the same length. So it is a digest of the octets, and the octets are
// not read again.
func (s *selection) page(l *list) *page {
	var total, count, octets, first, after int64
	sum := sha256.New()
	for i, e := range l.entries {
		if !s.takes(e) {
			continue
		}
		if total++; total <= s.offset || s.limit > 0 && count == s.limit {
			continue
		}
		if count == 0 {
			first = int64(i)
		}
		count, after = count+1, int64(i)+1
		octets += int64(len(e.inList()))
		sum.Write(e.digest[:])
	}
	return &page{
		Representation: rest.NewRepresentation(jsonValue, nil, rest.Digest(sum.Sum(nil)), l.modified,
			[]byte(s.links(total))),
		list:    l,
		entries: l.entries[first:after],
		wants:   s,
		length:  pageLength(count, octets),
	}
}

// pageLength returns the length of a page of so many entries that have so many octets.
func pageLength(count, octets int64) int64 {
	if count == 0 {
		return int64(len(none))
	}
	return int64(len(openAll)+len(closing)) + (count-1)*int64(len(comma)) + octets
}

// takes reports whether the selection wants an entry, whatever its place.
func (s *selection) takes(e *entry) bool { return !s.filtered || e.postCode == s.postCode }

// links returns the links of a page, of a total of addresses: to itself, and to its neighbours. The
// page before ends where this page begins, so it may be shorter.
func (s *selection) links(total int64) string {
	links := selfLink(s.href(s.offset, s.limit))
	if s.limit > 0 && s.offset < total && s.limit < total-s.offset {
		links += ", <" + s.href(s.offset+s.limit, s.limit) + `>; rel="next"`
	}
	if end := min(s.offset, total); s.limit > 0 && end > 0 {
		start := max(0, end-s.limit)
		links += ", <" + s.href(start, end-start) + `>; rel="prev"`
	}
	return links
}

// href returns the path and query of the page of the same selection with that offset and limit.
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

func selfLink(href string) string { return "<" + href + `>; rel="self"` }

package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rawhttp/httpwire/explain"
	"rawhttp/rawclient/report"
)

// timing is when each part of an exchange came. What did not come is zero.
type timing struct {
	start, connected, secured, sent, first, head, body, closed time.Time
}

// add takes the times of the connection. The last octet was sent only if all were.
func (t *timing) add(tr *trace, sentAll bool) {
	if t.first = tr.first; sentAll {
		t.sent = tr.sent
	}
	if !tr.captured.ByServer {
		return
	}
	t.closed = tr.captured.Closed
	for _, part := range []*time.Time{&t.head, &t.body} {
		if part.After(t.closed) { // the close ended the body, or came in the same read
			*part = t.closed
		}
	}
}

// A part is a row of the table of -time, and a word of the line in a listing.
type part struct {
	at         time.Time
	name, word string
}

// parts returns what came, in the order of the times.
func (t *timing) parts() []part {
	parts := []part{
		{t.connected, "connected", "connect"},
		{t.secured, "handshake of TLS complete", "TLS"},
		{t.sent, "last octet of the request sent", "sent"},
		{t.first, "first octet of the response", "first-octet"},
		{t.head, "end of the head", "head"},
		{t.body, "end of the response", "end"},
		{t.closed, "the server closed the connection", "close"},
	}
	parts = slices.DeleteFunc(parts, func(p part) bool { return p.at.IsZero() })
	slices.SortStableFunc(parts, func(a, b part) int { return a.at.Compare(b.at) })
	return parts
}

// since returns the time of a part in milliseconds.
func (t *timing) since(p part) string {
	return fmt.Sprintf("%.1f", p.at.Sub(t.start).Seconds()*1000)
}

// table returns a notice with a row for each part.
func (t *timing) table() string {
	rows := []string{"when each part came, in milliseconds from the start:"}
	for _, p := range t.parts() {
		rows = append(rows, fmt.Sprintf("%10s  %s", t.since(p), p.name))
	}
	return strings.Join(rows, "\n")
}

// times returns the rows of table for a page.
func (t *timing) times() (times []explain.Time) {
	for _, p := range t.parts() {
		times = append(times, explain.Time{Milliseconds: t.since(p), Part: p.name})
	}
	return times
}

// line returns the rows of table as one line, for a listing.
func (t *timing) line() string {
	var words []string
	for _, p := range t.parts() {
		words = append(words, p.word+"="+t.since(p))
	}
	return "time in ms: " + strings.Join(words, ", ")
}

// report returns the times in milliseconds since the start.
func (t *timing) report() report.Timing {
	since := func(at time.Time) *float64 { return report.Milliseconds(t.start, at) }
	return report.Timing{Connected: since(t.connected), Secured: since(t.secured), Sent: since(t.sent),
		First: since(t.first), Head: since(t.head), End: since(t.body), Closed: since(t.closed)}
}

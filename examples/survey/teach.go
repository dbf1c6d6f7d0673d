package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
)

// teachTime is how long all questions to one server may take.
const teachTime = 90 * time.Second

// Groups of the score that are no part of a request. Probes, in probe.go, belong to them.
const (
	responses  = "responses"
	robustness = "robustness"
)

// groups are the groups of the score. Robustness is the last, since it ends more servers than the others.
var groups = []string{responses, gallery.RequestLine, gallery.Head, gallery.Framing, robustness}

// A question is one thing that a server is asked. It returns what is wrong, or nothing.
type question struct {
	group, name string
	ask         func(*examiner) (wrong string)
}

// questions returns all of them, those of a group together.
func questions() (all []question) {
	for _, theme := range slices.Concat(gallery.GoodThemes, gallery.BadThemes, gallery.EndThemes) {
		group := cmp.Or(theme.Part, responses)
		for _, m := range theme.Messages {
			all = append(all, question{group, m.File, func(e *examiner) string { return e.message(m) }})
		}
	}
	all = append(all, probes...)
	slices.SortStableFunc(all, func(a, b question) int {
		return cmp.Compare(slices.Index(groups, a.group), slices.Index(groups, b.group))
	})
	return append(all, question{responses, "the responses to all messages of the gallery",
		func(e *examiner) string { return e.faulty }})
}

// An examiner asks one server.
type examiner struct {
	ctx     context.Context
	addr    string
	timeout time.Duration
	faulty  string            // what is wrong with the first ill-formed response to a message of the gallery
	usual   map[string]string // how the server treats a well-formed request, by method
	leftOut bool              // the last question does not count, since its right answer shows nothing
	noHead  bool              // the server responds to GET / without a head
}

// teach asks a server all questions, one after the other, and prints its score.
func teach(
	ctx context.Context, out io.Writer, addr string, timeout, limit time.Duration,
) error {
	begun := time.Now()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	e := &examiner{ctx: ctx, addr: addr, timeout: timeout, usual: make(map[string]string)}
	if failure := e.failure(); failure == acceptsNone {
		return fmt.Errorf("nothing accepts a connection at %s.\n"+
			"Start your server, or write where it listens:  go run ./examples/survey -teach host:port", addr)
	} else if failure != "" {
		return fmt.Errorf("%s: %s.\nIt must respond to GET / before the first question", addr, failure)
	}
	all, s := questions(), newScore()
	fmt.Fprintf(out, "Asking %d questions, in at most %v.\n", len(all), limit)
	gone := e.askAll(all, s)
	if err := context.Cause(ctx); errors.Is(err, context.Canceled) {
		return err
	}
	fmt.Fprintf(out, "%s: %d of %d questions asked in %v\n", addr, s.asked, len(all),
		time.Since(begun).Round(100*time.Millisecond))
	if s.asked < len(all) {
		why := fmt.Sprintf("after %v: each took %v on average", limit,
			(time.Since(begun) / time.Duration(max(1, s.asked))).Round(time.Millisecond))
		if gone {
			why = "because it no longer responds"
		}
		fmt.Fprintf(out, "The others were not asked, %s.\nThey count as wrong.\n", why)
	}
	s.print(out, addr)
	return nil
}

// askAll asks the questions until the time is over, and counts how they go. After each question it looks
// whether the server still responds, so that a message that ends or blocks it is named. If the server does
// not come back, askAll asks no more and reports so.
func (e *examiner) askAll(all []question, s *score) (gone bool) {
	for _, q := range all {
		m := s.marks[q.group]
		m.all++
		if gone || e.over() {
			m.notAsked++
			continue
		}
		s.asked++
		e.leftOut = false
		wrong := q.ask(e)
		failure := e.failure()
		if failure != "" {
			s.stops = append(s.stops, q.name+": after it "+failure)
			wrong = labelled("your server", "after this "+failure)
		}
		switch {
		case e.over(): // the response came too late, or not at all
		case wrong == "" && e.leftOut:
			m.all--
			m.leftOut++
		case wrong == "":
			m.right++
		default:
			m.wrong = append(m.wrong, difference{q.name, wrong, failure == "" && isChoice(q.name)})
		}
		gone = failure != "" && !e.comesBack()
	}
	return gone
}

// isChoice reports whether a server may take the message of that name, though the gallery refuses it.
func isChoice(file string) bool {
	octets := gallery.Message{File: file}.Octets() // nil of a probe
	_, fault := httpwire.RequestSpans(nil, octets)
	level := explain.Basis(octets, fault).Level
	return level == httpwire.May || level == httpwire.OurChoice
}

// message sends one message of the gallery, and says what is wrong with what came back.
func (e *examiner) message(m gallery.Message) (wrong string) {
	octets, timeout := m.Octets(), e.timeout
	if strings.HasPrefix(m.File, "ends/") {
		timeout /= 2 // the right thing is silence
	}
	r, err := exchange(e.ctx, e.addr, octets, timeout)
	if err != nil {
		return labelled("your server", err.Error())
	}
	result := r.outcome()
	if fault := e.fault(r); fault != "" {
		if e.faulty == "" {
			e.faulty = labelled("sent", m.File) + fault
		}
		if m.Rule == 0 || result == gallery.IllFormed || result == gallery.Simple {
			if strings.HasPrefix(fault, errorBegins) {
				fault = labelled("your server", "a response that is not well formed") + fault
			}
			return fault
		}
	}
	// Any server has to know GET and HEAD: RFC 9110 section 9.1.
	unknown := result == "501" && m.Rule == 0 && (string(r.method) == "GET" || string(r.method) == "HEAD")
	if m.Opinion(result) != gallery.Differs && !unknown {
		refused := m.Rule != 0 && (m.Rule != httpwire.RuleSurplus || result == "501")
		e.leftOut = refused && e.isUsual(result, string(r.method))
		return ""
	}
	_, fault := httpwire.RequestSpans(nil, octets)
	return differs(result, expected(m)) + labelled("because", m.Why) +
		string(explain.AppendError(nil, octets, fault))
}

// isUsual reports whether the server treats a well-formed request with that method, or with GET, in the same way.
// Then a refusal does not show that it has seen a fault. A malformed message may have no method.
func (e *examiner) isUsual(result, method string) bool {
	for _, method := range []string{"GET", cmp.Or(method, "BREW")} {
		if _, asked := e.usual[method]; !asked {
			target := cmp.Or(map[string]string{"CONNECT": "localhost:80"}[method], "/")
			request := fmt.Sprintf("%s %s HTTP/1.0\r\nContent-Length: 0\r\n\r\n", method, target)
			r, err := exchange(e.ctx, e.addr, []byte(request), e.timeout)
			if err != nil {
				return false // the message has ended the server, which may be started again
			}
			e.usual[method] = r.outcome()
		}
		if result == e.usual[method] {
			return true
		}
	}
	return false
}

// expected says what a server should do with a message.
func expected(m gallery.Message) string {
	switch {
	case m.Rule == 0:
		return "a response: the message is well formed"
	case m.Rule == httpwire.RuleSurplus:
		return "one response"
	case strings.HasPrefix(m.File, "ends/"):
		return "waits for the rest"
	}
	return "400 or another refusal, or a close"
}

// fault says what is wrong with the response itself, or nothing. Many servers send an error without a head
// if they cannot read the version. It is wrong if the server never sends a head.
func (e *examiner) fault(r reply) string {
	switch {
	case r.outcome() != gallery.Simple:
		return r.fault()
	case e.noHead && !r.simple:
		return withoutHead(r.octets)
	}
	return ""
}

// withoutHead says that a response has no head.
func withoutHead(octets []byte) string {
	return differs(fmt.Sprintf("a response without a status-line: %s", beginning(octets)),
		"a status-line such as HTTP/1.0 200 OK, fields, and an empty line before the body")
}

// beginning shows the first octets.
func beginning(octets []byte) []byte { return visible.Append(nil, octets[:min(len(octets), 20)]) }

// fault says at which octet the response goes wrong, or nothing.
func (r reply) fault() string {
	if len(r.octets) == 0 {
		return ""
	}
	spans, err := httpwire.ResponseSpans(nil, r.octets, r.method)
	if err != nil {
		listing := explain.Response(r.octets, r.method)
		return string(listing.AppendError(nil))
	}
	end := spans[len(spans)-1].End
	rest := r.octets[end:]
	follows := beginning(rest)
	switch {
	case len(rest) == 0:
		return ""
	case string(r.method) == "HEAD":
		return labelled("your server", fmt.Sprintf("offset %d: the response to HEAD ends with its head, and a "+
			"body follows: %s", end, follows))
	case httpwire.IsSimpleResponse(rest): // and no other response
		return differs(fmt.Sprintf("offset %d: the response ends here, and octets follow that belong to "+
			"no message: %s", end, follows),
			"nothing after the body; Content-Length counts its octets, not its letters")
	}
	return ""
}

// acceptsNone is the failure of a server that accepts no connection.
const acceptsNone = "the server accepts no connection: it has ended"

// failure says in which way the server does not respond to GET /. It returns "" if the server responds, or if
// the time is over.
func (e *examiner) failure() string {
	const get = "GET / HTTP/1.0\r\n\r\n"
	r, err := exchange(e.ctx, e.addr, []byte(get), 2*e.timeout)
	switch {
	case e.over():
		return ""
	case err != nil:
		return acceptsNone
	case len(r.octets) > 0:
		e.noHead = r.outcome() == gallery.Simple
		return ""
	case errors.Is(r.end, os.ErrDeadlineExceeded):
		return "the server does not respond to GET /: it is blocked"
	}
	return "the server closes every connection without a response"
}

// over reports whether the time for all questions is over.
func (e *examiner) over() bool {
	end, _ := e.ctx.Deadline()
	return e.ctx.Err() != nil || !time.Now().Before(end)
}

// comesBack waits a moment for a server that is started again by another program.
func (e *examiner) comesBack() bool {
	for range 5 {
		select {
		case <-e.ctx.Done():
			return false
		case <-time.After(e.timeout / 5):
		}
		if e.failure() == "" {
			return true
		}
	}
	return false
}

// dial connects to the server.
func (e *examiner) dial() (net.Conn, error) {
	dialer := net.Dialer{Timeout: connectTimeout}
	c, err := dialer.DialContext(e.ctx, "tcp", e.addr)
	if err == nil {
		c.SetWriteDeadline(time.Now().Add(sendTimeout))
	}
	return c, err
}

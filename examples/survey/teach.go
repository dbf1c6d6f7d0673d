package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
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

// groups are the parts of the score, each with the themes of the gallery that belong to it. Probes,
// in probe.go, belong to the last two.
var groups = []struct {
	name   string
	themes []string
}{
	{responses, []string{"Every day"}},
	{"request line", []string{"Request lines", "Line ends", "The request line", "Other protocols",
		"The version", "The request target"}},
	{"head", []string{"Fields and bodies", "Fields", "Folded lines", "Host"}},
	{"framing", []string{"Content-Length", "Transfer-Encoding", "Too little", "Too much"}},
	{robustness, nil}, // last, since it ends more servers than the others
}

const (
	robustness = "robustness"
	responses  = "responses"
)

// A question is one thing that a server is asked. It returns what is wrong, or nothing.
type question struct {
	group, name string
	ask         func(*examiner) (wrong string)
}

// questions returns all of them, those of a group together.
func questions() (all []question) {
	themes := slices.Concat(gallery.GoodThemes, gallery.BadThemes, gallery.EndThemes)
	for _, g := range groups {
		for _, title := range g.themes {
			i := slices.IndexFunc(themes, func(t gallery.Theme) bool { return t.Title == title })
			for _, m := range themes[i].Messages {
				all = append(all, question{g.name, m.File, func(e *examiner) string { return e.message(m) }})
			}
		}
		for _, p := range probes {
			if p.group == g.name {
				all = append(all, p)
			}
		}
	}
	return append(all, question{responses, "the responses to all messages of the gallery",
		func(e *examiner) string { return e.faulty }})
}

// An examiner asks one server.
type examiner struct {
	ctx      context.Context
	addr     string
	patience time.Duration
	faulty   string          // what is wrong with the first ill-formed response to a message of the gallery
	unknown  map[string]bool // methods, by whether the server responds to them with 501
	leftOut  bool            // the last question does not count, since the server does not know its method
}

// A mark is how one group went.
type mark struct {
	right, all int
	leftOut    int
	notAsked   int // of all
	wrong      []difference
}

// A difference is a question that went wrong.
type difference struct {
	name, text string
	choice     bool // a server may do as this one did
}

// teach asks a server all questions, one after the other, and prints its score. After each question
// it looks whether the server still responds, so that a message that ends or blocks it is named.
func teach(
	ctx context.Context, out io.Writer, addr string, patience, limit time.Duration,
) error {
	begun := time.Now()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	e := &examiner{ctx: ctx, addr: addr, patience: patience, unknown: make(map[string]bool)}
	if state := e.alive(); state == ended {
		return fmt.Errorf("nothing accepts a connection at %s:\nis your server running there?", addr)
	} else if state != "" {
		return fmt.Errorf("%s does not respond to GET / before the first question:\nis your server running "+
			"there?", addr)
	}
	marks := make(map[string]*mark)
	for _, g := range groups {
		marks[g.name] = new(mark)
	}
	asked, left, ends := 0, "", []string(nil)
	all := questions()
	fmt.Fprintf(out, "Asking %d questions, in at most %v.\n", len(all), limit)
	for _, q := range all {
		m := marks[q.group]
		m.all++
		if left == "" && e.over() {
			left = fmt.Sprintf("after %v", limit)
		}
		if left != "" {
			m.notAsked++
			continue
		}
		asked++
		e.leftOut = false
		wrong := q.ask(e)
		state := e.alive()
		if state != "" {
			ends = append(ends, q.name+": after it "+state)
			wrong = labelled("your server", "after this "+state)
		}
		switch {
		case e.over(): // the response came too late, or not at all
		case wrong == "" && e.leftOut:
			m.all--
			m.leftOut++
		case wrong == "":
			m.right++
		default:
			m.wrong = append(m.wrong, difference{q.name, wrong, state == "" && isChoice(q.name)})
		}
		if state != "" && !e.returns() {
			left = "because it no longer responds"
		}
	}
	if err := context.Cause(ctx); errors.Is(err, context.Canceled) {
		return err
	}
	fmt.Fprintf(out, "%s: %d of %d questions asked in %v\n", addr, asked, len(all),
		time.Since(begun).Round(100*time.Millisecond))
	if asked < len(all) {
		fmt.Fprintf(out, "The others were not asked, %s. They count as wrong.\n", left)
	}
	e.report(out, marks, ends)
	return nil
}

// report prints the score, what ended or blocked the server, and the first difference of each group.
func (e *examiner) report(out io.Writer, marks map[string]*mark, ends []string) {
	fmt.Fprintln(out)
	var right, all, left int
	for _, g := range groups {
		m := marks[g.name]
		fmt.Fprintf(out, "  %-13s %3d of %3d", g.name, m.right, m.all)
		if m.leftOut > 0 {
			fmt.Fprintf(out, "   %d left out", m.leftOut)
		}
		if m.notAsked > 0 {
			fmt.Fprintf(out, "   %d not asked", m.notAsked)
		}
		fmt.Fprintln(out)
		right, all, left = right+m.right, all+m.all, left+m.leftOut
	}
	fmt.Fprintf(out, "  %-13s %3d of %3d\n", "total", right, all)
	if left > 0 {
		fmt.Fprintln(out, "Left out are malformed requests whose method the server does not know: it\n"+
			"responds with 501 to well-formed ones as well.")
	}
	for _, end := range ends {
		fmt.Fprintf(out, "\nIT STOPPED. %s\n", strings.Join(visible.Wrap(end, visible.LineWidth-12), "\n"))
		if file, _, _ := strings.Cut(end, ":"); strings.HasSuffix(file, ".http") {
			fmt.Fprintf(out, "Start your server again and send that message alone:\n"+
				"  go run ./rawclient -addr %s -in examples/%s\n", e.addr, file)
		}
	}
	shown := make(map[string]bool)
	for _, g := range groups {
		m := marks[g.name]
		if len(m.wrong) == 0 {
			continue
		}
		first := max(0, slices.IndexFunc(m.wrong, func(d difference) bool { return !d.choice }))
		fmt.Fprintf(out, "\n%s, the first difference: %s\n%s", g.name, m.wrong[first].name,
			once(shown, m.wrong[first].text))
		var others, choices []string
		for i, d := range m.wrong {
			switch {
			case i == first:
			case !strings.HasSuffix(d.name, ".http"): // no page of the gallery says more
				fmt.Fprintf(out, "%s, also wrong: %s\n%s", g.name, d.name, once(shown, d.text))
			case d.choice:
				choices = append(choices, d.name)
			default:
				others = append(others, d.name)
			}
		}
		list(out, "also wrong", others)
		list(out, "also different, where a server may choose", choices)
	}
}

// errorBegins is how the text of a located error begins.
const errorBegins = "error: "

// once returns the text of a difference. What was shown before is left out.
func once(shown map[string]bool, text string) string {
	if labels, fault, ok := strings.Cut(text, errorBegins); ok && shown[fault] {
		message, _, _ := strings.Cut(fault, "\n")
		return labels + labelled("", "the same error as above: "+message)
	} else if ok {
		shown[fault] = true
		return text
	}
	at := max(0, strings.Index(text, "  your server"))
	if shown[text[at:]] {
		return text[:at] + labelled("your server", "the same as above")
	}
	shown[text[at:]] = true
	return text
}

// list prints names, if there are some.
func list(out io.Writer, title string, names []string) {
	if names == nil {
		return
	}
	text := fmt.Sprintf("%s (%d): %s", title, len(names), strings.Join(names, ", "))
	for _, row := range visible.Wrap(text, visible.LineWidth-2) {
		fmt.Fprintf(out, "  %s\n", row)
	}
}

// isChoice reports whether a server may take the message of that name, though the gallery refuses it.
func isChoice(file string) bool {
	octets, err := (gallery.Message{File: file}).Octets()
	if err != nil {
		return false // a probe
	}
	_, fault := httpwire.RequestSpans(nil, octets)
	level := explain.Basis(octets, fault).Level
	return level == httpwire.May || level == httpwire.OurChoice
}

// message sends one message of the gallery, and says what is wrong with what came back.
func (e *examiner) message(m gallery.Message) (wrong string) {
	octets, err := m.Octets()
	if err != nil {
		return labelled("your server", err.Error())
	}
	patience := e.patience
	if strings.HasPrefix(m.File, "ends/") {
		patience /= 2 // the right thing is silence
	}
	response, end, err := exchange(e.ctx, e.addr, octets, patience)
	if err != nil {
		return labelled("your server", err.Error())
	}
	var req httpwire.Request
	httpwire.ConsumeRequest(octets, &req)
	result := outcome(response, req.Method, end)
	if fault := responseFault(response, req.Method); fault != "" && result != gallery.Simple {
		if e.faulty == "" {
			e.faulty = labelled("sent", m.File) + fault
		}
		if m.Rule == 0 || result == gallery.IllFormed {
			if strings.HasPrefix(fault, errorBegins) {
				fault = labelled("your server", "a response that is not well formed") + fault
			}
			return fault
		}
	}
	if m.Opinion(result) != gallery.Differs {
		e.leftOut = result == "501" && m.Rule != 0 && e.isUnknown(string(req.Method))
		return ""
	}
	_, fault := httpwire.RequestSpans(nil, octets)
	return labelled("your server", result) + labelled("expected", expected(m)) + labelled("because", m.Why) +
		string(explain.AppendError(nil, octets, fault))
}

// isUnknown reports whether the server responds with 501 to a well-formed request of that method, too.
// Then 501 does not show that it has seen a fault.
func (e *examiner) isUnknown(method string) bool {
	if _, known := e.unknown[method]; !known {
		request := method + " / HTTP/1.0\r\nContent-Length: 0\r\n\r\n"
		response, end, _ := exchange(e.ctx, e.addr, []byte(request), e.patience)
		e.unknown[method] = outcome(response, []byte(method), end) == "501"
	}
	return e.unknown[method]
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

// responseFault says at which octet a response goes wrong, or nothing.
func responseFault(response, method []byte) string {
	if len(response) == 0 {
		return ""
	}
	spans, err := httpwire.ResponseSpans(nil, response, method)
	end := 0
	for _, s := range spans {
		end = s.End
	}
	follows := visible.Append(nil, response[end:min(len(response), end+20)])
	switch {
	case err != nil:
		return string(explain.AppendError(nil, response, err))
	case end < len(response) && string(method) == "HEAD":
		return labelled("your server", fmt.Sprintf("offset %d: the response to HEAD ends with its head, and a "+
			"body follows: %s", end, follows))
	case end < len(response) && httpwire.IsSimpleResponse(response[end:]): // and no other response
		return labelled("your server", fmt.Sprintf("offset %d: the response ends here, and octets follow "+
			"that belong to nothing: %s", end, follows)) +
			labelled("expected", "nothing after the body; Content-Length counts its octets, not its letters")
	}
	return ""
}

// labelled returns a text that follows a label, in rows that fit a terminal.
func labelled(label, text string) string {
	const labelWidth = 15
	var b strings.Builder
	for i, row := range visible.Wrap(text, visible.LineWidth-labelWidth) {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(&b, "  %-*s%s\n", labelWidth-2, label, row)
	}
	return b.String()
}

// ended is the state of a server that accepts no connection.
const ended = "the server accepts no connection: it has ended"

// alive says in which way the server does not respond to GET /, if so.
func (e *examiner) alive() (state string) {
	const get = "GET / HTTP/1.0\r\n\r\n"
	response, end, err := exchange(e.ctx, e.addr, []byte(get), 2*e.patience)
	switch {
	case e.over():
		return ""
	case err != nil:
		return ended
	case len(response) > 0:
		return ""
	case end == io.EOF:
		return "the server closes every connection without a response"
	}
	return "the server does not respond to GET / any more: it is blocked"
}

// over reports whether the time for all questions is over.
func (e *examiner) over() bool {
	end, _ := e.ctx.Deadline()
	return e.ctx.Err() != nil || !time.Now().Before(end)
}

// returns waits a moment for a server that is started again by another program.
func (e *examiner) returns() bool {
	for range 5 {
		select {
		case <-e.ctx.Done():
			return false
		case <-time.After(e.patience / 5):
		}
		if e.alive() == "" {
			return true
		}
	}
	return false
}

// dial connects to the server.
func (e *examiner) dial() (net.Conn, error) {
	dialer := net.Dialer{Timeout: e.patience}
	c, err := dialer.DialContext(e.ctx, "tcp", e.addr)
	if err == nil {
		c.SetDeadline(time.Now().Add(e.patience))
	}
	return c, err
}

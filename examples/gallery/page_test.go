package gallery_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"rawhttp/examples/gallery"
	"rawhttp/httpwire"
	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
)

// The page is made from the table, the files and the survey, and kept in the repository to be read
// there.

const pageFile = "../GALLERY.md"

var update = flag.Bool("update", false, "write examples/GALLERY.md anew")

func TestPage(t *testing.T) {
	want := page(t)
	if *update {
		if err := os.WriteFile(pageFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(pageFile)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("examples/GALLERY.md differs from the tables, the files and the survey (%v); type\n"+
			"  go test ./examples/gallery -update", err)
	}
}

const intro = `# The gallery

Literal messages, octet for octet: %d requests that are well formed, %d that break a rule, %d that end
too early or too late, and %d responses. Each message is a file. To send a request:

    go run ./rawclient -in examples/bad/bare-lf.http

To let the client read a response:

    go run ./examples receive examples/responses/chunked.http

This page is generated from the tables in ` + "`gallery`" + `, the files and the survey. A test compares it
with them. To send all requests to a server of yours, and see where it agrees:

    go run ./examples/survey localhost:80

## How to read it

Below each name you see a part of the message. ␍ ␊ ␠ and → are CR, LF, SP and HTAB, \xHH is an octet
in hexadecimal digits, and … stands for octets that are left out. At the octet in bold the message
breaks a rule. At ▮ octets are missing. The next line has the offset of that place, the rule, and how
strong the rule is:

| | |
| --- | --- |
| MUST | the message breaks a MUST of the sections, such as the grammar, and no RFC that is still valid allows it |
| SHOULD | the sections advise a recipient to refuse it |
| MAY | the sections leave a recipient free to refuse it |
| our choice | a recipient may read it under the section that allows it; this project refuses it |

The tables show what other servers do. Each message was sent to each server, on a connection of its
own. This is what came back within two seconds:

| | |
| --- | --- |
| 200, 400 | the status code of the response; interim responses (1xx) are left out |
| 0.9 | a body without status-line, as in HTTP/0.9: it may be a page or an error |
| waits | no octet |
| closed, reset | the connection ended without a response |
| ill-formed | a response that cannot be parsed |
| 200+400 | more than one response to one message: a request can be smuggled |
| **bold** | the server, or client, does not treat the message as this page does |

A message counts as refused if the status code is one of
%s, or if the connection closes without a
response. Other codes, such as 404 and 405, are about what the request asks for; so is 501, if nothing
else is wrong. Bold does not mean that a server has an error: RFCs once advised leniency, and
some of these messages are legal in HTTP/1.1, which the other servers speak. The servers were set up to
respond with 200 to any path:

`

const introClients = `
For the responses, a server sent each of them to each client and closed the connection. The tables
show the status code and how many octets of body the client reported, or that it refused the response.

`

func page(t *testing.T) []byte {
	var p bytes.Buffer
	fmt.Fprintf(&p, intro, len(gallery.Good), len(gallery.Bad), len(gallery.Ends),
		len(gallery.Responses), gallery.Refusals())
	servers, clients := gallery.ByServers(), gallery.ByClients()
	appendParties(&p, servers, gallery.Servers, gallery.Requests())
	p.WriteString(introClients)
	appendParties(&p, clients, gallery.Clients, gallery.Responses)
	for _, kind := range []struct {
		title, intro string
		themes       []gallery.Theme
		survey       *gallery.Survey
	}{
		{"Well-formed requests", "These requests are complete and break no rule. The address book " +
			"cannot carry out some of them.", gallery.GoodThemes, servers},
		{"Malformed requests", "Each of these requests breaks one rule.", gallery.BadThemes, servers},
		{"Requests that end elsewhere", "Here no octet is wrong, but octets are missing or left over. " +
			"A server is right to\n" +
			"wait for missing octets. This server logs what it is waiting for.",
			gallery.EndThemes, servers},
		{"Responses", "Responses that a client may get. `rawclient` shows all of them, and says what is " +
			"wrong.", gallery.ResponseThemes, clients},
	} {
		fmt.Fprintf(&p, "\n## %s\n\n%s\n", kind.title, kind.intro)
		for _, theme := range kind.themes {
			fmt.Fprintf(&p, "\n### %s\n\n", theme.Title)
			for _, m := range theme.Messages {
				appendEntry(&p, m)
			}
			appendTable(&p, theme, kind.survey)
		}
	}
	return p.Bytes()
}

// appendParties appends the table of servers or clients, with how often each of them agrees with
// the gallery.
func appendParties(p *bytes.Buffer, survey *gallery.Survey, parties []gallery.Party,
	messages []gallery.Message) {
	rows := [][]string{{"name", "version", "set up as", "agrees", "**differs**", "does not tell"}}
	for i, party := range survey.Names {
		count := make(map[gallery.Opinion]int)
		for _, m := range messages {
			count[m.Opinion(survey.Results[party][m.File])]++
		}
		name, version, _ := strings.Cut(party, " ")
		rows = append(rows, []string{name, version, parties[i].Setup,
			fmt.Sprint(count[gallery.Agrees]), fmt.Sprint(count[gallery.Differs]),
			fmt.Sprint(count[gallery.Unclear])})
	}
	appendRows(p, rows)
}

// appendEntry appends what the table says of a message, and the place in it.
func appendEntry(p *bytes.Buffer, m gallery.Message) {
	b := m.Octets()
	fmt.Fprintf(p, "- [%s](%s): %s  \n  %s", stem(m), m.File, m.Why, excerpt(m, b))
	if m.Rule != 0 {
		fmt.Fprintf(p, "  \n  offset %d, %v: %v", m.Offset, m.Rule, basis(m, b))
	}
	p.WriteString("\n")
}

// basis returns what the refusal of a message rests on.
func basis(m gallery.Message, b []byte) httpwire.Basis {
	if m.Offset == len(b) || m.Rule == httpwire.RuleSurplus {
		return m.Rule.Basis()
	}
	return explain.Basis(b, &httpwire.SyntaxError{Offset: m.Offset, Octet: b[m.Offset], Rule: m.Rule})
}

// appendTable appends how others treat the messages.
func appendTable(p *bytes.Buffer, theme gallery.Theme, survey *gallery.Survey) {
	head := []string{"what others do"}
	for _, party := range survey.Names {
		name, _, _ := strings.Cut(party, " ")
		head = append(head, name)
	}
	rows := [][]string{head}
	for _, m := range theme.Messages {
		row := []string{stem(m)}
		for _, party := range survey.Names {
			result := survey.Results[party][m.File]
			if m.Opinion(result) == gallery.Differs {
				result = "**" + result + "**"
			}
			row = append(row, result)
		}
		rows = append(rows, row)
	}
	p.WriteString("\n")
	appendRows(p, rows)
}

// appendRows appends a table whose columns are aligned for those who read the page as text.
func appendRows(p *bytes.Buffer, rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell), len("---"))
		}
	}
	for n, row := range rows {
		for i, cell := range row {
			fmt.Fprintf(p, "| %-*s ", width[i], cell)
		}
		p.WriteString("|\n")
		if n == 0 {
			for i := range row {
				fmt.Fprintf(p, "| %s ", strings.Repeat("-", width[i]))
			}
			p.WriteString("|\n")
		}
	}
}

func stem(m gallery.Message) string { return strings.TrimSuffix(path.Base(m.File), ".http") }

// excerpt shows the octet that breaks the rule among its neighbours, or how a good message begins.
func excerpt(m gallery.Message, b []byte) string {
	const before, after, beginning = 36, 28, 80
	if m.Rule == 0 {
		return cmp.Or(code(b[:min(beginning, len(b))]), "no octet at all") + more(len(b) > beginning)
	}
	from, to := max(0, m.Offset-before), min(m.Offset+1+after, len(b))
	left := more(from > 0) + code(b[from:m.Offset])
	if m.Offset == len(b) {
		return left + "▮"
	}
	octet, right := b[m.Offset:m.Offset+1], b[m.Offset+1:to]
	return left + "**" + code(octet) + "**" + code(right) + more(to < len(b))
}

func more(there bool) string {
	if there {
		return "…"
	}
	return ""
}

// code makes octets visible and puts them between as many backquotes as they need.
func code(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	text := string(visible.Append(nil, b))
	if strings.Contains(text, "`") {
		return "`` " + text + " ``"
	}
	return "`" + text + "`"
}

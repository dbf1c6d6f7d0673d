package gallery

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// What a server made of a message, where that is no status code. Several answers to one message are
// their codes, joined by "+".
const (
	Simple    = "0.9"        // a body without status line: HTTP/0.9, or a server that forgot the head
	Waits     = "waits"      // silence for as long as the survey was patient
	Closed    = "closed"     // closed without an answer
	Reset     = "reset"      // broken off without an answer
	IllFormed = "ill-formed" // an answer that breaks a rule itself
)

// An Opinion is what an answer says about the message.
type Opinion uint8

const (
	Unclear Opinion = iota // the answer does not tell
	Agrees                 // with the verdict of the table
	Differs
)

// refusals are the codes that say that a message was not understood, or that its framing was not
// liked. Others judge what a message asks for: a path that is not there, a method of no use here.
var refusals = []int{400, 408, 411, 413, 414, 417, 421, 426, 431, 501, 505}

// Refusals names them, in order.
func Refusals() string { return strings.Trim(fmt.Sprint(refusals), "[]") }

// notImplemented is what a good message may be answered as well, if its method is unknown.
const notImplemented = 501

// Opinion compares what a server made of a request with what the table says of it.
func (m Message) Opinion(result string) Opinion {
	code, err := strconv.Atoi(result)
	refused := slices.Contains(refusals, code) || result == Closed || result == Reset
	answered := err == nil && !refused
	simple, waits := result == Simple, result == Waits
	switch {
	case strings.Contains(result, "+"):
		return Differs
	case m.Rule == 0 || m.Rule == httpwire.RuleSurplus:
		return opinion(answered || simple || code == notImplemented, refused || waits)
	case slices.ContainsFunc(Ends, func(end Message) bool { return end.File == m.File }):
		return opinion(waits, answered || simple)
	}
	return opinion(refused, answered || waits)
}

func opinion(agrees, differs bool) Opinion {
	switch {
	case agrees:
		return Agrees
	case differs:
		return Differs
	}
	return Unclear
}

// A Server is one of those that were surveyed, and how it was set up.
type Server struct {
	Name  string // the first word in Survey.Servers
	Setup string
}

// Servers are in the order of the page.
var Servers = []Server{
	{"nginx", "a proxy that reads the whole request before it hands it on"},
	{"Apache", "one file whatever the path (FallbackResource)"},
	{"lighttpd", "one file whatever the path (url.rewrite), sent before the body is read"},
	{"http.server", "a handler that reads as many octets as int(Content-Length) says"},
	{"Node", "http.createServer with a function that reads the body"},
	{"Flask", "the development server, with a function that reads the body"},
	{"net/http", "http.Server with a handler that reads the body"},
	{"rawhttp", "the address book of this project"},
}

// A Survey is a table: what each server made of each message.
type Survey struct {
	Servers []string                     // name, space, version
	Results map[string]map[string]string // by server and file
}

//go:embed survey.tsv
var recorded string

// Recorded returns the survey that is kept beside this file.
func Recorded() *Survey { return parseSurvey(recorded) }

// parseSurvey reads tab-separated values: a line that names the servers, then a line for each file.
func parseSurvey(text string) *Survey {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	s := &Survey{
		Servers: strings.Split(lines[0], "\t")[1:],
		Results: make(map[string]map[string]string),
	}
	for i, server := range s.Servers {
		s.Results[server] = make(map[string]string)
		for _, line := range lines[1:] {
			if cells := strings.Split(line, "\t"); len(cells) == len(s.Servers)+1 {
				s.Results[server][cells[0]] = cells[i+1]
			}
		}
	}
	return s
}

// Record puts the results of a server in place of those of any version of it.
func (s *Survey) Record(server string, results map[string]string) {
	name, _, _ := strings.Cut(server, " ")
	i := slices.IndexFunc(s.Servers, func(old string) bool { return strings.HasPrefix(old, name+" ") })
	if i < 0 {
		s.Servers = append(s.Servers, server)
	} else {
		s.Servers[i] = server
	}
	s.Results[server] = results
}

// String returns the survey as Recorded reads it, each request of the gallery in order.
func (s *Survey) String() string {
	var b strings.Builder
	b.WriteString("file\t" + strings.Join(s.Servers, "\t") + "\n")
	for _, m := range Requests() {
		b.WriteString(m.File)
		for _, server := range s.Servers {
			b.WriteString("\t" + s.Results[server][m.File])
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Requests returns all messages that a client would send.
func Requests() []Message { return slices.Concat(Good, Bad, Ends) }

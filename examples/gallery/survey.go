package gallery

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// How a server treated a message, if the result is not a status code. Several responses to one message are
// their codes, joined by "+".
const (
	Simple    = "0.9"        // a body without status-line: HTTP/0.9, or a server that forgot the head
	Waits     = "waits"      // no octet came within the time limit of the survey
	Closed    = "closed"     // closed without a response
	Reset     = "reset"      // broken off without a response
	IllFormed = "ill-formed" // a response that breaks a rule itself
)

// Refuses is the result of a client that refused a response. The result of one that accepted it is the
// status code, a space and the number of octets of the body.
const Refuses = "refuses"

// An Opinion is what a response says about the message.
type Opinion uint8

const (
	Unclear Opinion = iota // the response does not tell
	Agrees                 // with the verdict of the table
	Differs
)

// refusals are the codes that say that the server cannot read a message or refuses its framing. Other codes are
// about what the message asks for, such as a path or a method that the server does not have.
var refusals = []int{400, 408, 411, 413, 414, 417, 421, 426, 431, 501, 505}

// Refusals names them, in order.
func Refusals() string { return strings.Trim(fmt.Sprint(refusals), "[]") }

// notImplemented is the status code that a good message may get, too, if its method is unknown.
const notImplemented = 501

// Opinion compares how a server treated a request, or a client a response, with what the table
// says of it.
func (m Message) Opinion(result string) Opinion {
	if strings.HasPrefix(m.File, "responses/") {
		return opinion((result == Refuses) == (m.Rule != 0), true)
	}
	code, err := strconv.Atoi(result)
	refused := slices.Contains(refusals, code) || result == Closed || result == Reset
	answered := err == nil && !refused
	simple, waits := result == Simple, result == Waits
	switch {
	case strings.Contains(result, "+"):
		return Differs
	case m.Rule == 0 || m.Rule == httpwire.RuleSurplus:
		return opinion(answered || simple || code == notImplemented, refused || waits)
	case strings.HasPrefix(m.File, "ends/"):
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

// A Party is a server or client that was surveyed, and how it was set up.
type Party struct {
	Name  string // the first word in Survey.Names
	Setup string
}

// Servers are in the order of the page.
var Servers = []Party{
	{"nginx", "a proxy that reads the whole request before it hands it on"},
	{"Apache", "one file whatever the path (FallbackResource)"},
	{"lighttpd", "one file whatever the path (url.rewrite), sent before the body is read"},
	{"http.server", "Python: a handler that reads as many octets as int(Content-Length) says"},
	{"Node", "http.createServer with a function that reads the body"},
	{"Flask", "Python: the development server, with a function that reads the body"},
	{"net/http", "http.Server with a handler that reads the body"},
	{"rawhttp", "the address book of this project"},
}

// Clients are in the order of the page.
var Clients = []Party{
	{"curl", "curl -s"},
	{"requests", "requests.request of Python"},
	{"fetch", "fetch of Node"},
	{"net/http", "http.Transport of Go"},
}

// A Survey is a table: how each party treated each message.
type Survey struct {
	Names   []string                     // name, space, version
	Results map[string]map[string]string // by party and file

	messages []Message
}

// The surveys are kept beside this file, as tab-separated values.
const (
	ServersFile = "servers.tsv"
	ClientsFile = "clients.tsv"
)

//go:embed servers.tsv clients.tsv
var recorded embed.FS

// ByServers returns how servers treated the requests, as it was recorded.
func ByServers() *Survey { return survey(ServersFile, Requests()) }

// ByClients returns how clients treated the responses, as it was recorded.
func ByClients() *Survey { return survey(ClientsFile, Responses) }

// Requests returns all messages that a client would send.
func Requests() []Message { return slices.Concat(Good, Bad, Ends) }

// survey reads a line that names the parties, then a line for each file.
func survey(file string, messages []Message) *Survey {
	text, _ := recorded.ReadFile(file) // it is embedded
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	s := &Survey{
		Names:    strings.Split(lines[0], "\t")[1:],
		Results:  make(map[string]map[string]string),
		messages: messages,
	}
	for i, name := range s.Names {
		s.Results[name] = make(map[string]string)
		for _, line := range lines[1:] {
			if cells := strings.Split(line, "\t"); len(cells) == len(s.Names)+1 {
				s.Results[name][cells[0]] = cells[i+1]
			}
		}
	}
	return s
}

// Record puts the results of a party in place of those of any version of it.
func (s *Survey) Record(party string, results map[string]string) {
	name, _, _ := strings.Cut(party, " ")
	i := slices.IndexFunc(s.Names, func(old string) bool { return strings.HasPrefix(old, name+" ") })
	if i < 0 {
		s.Names = append(s.Names, party)
	} else {
		s.Names[i] = party
	}
	s.Results[party] = results
}

// String returns the survey as it is kept, each message of the gallery in order.
func (s *Survey) String() string {
	var b strings.Builder
	b.WriteString("file\t" + strings.Join(s.Names, "\t") + "\n")
	for _, m := range s.messages {
		b.WriteString(m.File)
		for _, name := range s.Names {
			b.WriteString("\t" + s.Results[name][m.File])
		}
		b.WriteString("\n")
	}
	return b.String()
}

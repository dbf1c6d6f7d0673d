// Package gallery lists the messages in examples/good, bad, ends and responses. It says of each whether
// it is well formed. If it is not, it says at which octet it goes wrong, and which rule it breaks there.
// It also records what other servers and clients do with the same octets.
//
// The offsets are typed into the tables and not computed, because they are what a reader has to find.
// GALLERY.md shows all of it on one page.
//
//	gallery.go                               the table, by kind and by theme
//	good.go, bad.go, ends.go, responses.go   its rows
//	survey.go                                how servers and clients treated them
//
// # Adding a message
//
// Write the file into examples/good, bad, ends or responses, and its row into the table of its theme.
// The first command checks the offset and the rule. The second sends the message to the servers and clients
// of the survey, which must be on your machine. The third writes the page anew.
//
//	go test ./httpwire
//	go test ./examples/survey -run "TestServers|TestClients" -update
//	go test ./examples/gallery -update
package gallery

import (
	"embed"
	"path"
	"slices"

	"rawhttp/examples/bad"
	"rawhttp/examples/ends"
	"rawhttp/examples/good"
	"rawhttp/examples/responses"
	"rawhttp/httpwire"
)

// A Message is a file that holds one message, octet for octet.
type Message struct {
	File   string        // below examples
	Method string        // of the request for a response; GET if empty
	Offset int           // of the octet or field that breaks the rule, or of the missing octet
	Rule   httpwire.Rule // that is broken; 0 in a message that is well formed
	Why    string        // what the message shows
}

// folders are the files of the messages, which are part of the program.
var folders = map[string]embed.FS{
	"good": good.Files, "bad": bad.Files, "ends": ends.Files, "responses": responses.Files,
}

// Octets returns the octets of the file. They are nil if there is no such file.
func (m Message) Octets() []byte {
	folder, file := path.Split(m.File)
	octets, _ := folders[path.Clean(folder)].ReadFile(file)
	return octets
}

// A Theme is a group of messages with errors of one kind, or without errors.
type Theme struct {
	Title    string
	Part     string // of a request that the theme is about; empty if it is about all of it, or a response
	Messages []Message
}

// Parts of a request.
const (
	RequestLine = "request-line"
	Head        = "head"
	Framing     = "framing"
)

// The themes, in the order of the page. Good requests are complete and well formed. Bad requests
// break a rule. The requests of EndThemes end too early or too late. Responses are of all kinds.
var (
	GoodThemes = []Theme{
		{"Every day", "", everyday},
		{"Request-lines", RequestLine, goodLines},
		{"Fields and bodies", Head, goodFields},
	}
	BadThemes = []Theme{
		{"Line ends", RequestLine, lineEnds},
		{"The request-line", RequestLine, requestLine},
		{"Other protocols", RequestLine, otherProtocols},
		{"The version", RequestLine, version},
		{"The request-target", RequestLine, target},
		{"Fields", Head, fields},
		{"Folded lines", Head, folding},
		{"Host", Head, host},
		{"Content-Length", Framing, contentLength},
		{"Transfer-Encoding", Framing, transferEncoding},
	}
	EndThemes = []Theme{
		{"Too little", Framing, tooLittle},
		{"Too much", Framing, tooMuch},
	}
	ResponseThemes = []Theme{
		{"Responses that can be read", "", readable},
		{"The status-line", "", statusLine},
		{"Fields of a response", "", responseFields},
		{"Where a response ends", "", responseFraming},
	}
)

// The same messages without their themes.
var (
	Good      = messages(GoodThemes)
	Bad       = messages(BadThemes)
	Ends      = messages(EndThemes)
	Responses = messages(ResponseThemes)
)

func messages(themes []Theme) (all []Message) {
	for _, t := range themes {
		all = append(all, t.Messages...)
	}
	return slices.Clip(all)
}

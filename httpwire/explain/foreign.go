package explain

import (
	"bytes"
	"fmt"
	"strings"

	"rawhttp/httpwire"
)

// Not everything that arrives at an HTTP port is HTTP. "The client spoke TLS" helps more than
// "octet 0x16", and "an en dash" more than "octet 0xE2".

// notHTTP returns the mistake of a message of another protocol, of a line that a word processor
// changed, or of a response whose status-line is misspelled; nil for any other.
func (f *fault) notHTTP() *mistake {
	if c := f.lookalike(); c != "" {
		return &mistake{title: c + " where HTTP requires ASCII",
			advice: repair("type the line again: it comes from a word processor or a web page", "")}
	}
	inStart := f.rule == httpwire.RuleMethod || f.rule == httpwire.RuleRequestTarget ||
		f.rule == httpwire.RuleMajorVersion
	switch p := foreign(f.b); {
	case p != nil && (f.response || inStart):
		return p.mistake(f.response)
	case f.response && httpwire.IsSimpleResponse(f.b):
		return &mistake{title: LikeStatusLine(f.b),
			advice: advise("the server should begin the response with HTTP/ and its version", statusLine)}
	}
	return nil
}

// A protocol is one that is known by its first octets.
type protocol struct {
	begins string // the first octets; "?" is any one octet
	name   string
	client string // what to do if a client sent this
	server string // what to do if a server sent this
}

const (
	plainHTTP = "this port speaks plain HTTP: use http:// rather than https://"
	plainPort = "the server speaks TLS at this port; use its port for plain HTTP"
	otherPort = "this port speaks HTTP: check the port number"
	notProxy  = "this is not a SOCKS proxy: remove it from the client's settings"
	noPreface = "this port speaks plain HTTP: remove  send-proxy  from the settings of the proxy"
	noTelnet  = "this port does not negotiate: use a raw client, such as  nc -C"

	telnetServer = "a telnet server listens at this port: check the port number"
	otherServer  = "another kind of server listens at this port: check the port number"
)

// TLS is the Protocol of a server that speaks TLS.
const TLS = "TLS"

var protocols = [...]protocol{
	{"\x16\x03", TLS, plainHTTP, plainPort},
	{"\x15\x03", TLS, plainHTTP, plainPort},
	{"\x80?\x01\x03", TLS, plainHTTP, plainPort},
	{"PRI * HTTP/2", "HTTP/2", "this port speaks HTTP/1.0: let the client use HTTP/1, " +
		"for example  curl --http1.0  (gRPC cannot)", "ask a server that speaks HTTP/1"},
	{"\x00\x00?\x04?\x00\x00\x00\x00", "HTTP/2", "let the client use HTTP/1",
		"the server speaks HTTP/2 only, as gRPC does; ask a server that speaks HTTP/1"},
	{"SSH-", "SSH", otherPort, "an SSH server listens at this port: check the port number"},
	{"\xFF\xFE?\x00", "UTF-16", "save the message as plain ASCII: PowerShell's > writes UTF-16",
		"the response is text in UTF-16; the server should send the head in ASCII"},
	{"\xEF\xBB\xBF", "a byte order mark", "save the message without one (UTF-8 \"without BOM\")",
		"the response is text in UTF-8; the server should send nothing before the status-line"},
	{"\xFF\xFB", "telnet", noTelnet, telnetServer}, // WILL
	{"\xFF\xFD", "telnet", noTelnet, telnetServer}, // DO. A JPEG begins with FF D8
	{"\x04\x01", "SOCKS 4", notProxy, "a SOCKS proxy listens at this port"},
	{"\x05?", "SOCKS 5", notProxy, "a SOCKS proxy listens at this port"},
	{"PROXY TCP", "the PROXY protocol", noPreface, otherServer},
	{"PROXY UNKNOWN", "the PROXY protocol", noPreface, otherServer},
	{"\r\n\r\n\x00\r\nQUIT\n", "the PROXY protocol", noPreface, otherServer},
	{"220 ", "SMTP or FTP", otherPort,
		"a mail or file server listens at this port: check the port number"},
	{"+OK", "POP3 or Redis", otherPort, otherServer},
	{"-ERR", "POP3 or Redis", otherPort, otherServer},
	{"* OK", "IMAP", otherPort, "a mail server listens at this port: check the port number"},
}

// A ForeignError says that a response begins with the octets of another protocol than HTTP, and what to
// do.
type ForeignError struct {
	Protocol string // its name, such as TLS
	advice   string
}

func (e *ForeignError) Error() string { return "this looks like " + e.Protocol + ": " + e.advice }

// Foreign returns a *ForeignError if a response begins with the octets of another protocol than HTTP.
// Otherwise it returns nil.
func Foreign(b []byte) error {
	if p := foreign(b); p != nil {
		return &ForeignError{p.name, p.server}
	}
	return nil
}

// foreign returns the protocol whose first octets a message has, or nil.
func foreign(b []byte) *protocol {
	for i := range protocols {
		if protocols[i].match(b) {
			return &protocols[i]
		}
	}
	return nil
}

func (p *protocol) match(b []byte) bool {
	if len(b) < len(p.begins) {
		return false
	}
	for i := range len(p.begins) {
		if p.begins[i] != '?' && p.begins[i] != b[i] {
			return false
		}
	}
	return true
}

// mistake says that a client, or a server, spoke this protocol.
func (p *protocol) mistake(response bool) *mistake {
	message, side, first, help := "message", "client", "method", p.client
	if response {
		message, side, first, help = "response", "server", "status-line", p.server
	}
	title := "the " + side + " spoke " + p.name + ", not HTTP/1"
	if strings.HasPrefix(p.name, "a ") || p.name == "UTF-16" {
		title = "the " + message + " begins with " + p.name + ", not with a " + first
	}
	return &mistake{title: title, advice: advice{help: help}}
}

// LikeStatusLine says in a clause what is wrong with octets that look like a status-line, or returns "". The
// octets do not begin with "HTTP/".
func LikeStatusLine(b []byte) string {
	at, _ := httpwire.LooksLikeStatusLine(b)
	if at < 0 {
		return ""
	}
	space := "white space"
	if bytes.ContainsRune(b[:at], '\n') {
		space = "a line end"
	}
	if !httpwire.IsSimpleResponse(b[at:]) {
		return space + " precedes the status-line"
	}
	return fmt.Sprintf("octet %d looks like the start of a status-line, but is not one", at)
}

// lookalikes are the characters with which word processors and web pages replace quotation marks, hyphens
// and spaces. They look right and are wrong. They come in UTF-8 or as an octet of Windows-1252.
var lookalikes = [...]struct {
	char        rune
	octet       byte // of Windows-1252; 0 if the table has none
	name, plain string
}{
	{'\u201C', 0x93, "a curly quotation mark", ""},
	{'\u201D', 0x94, "a curly quotation mark", ""},
	{'\u201E', 0, "a low quotation mark", ""},
	{'\u2018', 0x91, "a curly apostrophe", "'"},
	{'\u2019', 0x92, "a curly apostrophe", "'"},
	{'\u2010', 0, "a typographic hyphen", "-"},
	{'\u2011', 0, "a no-break hyphen", "-"},
	{'\u2013', 0x96, "an en dash", "-"},
	{'\u2014', 0x97, "an em dash", "-"},
	{'\u2212', 0, "a minus sign", "-"},
	{'\u2026', 0, "an ellipsis", "..."},
	{'\u00A0', 0xA0, "a no-break space", " "},
	{'\u202F', 0, "a narrow no-break space", " "},
	{'\u200B', 0, "a zero-width space", ""},
}

// lookalike names the lookalike at the fault. Otherwise it returns "".
func (f *fault) lookalike() string {
	b := f.b[min(f.at, len(f.b)):]
	for _, c := range lookalikes {
		switch {
		case bytes.HasPrefix(b, []byte(string(c.char))):
			return fmt.Sprintf("%s (%U)", c.name, c.char)
		case c.octet != 0 && len(b) > 0 && b[0] == c.octet:
			return fmt.Sprintf("%s (octet 0x%X)", c.name, c.octet)
		}
	}
	return ""
}

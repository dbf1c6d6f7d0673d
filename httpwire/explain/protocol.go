package explain

import (
	"fmt"
	"strings"

	"rawhttp/httpwire"
)

// Not everything that arrives at an HTTP port is HTTP. The first octets of other protocols are
// well known, and "the client spoke TLS" helps more than "octet 0x16".

type protocol struct {
	begins string // the first octets; "?" is any one octet
	name   string
	client string // what to do if a client sent this
	server string // what to do if a server answered so
}

var protocols = [...]protocol{
	{"\x16\x03", "TLS", "this port speaks plain HTTP: use http:// rather than https://",
		"the server speaks TLS at this port: ask at its plain http port"},
	{"\x15\x03", "TLS", "this port speaks plain HTTP: use http:// rather than https://",
		"the server speaks TLS at this port: ask at its plain http port"},
	{"\x80?\x01\x03", "TLS", "this port speaks plain HTTP: use http:// rather than https://",
		"the server speaks TLS at this port: ask at its plain http port"},
	{"PRI * HTTP/2", "HTTP/2", "this port speaks HTTP/1.0: let the client use HTTP/1, " +
		"for example  curl --http1.0  (gRPC cannot)", "ask a server that speaks HTTP/1"},
	{"\x00\x00?\x04?\x00\x00\x00\x00", "HTTP/2", "let the client use HTTP/1",
		"the server speaks HTTP/2 only, as gRPC does: ask one that speaks HTTP/1"},
	{"SSH-", "SSH", "this port speaks HTTP: is the port number right?",
		"an SSH server listens at this port: is the port number right?"},
	{"\xFF\xFE?\x00", "UTF-16", "save the message as plain ASCII: PowerShell's > writes UTF-16",
		"the answer is text in UTF-16"},
	{"\xEF\xBB\xBF", "a byte order mark", "save the message without one (UTF-8 \"without BOM\")",
		"the answer is text in UTF-8"},
	{"\xFF?", "telnet", "this port does not negotiate: use  go run ./rawclient  or  nc -C",
		"a telnet server listens at this port: is the port number right?"},
	{"\x04\x01", "SOCKS 4", "this is no SOCKS proxy: take it out of the client's settings",
		"a SOCKS proxy listens at this port"},
	{"\x05?", "SOCKS 5", "this is no SOCKS proxy: take it out of the client's settings",
		"a SOCKS proxy listens at this port"},
	{"220 ", "SMTP or FTP", "this port speaks HTTP: is the port number right?",
		"a mail or file server listens at this port: is the port number right?"},
	{"+OK", "POP3 or Redis", "this port speaks HTTP: is the port number right?",
		"another kind of server listens at this port: is the port number right?"},
	{"-ERR", "POP3 or Redis", "this port speaks HTTP: is the port number right?",
		"another kind of server listens at this port: is the port number right?"},
	{"* OK", "IMAP", "this port speaks HTTP: is the port number right?",
		"a mail server listens at this port: is the port number right?"},
}

// Foreign says, of an answer that begins with the octets of another protocol, which one it is and
// what to do; "" if it is none that is known here.
func Foreign(b []byte) string {
	if p := foreign(b); p != nil {
		return "this looks like " + p.name + ": " + p.server
	}
	return ""
}

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

// LikeStatusLine says where octets that do not begin a status-line look like one; "" if they do
// not.
func LikeStatusLine(b []byte) string {
	at, err := httpwire.LooksLikeStatusLine(b)
	if err != nil || at < 0 {
		return ""
	}
	return fmt.Sprintf("octet %d looks like the start of a status-line", at)
}

// serverTitle returns what happened, from the side of the client.
func (p *protocol) serverTitle() string {
	if strings.HasPrefix(p.name, "a ") || p.name == "UTF-16" {
		return "the response begins with " + p.name + ", not with a status-line"
	}
	return "the server spoke " + p.name + ", not HTTP/1"
}

// Title returns what happened, from the receiver's side.
func (p *protocol) title() string {
	if strings.HasPrefix(p.name, "a ") || p.name == "UTF-16" {
		return "the message begins with " + p.name + ", not with a method"
	}
	return "the client spoke " + p.name + ", not HTTP/1"
}

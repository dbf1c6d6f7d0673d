package inspect

import (
	"bytes"
	"slices"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/server/httpd"
	"rawhttp/server/rest"
)

var greeting httpwire.Parts = httpd.Brief("Hello!\n")

// hello is the first response that a learner reads, so it has as few fields as a server may send.
func hello(_ int64, _ *httpwire.Request, resp *httpwire.Response) {
	respond(resp, "text/plain", nil)
	resp.Parts = greeting
}

// raw responds with the request. It sends a copy, because the octets belong to the connection.
func raw(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	octets := slices.Concat(req.Head, req.Body)
	shown := basicauth.Redact(octets)
	if !bytes.Equal(shown, octets) {
		resp.Fields = resp.Fields.Add([]byte("Hidden"), []byte("credentials, each octet by *"))
	}
	resp.Fields = resp.Fields.Add([]byte("Vary"), []byte("Accept"))
	mediaType := "message/http"
	if rest.Prefer(req.Fields, mediaType, "text/html") == 1 {
		mediaType = "text/plain; charset=utf-8" // a browser would save message/http to a file
	}
	respond(resp, mediaType, shown)
}

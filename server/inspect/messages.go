package inspect

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"slices"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/explain"
	"rawhttp/server/internal/queue"
	"rawhttp/server/rest"
)

// maxMessage is the longest message that /explain lists, in octets. A listing is a hundred times as
// long as its message.
const maxMessage = 64 << 10

// listings limits how many listings are made at a time. They take more time and memory than any
// other response.
var listings = queue.New(8)

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

// list responds with the listing of the message in the body. A malformed message is not an error:
// its listing says what is wrong.
func list(_ int64, req *httpwire.Request, resp *httpwire.Response) {
	if len(req.Body) > maxMessage {
		rest.Refuse(resp, 413, fmt.Sprintf("The message has %d octets, and at most %d are listed. Send "+
			"only its beginning, or use rawclient -explain.", len(req.Body), maxMessage))
		return
	}
	if !listings.Do(func() { makeListing(req, resp) }) {
		resp.Fields = resp.Fields.Add([]byte("Retry-After"), []byte("1"))
		rest.Refuse(resp, 503, "Too many listings are being made. Try again in a second, or use "+
			"rawclient -explain.")
	}
}

func makeListing(req *httpwire.Request, resp *httpwire.Response) {
	_, query, _ := bytes.Cut(req.Target, []byte("?"))
	values, err := url.ParseQuery(string(query))
	var l explain.Listing
	switch kind := values.Get("kind"); {
	case err != nil || kind != "" && kind != "request" && kind != "response":
		rest.Refuse(resp, 400, "The query is wrong. Send /explain, /explain?kind=request, "+
			"/explain?kind=response or /explain?kind=response&method=HEAD.")
		return
	case kind == "response":
		l = explain.Response(req.Body, []byte(cmp.Or(values.Get("method"), "GET")))
	default:
		l = explain.Request(req.Body)
	}
	resp.Fields = resp.Fields.Add([]byte("Vary"), []byte("Accept"))
	if rest.Prefer(req.Fields, "text/plain", "text/html") == 1 {
		page := explain.AppendPage(nil, explainTitle, false, l)
		respond(resp, "text/html; charset=utf-8", page)
		return
	}
	respond(resp, "text/plain; charset=utf-8", explain.AppendText(nil, l))
}

const explainTitle = "HTTP, octet by octet"

// explainForm is the page with a box for a message. A form without a script cannot send the octets
// of the box alone, so the page has a script; without scripts there is a command to type.
func explainForm(*rest.Router, string) []rest.Form {
	return []rest.Form{rest.HTMLForm(explainTitle, `<p>Paste an HTTP message. The listing names each of
its parts, cites the RFC, and says what is wrong. Each line end is sent as CR LF.</p>
<form id="form">
<p><label>The message <textarea id="message" rows="8" spellcheck="false">GET / HTTP/1.0
Host: localhost

</textarea></label></p>
<p><label>It is a <select id="kind"><option>request</option><option>response</option></select></label>
<button type="submit">List it</button></p>
</form>
<noscript><p>The form needs JavaScript. Without it, use the command below.</p></noscript>
<pre id="listing" tabindex="0" role="status" aria-label="the listing" hidden></pre>
<p>In a terminal:</p>
<pre tabindex="0" role="group" aria-label="command">printf 'GET / HTTP/1.0\r\n\r\n' |
  curl --data-binary @- <span id="origin">http://localhost:12345</span>/explain</pre>
<p><a href="/">What this server has</a></p>
<script>
const get = id => document.getElementById(id)
get("origin").textContent = location.origin
get("form").addEventListener("submit", async event => {
  event.preventDefault()
  const listing = get("listing")
  try {
    const response = await fetch("/explain?kind=" + get("kind").value, {
      method: "POST",
      headers: {"Content-Type": "text/plain", "Accept": "text/plain"},
      body: get("message").value.replaceAll("\n", "\r\n"),
    })
    listing.textContent = await response.text()
  } catch (error) {
    listing.textContent = "The server did not respond: " + error
  }
  listing.hidden = false
})
</script>
`)}
}

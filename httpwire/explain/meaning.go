package explain

import (
	"slices"
	"strconv"

	"rawhttp/httpwire"
)

// A meaning is what a table says about a method, a status code or a field.
type meaning struct {
	name     string
	sections string // of the RFCs that define it, such as "1945 8.1, 9110 9.3.1"
	note     string // one or two sentences
}

// find returns what a table says about a name, in any case of its letters. ok is false if it says
// nothing.
func find(table []meaning, name []byte) (m meaning, ok bool) {
	for i := range table {
		if httpwire.EqualFold(name, table[i].name) {
			return table[i], true
		}
	}
	return meaning{}, false
}

// methods are those of RFC 1945 and RFC 9110, and a few more that are in use.
var methods = [...]meaning{
	{"GET", "1945 8.1, 9110 9.3.1",
		"The client asks for the resource. GET is safe: it asks for no change."},
	{"HEAD", "1945 8.2, 9110 9.3.2", "The client asks for what GET returns, without the body."},
	{"POST", "1945 8.3, 9110 9.3.3",
		"The client asks the resource to process the body. A POST sent twice may act twice."},
	{"PUT", "1945 D.1.1, 9110 9.3.4",
		"The client stores the body as the resource. A PUT sent twice has the same effect as one."},
	{"DELETE", "1945 D.1.2, 9110 9.3.5",
		"The client removes the resource. A DELETE sent twice has the same effect as one."},
	{"CONNECT", "9110 9.3.6", "The client asks a proxy for a tunnel to a host and port."},
	{"OPTIONS", "9110 9.3.7", "The client asks which methods the resource, or the server, supports."},
	{"TRACE", "9110 9.3.8", "The client asks for its request back, as the last server received it."},
	{"LINK", "1945 D.1.3, 2068 19.6.1",
		"The client links the resource to others. RFC 2616 removed LINK from HTTP."},
	{"UNLINK", "1945 D.1.4, 2068 19.6.1",
		"The client removes links that LINK has made. RFC 2616 removed UNLINK from HTTP."},
	{"PATCH", "5789 2", "The client changes parts of the resource, as the body describes."},
	{"PRI", "9113 3.4", "This begins the preface of HTTP/2. No request has this method."},
}

// methodMeaning looks up a method, which is case-sensitive.
func methodMeaning(method []byte) meaning {
	m, ok := find(methods[:], method)
	switch {
	case !ok:
		m.note = "This listing does not know this method. Any token may be a method."
	case m.name != string(method):
		return meaning{note: "Methods are case-sensitive. This method is not " + m.name + "."}
	}
	return m
}

// capitalMethod returns the known method that differs from this one only in case, or "".
func capitalMethod(method []byte) string {
	if m, _ := find(methods[:], method); m.name != string(method) {
		return m.name
	}
	return ""
}

// statuses says what each code means. The note continues the reason phrase (httpwire.ReasonPhrase) and a
// colon.
var statuses = [...]meaning{
	{"100", "9110 15.2.1", "the client may send the body now. The final response follows."},
	{"101", "9110 15.2.2", "the server changes to the protocol in Upgrade."},
	{"102", "2518 10.1", "the server is working on it. The final response follows."},
	{"103", "8297 2", "the final response will probably have these fields."},

	{"200", "1945 9.2, 9110 15.3.1", "the request has succeeded."},
	{"201", "1945 9.2, 9110 15.3.2",
		"the server has created a resource. Location, if present, says where."},
	{"202", "1945 9.2, 9110 15.3.3", "the server has accepted the request and will work on it later."},
	{"203", "9110 15.3.4", "the request has succeeded, but a proxy has changed the response."},
	{"204", "1945 9.2, 9110 15.3.5", "the request has succeeded, and the response has no body."},
	{"205", "9110 15.3.6", "the request has succeeded. The client should clear the form. The body must be empty."},
	{"206", "9110 15.3.7", "the body has what Range asked for: one part of the resource, or several."},
	{"207", "4918 11.1", "the body has a status code for each of several resources."},

	{"300", "1945 9.3, 9110 15.4.1", "the resource has several forms. The client chooses one."},
	{"301", "1945 9.3, 9110 15.4.2",
		"the resource has moved permanently. The client should use Location from now on."},
	{"302", "1945 9.3, 9110 15.4.3",
		"the resource has moved temporarily. The client should use Location this time."},
	{"303", "9110 15.4.4", "the client should send a GET to the URI in Location."},
	{"304", "1945 9.3, 9110 15.4.5", "the copy that the client has is still current."},
	{"305", "9110 15.4.6", "this code told the client to use a proxy. Deprecated."},
	{"306", "9110 15.4.7", "this code is no longer used."},
	{"307", "9110 15.4.8",
		"the resource has moved temporarily. The client should repeat the request at Location."},
	{"308", "9110 15.4.9",
		"the resource has moved permanently. The client should repeat the request at Location."},

	{"400", "1945 9.4, 9110 15.5.1", "the server cannot understand the request."},
	{"401", "1945 9.4, 9110 15.5.2", "the client has to log in. WWW-Authenticate says how."},
	{"402", "9110 15.5.3", "this code is reserved for payments and hardly used."},
	{"403", "1945 9.4, 9110 15.5.4", "the server refuses the request. Other credentials may help."},
	{"404", "1945 9.4, 9110 15.5.5", "the server has nothing at this path, or keeps it secret."},
	{"405", "9110 15.5.6", "the resource does not support this method. Allow lists those it supports."},
	{"406", "9110 15.5.7", "the resource has no form that the Accept fields allow."},
	{"407", "9110 15.5.8", "the client has to log in to the proxy. Proxy-Authenticate says how."},
	{"408", "9110 15.5.9", "the request did not arrive in time."},
	{"409", "9110 15.5.10", "the request conflicts with the current state of the resource."},
	{"410", "9110 15.5.11", "the resource was here and was removed permanently."},
	{"411", "9110 15.5.12", "the server requires a Content-Length."},
	{"412", "9110 15.5.13", "a condition of the request, such as If-Match, is false."},
	{"413", "9110 15.5.14", "the body is larger than the server accepts."},
	{"414", "9110 15.5.15", "the request-target is longer than the server accepts."},
	{"415", "9110 15.5.16", "the server does not accept the format of the body that the client sent."},
	{"416", "9110 15.5.17", "the resource does not have the range that the client asked for."},
	{"417", "9110 15.5.18", "the server cannot do what Expect demands."},
	{"418", "9110 15.5.19", "this code is not used. A joke about teapots keeps it reserved."},
	{"421", "9110 15.5.20", "this server does not serve that host."},
	{"422", "9110 15.5.21", "the body is well-formed, but the server cannot do what it says."},
	{"425", "8470 5.2", "the server does not risk a request that an attacker may have sent again."},
	{"426", "9110 15.5.22", "the server requires the protocol in Upgrade."},
	{"428", "6585 3", "the server requires a condition such as If-Match in the request."},
	{"429", "6585 4", "the client has sent too many requests in a short time."},
	{"431", "6585 5", "the request has more or longer fields than the server accepts."},
	{"451", "7725 3", "the server denies access because of a legal demand."},

	{"500", "1945 9.5, 9110 15.6.1", "the server has failed. The request may be correct."},
	{"501", "1945 9.5, 9110 15.6.2",
		"the server does not support what the request requires, such as its method."},
	{"502", "1945 9.5, 9110 15.6.3", "this server asked another and got an invalid response."},
	{"503", "1945 9.5, 9110 15.6.4", "the server is too busy or under repair. Try again later."},
	{"504", "9110 15.6.5", "this server asked another and got no response in time."},
	{"505", "9110 15.6.6", "the server does not speak this major version of HTTP."},
	{"507", "4918 11.5", "the server has no room to store the result."},
	{"511", "6585 6", "the client has to log in to the network first."},
}

// classes say what the first digit of a code means, for codes that are not in the table.
var classes = [...]meaning{
	1: {"1xx", "1945 9.1, 9110 15.2", "this is information. The final response follows."},
	2: {"2xx", "1945 9.2, 9110 15.3",
		"the request has succeeded. Clients that do not know the code read it like 200."},
	3: {"3xx", "1945 9.3, 9110 15.4",
		"the client has to do more. Clients that do not know the code read it like 300."},
	4: {"4xx", "1945 9.4, 9110 15.5",
		"the request seems to be wrong. Clients that do not know the code read it like 400."},
	5: {"5xx", "1945 9.5, 9110 15.6",
		"the server has failed. Clients that do not know the code read it like 500."},
}

// statusMeaning looks up a code of three digits. An unknown one counts as the x00 of its class.
func statusMeaning(code []byte) meaning {
	if m, ok := find(statuses[:], code); ok {
		return m
	}
	n, _ := strconv.Atoi(string(code))
	return classes[httpwire.Class(n)]
}

// fieldFor returns the field that a response with this status code must or should have (RFC 9110 section
// 15), or "".
func fieldFor(code int) (name, level string) {
	switch code {
	case 101, 426:
		return "Upgrade", "must"
	case 206: // unless it has several parts
		return "Content-Range", "must"
	case 301, 302, 307, 308:
		return "Location", "should"
	case 401:
		return "WWW-Authenticate", "must"
	case 405:
		return "Allow", "must"
	case 407:
		return "Proxy-Authenticate", "must"
	}
	return "", ""
}

// The fields are those of RFC 1945, RFC 9110, RFC 9111 and RFC 9112, then those of cookies, proxies and
// browsers. The table valueChecks in value.go says how the values of a field are checked.
var fields = slices.Concat(requestFields, responseFields, bothFields)

// requestFields are those of requests. A field that is in responseFields too means something else there.
var requestFields = []meaning{
	{"Accept", "1945 D.2.1, 9110 12.5.1", "The client accepts these media types."},
	{"Accept-Encoding", "1945 D.2.3, 9110 12.5.3",
		"The client can decode these content codings, such as gzip."},
	{"Cache-Control", "9111 5.2", "The client says what caches may do with the response."},
	{"Upgrade", "9110 7.8", "The client would like to change to one of these protocols."},
	{"Accept-Charset", "1945 D.2.2, 9110 12.5.2",
		"The client prefers these character encodings. Deprecated."},
	{"Accept-Language", "1945 D.2.4, 9110 12.5.4", "The user prefers these languages."},
	{"Authorization", "1945 10.2, 9110 11.6.2",
		"The client sends credentials, such as a name and a password."},
	{"Expect", "9110 10.1.1", "The client needs this from the server before it continues."},
	{"From", "1945 10.8, 9110 10.1.2", "The person who runs the client has this e-mail address."},
	{"Host", "9110 7.2", "The client wants this host and port. One address may serve many hosts."},
	{"If-Match", "9110 13.1.1", "The server acts only if the current ETag is in this list."},
	{"If-Modified-Since", "1945 10.9, 9110 13.1.3",
		"The server sends the resource only if it has changed since. Otherwise it sends 304."},
	{"If-None-Match", "9110 13.1.2",
		"The server acts only if the current ETag is not in this list. Otherwise a GET gets 304."},
	{"If-Range", "9110 13.1.5",
		"The server sends the range if nothing has changed. Otherwise it sends the whole."},
	{"If-Unmodified-Since", "9110 13.1.4",
		"The server acts only if the resource has not changed after this date."},
	{"Max-Forwards", "9110 7.6.2", "Proxies may forward a TRACE or OPTIONS this many times."},
	{"Proxy-Authorization", "9110 11.7.2",
		"The client sends credentials for the proxy."},
	{"Range", "9110 14.2", "The client asks for these parts of the resource only."},
	{"Referer", "1945 10.13, 9110 10.1.3",
		`This page led to the request. The standard spells "referrer" with one r too few.`},
	{"TE", "9110 10.1.4", "The client can decode these transfer codings. The word trailers is not one."},
	{"User-Agent", "1945 10.15, 9110 10.1.5", "This is the name of the client program."},
	{"Prefer", "7240 2", "The client would like such a response. The server may ignore this."},
	{"Sec-WebSocket-Key", "6455 11.3.1", "The client sends a random value. Sec-WebSocket-Accept is made from it."},
	{"Cookie", "6265 4.2", "The client sends back the cookies that this server has set."},
	{"HTTP2-Settings", "7540 3.2.1",
		"The client sends this with an Upgrade to HTTP/2. A server may ignore it."},
	{"Forwarded", "7239 4",
		"A proxy says for which client it forwards, and which host the client named."},
	{"X-Forwarded-For", "custom, 7239",
		"A proxy names the client. Clients can forge this: trust your own proxy only."},
	{"X-Forwarded-Host", "custom, 7239", "A proxy says which Host the client sent."},
	{"X-Forwarded-Proto", "custom, 7239", "A proxy says whether the client used http or https."},
	{"X-Requested-With", "custom", "A script sets this to mark the request as its own."},
	{"Origin", "6454 7", "A page of this site makes the request."},
	{"DNT", "W3C", "1 means that the user does not want to be tracked. Deprecated."},
	{"Sec-GPC", "W3C", "1 means that the user does not want personal data to be sold."},
	{"Upgrade-Insecure-Requests", "W3C", "1 means that the browser prefers https."},
	{"Sec-Fetch-Site", "W3C Fetch Metadata",
		"The browser says how the site that makes the request relates to this one."},
	{"Sec-Fetch-Mode", "W3C Fetch Metadata",
		"This is the mode of the request. navigate means that the browser opens a page."},
	{"Sec-Fetch-User", "W3C Fetch Metadata", "?1 means that the user has clicked or typed."},
	{"Sec-Fetch-Dest", "W3C Fetch Metadata",
		"The browser uses the response as this: document, image, script."},
	{"Sec-Fetch-Storage-Access", "W3C",
		"The browser says whether it sends cookies to this embedded site."},
	{"Sec-Purpose", "Fetch",
		"prefetch means that the browser loads this before the user asks for it."},
	{"sec-ch-ua", "UA Client Hints", "The browser names its brand. One name is made up on purpose."},
	{"sec-ch-ua-mobile", "UA Client Hints", "?1 means a mobile device, ?0 any other device."},
	{"sec-ch-ua-platform", "UA Client Hints", "The browser runs on this operating system."},
	{"Access-Control-Request-Method", "Fetch", "A script is about to use this method."},
	{"Access-Control-Request-Headers", "Fetch", "A script is about to send these fields."},
}

// responseFields are those of responses.
var responseFields = []meaning{
	{"Accept", "1945 D.2.1, 9110 12.5.1", "The server accepts this in the body of a later request."},
	{"Accept-Encoding", "1945 D.2.3, 9110 12.5.3", "The server accepts this in the body of a later request."},
	{"Cache-Control", "9111 5.2",
		"The sender says what caches, including the browser's, may do with this message."},
	{"Upgrade", "9110 7.8", "The server can change to one of these protocols. With status 101 it does."},
	{"Accept-Ranges", "9110 14.3",
		"The server says whether the client can ask for parts of the resource."},
	{"Age", "9111 5.1", "Caches have held this response for this many seconds."},
	{"Authentication-Info", "9110 11.6.3", "The server adds this after a successful login."},
	{"ETag", "9110 8.8.3", "This tag identifies this version of the representation."},
	{"Location", "1945 10.11, 9110 10.2.2", "This is where to go next, or where the new resource is."},
	{"Proxy-Authenticate", "9110 11.7.1", "The proxy says how the client can log in."},
	{"Proxy-Authentication-Info", "9110 11.7.3", "The proxy adds this after a successful login."},
	{"Retry-After", "1945 D.2.8, 9110 10.2.3",
		"The client should try again after this many seconds, or after this time."},
	{"Server", "1945 10.14, 9110 10.2.4", "This is the name of the server program."},
	{"Vary", "9110 12.5.5", "These fields of the request decide which response the server sends."},
	{"WWW-Authenticate", "1945 10.16, 9110 11.6.1", "The server says how the client can log in."},
	{"Sec-WebSocket-Accept", "6455 11.3.3",
		"The server proves that it speaks WebSocket: this is made from Sec-WebSocket-Key."},
	{"Set-Cookie", "6265 4.1", "The client stores this cookie and sends it back with later requests."},
	{"Accept-Patch", "5789 3.1", "A PATCH of this resource may use these media types."},
	{"Strict-Transport-Security", "6797 6.1",
		"The server tells browsers to use only https from now on. Over http, they ignore this."},
	{"Alt-Svc", "7838 3", "The same service is available at another address or by another protocol."},
	{"Status", "3875 6.3.3", "A CGI program tells its server the status code. Clients use that of the status-line."},
	{"Refresh", "HTML", "The browser should load this page again, or another one, after this many seconds."},
	{"Server-Timing", "W3C", "The server says how long each step of its work took, in milliseconds."},
	{"Permissions-Policy", "W3C", "The server says which features of the browser the page may use."},
	{"X-Powered-By", "custom", "The server uses this framework."},
	{"X-Content-Type-Options", "Fetch",
		"nosniff tells the browser to use Content-Type and not to guess."},
	{"X-Frame-Options", "7034", "The server says whether other pages may show this one in a frame."},
	{"Content-Security-Policy", "W3C CSP", "The page may load things from these places only."},
	{"Referrer-Policy", "W3C", "The server limits what later requests say in Referer."},
	{"Access-Control-Allow-Origin", "Fetch", "Scripts of these sites may read this response."},
	{"Access-Control-Allow-Methods", "Fetch", "Scripts of other sites may use these methods."},
	{"Access-Control-Allow-Headers", "Fetch", "Scripts of other sites may send these fields."},
	{"Access-Control-Allow-Credentials", "Fetch",
		"true means that the permission includes requests with cookies."},
	{"Access-Control-Expose-Headers", "Fetch", "Scripts of other sites may read these fields."},
	{"Access-Control-Max-Age", "Fetch", "The browser may keep this permission for this many seconds."},
}

// bothFields mean the same in both, or RFC 1945 allowed them in both.
var bothFields = []meaning{
	{"Allow", "1945 10.1, 9110 10.2.1", "The resource supports these methods."},
	{"Connection", "9110 7.6.1, 9112 9.3",
		"The sender names options for this connection, such as whether it stays open."},
	{"Content-Encoding", "1945 10.3, 9110 8.4", "The body is in this content coding, such as gzip."},
	{"Content-Language", "1945 D.2.5, 9110 8.5", "The body is for readers of this language."},
	{"Content-Length", "1945 10.4, 9110 8.6",
		"This is the length of the body in octets."},
	{"Content-Location", "9110 8.7", "The body represents the resource at this URI."},
	{"Content-Range", "9110 14.4", "This says which part of the whole representation the body is, or how long the whole is."},
	{"Content-Type", "1945 10.5, 9110 8.3", "The body is in this format."},
	{"Date", "1945 10.6, 9110 6.6.1", "The sender made this message at this time, in GMT."},
	{"Expires", "1945 10.7, 9111 5.3",
		"A stored copy is stale after this time, unless Cache-Control has a max-age."},
	{"Last-Modified", "1945 10.10, 9110 8.8.2", "The resource last changed at this time."},
	{"Link", "1945 D.2.6, 8288 3", "This links to another resource and says how the two are related."},
	{"MIME-Version", "1945 D.2.7, 9112 B.1",
		"The sender says that the message conforms to MIME, the format of mail."},
	{"Pragma", "1945 10.12, 9111 5.4",
		"In a request, no-cache asks for a fresh response. HTTP/1.1 has Cache-Control for that."},
	{"Title", "1945 D.2.9",
		"This is the title of what the body represents. HTTP/1.1 has no such field."},
	{"Trailer", "9110 6.6.2", "These fields may follow the last chunk, if the body is in chunks."},
	{"Transfer-Encoding", "9112 6.1",
		"The sender frames the body in this way. HTTP/1.0 has no such field."},
	{"URI", "1945 D.2.10",
		"These are other URIs of the resource. Location and other fields replace this field."},
	{"Via", "9110 7.6.3", "These proxies have forwarded the message."},
	{"Warning", "9111 5.5", "A cache makes this remark about a stored response. Obsolete."},
	{"Sec-WebSocket-Version", "6455 11.3.5", "This is a version of the WebSocket protocol. RFC 6455 defines 13."},
	{"Sec-WebSocket-Protocol", "6455 11.3.4",
		"The client offers protocols to use inside WebSocket. The server chooses one."},
	{"Sec-WebSocket-Extensions", "6455 11.3.2",
		"The client offers extensions of WebSocket. The server names those that it accepts."},
	{"Content-Disposition", "6266 4",
		"The sender says whether to show the body or to save it, and under which name."},
	{"Keep-Alive", "2068 19.7.1.1", "The sender says for how long, or for how many requests, it would keep the connection."},
	{"Proxy-Connection", "9112 C.2.2",
		"Some clients send this to old proxies in place of Connection. It is not standard."},
	{"Priority", "9218 5", "The sender says how urgent the response is."},
}

// trailerFields are the fields of the table whose definitions allow them in a trailer.
var trailerFields = []string{"Accept-Ranges", "Authentication-Info", "ETag", "Proxy-Authentication-Info", "Server-Timing"}

// fieldMeaning looks up a field name, in any case. misplaced reports whether the field is defined for the other
// kind of message only.
func fieldMeaning(name []byte, response bool) (m meaning, misplaced bool) {
	own, others := requestFields, responseFields
	if response {
		own, others = others, own
	}
	m, ok := find(own, name)
	if !ok {
		m, ok = find(bothFields, name)
	}
	if !ok {
		m, misplaced = find(others, name)
	}
	if m.name == "" {
		m.note = "This listing does not know this field. Recipients ignore unknown fields."
	}
	return m, misplaced
}

// values are those that need a note of their own. The note of the field does not fit them, or they decide
// how the exchange continues.
var values = [...]struct {
	response           bool // the field is one of a response
	field, value, note string
}{
	{false, "Accept", "*/*", "The client accepts any media type."},
	{false, "Accept-Encoding", "identity", "The client wants the body without a content coding."},
	{true, "Access-Control-Allow-Origin", "*", "Scripts of any site may read this response, unless the request has cookies."},
	{false, "If-Match", "*", "The server acts only if there is a current representation, whatever its ETag."},
	{false, "If-None-Match", "*", "The server acts only if there is no current representation."},
	{false, "Origin", "null", "The browser does not say which site makes the request."},
	{false, "Sec-Fetch-Dest", "empty", "A script uses the response, for example with fetch()."},
	{false, "Sec-Fetch-Site", "none",
		"No site makes the request. The user has typed the address or opened a bookmark."},
	{true, "Strict-Transport-Security", "max-age=0", "With max-age=0, browsers may use http again."},
	{false, "TE", "trailers", "The client reads fields that follow the last chunk."},
	{true, "Alt-Svc", "clear", "The client should forget the other addresses of this service."},
	{true, "Content-Encoding", "identity", "The body is not encoded. Senders should leave out this field then."},
}

package addressbook

import (
	"bytes"
	"strconv"

	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// readable reports whether the fields of a request announce JSON in UTF-8, and answers 415 if not
// (RFC 9110 section 15.5.16). What the body is, is never guessed from its octets.
func readable(req *httpwire.Request, resp *httpwire.Response) bool {
	if coding := encoding(req.Fields); coding != nil {
		resp.Fields = resp.Fields.Add(acceptEncoding, []byte("identity"))
		rest.Refuse(resp, 415, "The body comes with the Content-Encoding "+quote(coding)+
			", and none is undone here. Send the JSON text as it is, without that field line.")
		return false
	}
	what := mediaFault(req.Fields.Get("Content-Type"))
	if what == "" {
		return true
	}
	resp.Fields = resp.Fields.Add(accept, jsonValue)
	rest.Refuse(resp, 415, what+" Send the field line Content-Type: application/json, and JSON.")
	return false
}

// encoding returns a value of Content-Encoding that would have to be undone. The word identity says
// that there is none.
func encoding(fs httpwire.Fields) []byte {
	for value := range fs.Values("Content-Encoding") {
		for coding := range bytes.SplitSeq(value, []byte(",")) {
			coding = bytes.Trim(coding, " \t")
			if len(coding) > 0 && !httpwire.EqualFold(coding, "identity") {
				return value
			}
		}
	}
	return nil
}

// mediaFault says what is wrong with the value of a Content-Type field; the empty string is
// nothing. Parameters other than charset have no meaning.
func mediaFault(value []byte) string {
	if value == nil {
		return "The request has no Content-Type field that says what its body is."
	}
	m, err := httpwire.ParseMediaType(value)
	if err != nil {
		return "The Content-Type " + quote(value) + " is ill-formed, " + err.Error() + "."
	}
	if !m.Is("application", "json") {
		return "The Content-Type is " + quote(value) + ", and only JSON is read here."
	}
	if m.Params("charset") > 1 {
		return "The Content-Type " + quote(value) + " names a charset twice, and one reader takes the " +
			"first, another the last."
	}
	charset, ok := m.Param("charset")
	if httpwire.EqualFold([]byte(charset), "utf8") {
		return "The charset of the body is said to be " + quote([]byte(charset)) +
			", and its name is utf-8 (RFC 3629 section 8)."
	}
	if ok && !httpwire.EqualFold([]byte(charset), "utf-8") {
		return "The charset of the body is said to be " + quote([]byte(charset)) +
			", and JSON is in UTF-8 (RFC 8259 section 8.1)."
	}
	return ""
}

// quote makes octets of a request fit for a sentence.
func quote(octets []byte) string {
	quoted := strconv.QuoteToASCII(string(octets))
	return "'" + quoted[1:len(quoted)-1] + "'"
}

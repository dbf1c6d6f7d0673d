package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
	"rawhttp/httpwire/condition"
)

// A problem says why a request was refused (RFC 9457). Its type is left out and so about:blank,
// which makes the title that of the status code.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// Refuse answers with a problem. The detail is for a person: what happened, where, what to do.
func Refuse(resp *httpwire.Response, code int, detail string) {
	resp.Code = code
	resp.Fields = resp.Fields.Add(contentType, problemType)
	resp.Body = JSON(problem{httpwire.ReasonPhrase(code), code, detail})
}

// JSON returns v as JSON, indented for people, with a newline at its end. A v that JSON has no form
// for is a defect of the program.
func JSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func refuseUnknown(req *httpwire.Request, resp *httpwire.Response) {
	Refuse(resp, 501, fmt.Sprintf("The method %s is not known here. Known are %s, in capitals.",
		req.Method, strings.Join(httpwire.Methods[:], ", ")))
}

// refuseMethod refuses a method that is known, but not at this resource (RFC 9110 section 15.5.6).
func refuseMethod(req *httpwire.Request, resp *httpwire.Response, res *resource) {
	resp.Fields = resp.Fields.Add(allowName, res.allow)
	Refuse(resp, 405, fmt.Sprintf("The method %s does nothing at %s. Send one of %s there (%s).",
		req.Method, basicauth.Redact(req.Path()), res.allow, res.summary()))
}

// unmet says why a condition of a request does not hold, and what to send instead.
func unmet(req *httpwire.Request, state condition.State) string {
	match := req.Fields.Get("If-Match") != nil
	switch {
	case state.ETag == nil && match:
		return "If-Match is about what is here, and nothing is. Nothing was changed. To store " +
			"something new, leave out If-Match."
	case state.ETag == nil:
		return "The request has a condition, and there is nothing here that could meet it. Nothing was " +
			"changed."
	case !match && req.Fields.Get("If-None-Match") != nil && string(req.Method) == "PUT":
		return fmt.Sprintf("If-None-Match is to store something new, and something is here already. "+
			"Nothing was changed. To replace it, GET it, look at it, and send If-Match: %s in the place of "+
			"If-None-Match; to store something new, PUT it to another ID.", state.ETag)
	case !match && req.Fields.Get("If-None-Match") != nil:
		return fmt.Sprintf("If-None-Match names what is here: its ETag is %s. Nothing was changed. GET "+
			"it, look at it, and send If-Match: %[1]s in the place of If-None-Match.", state.ETag)
	}
	return fmt.Sprintf("The request has a condition, and what is here does not meet it: its ETag is "+
		"%s. Nothing was changed. GET it, look at it, and try again with If-Match: %[1]s.", state.ETag)
}

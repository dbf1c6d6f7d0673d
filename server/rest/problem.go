package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"rawhttp/httpwire"
	"rawhttp/httpwire/basicauth"
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
		req.Method, basicauth.Hide(req.Path()), res.allow, res.summary()))
}

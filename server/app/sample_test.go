package app

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
)

// The documentation has a response of each row that has the same one twice, and the response is a
// success that the table names.
func TestDocsShowResponses(t *testing.T) {
	service, err := New(Options{Wall: true}, new(httpd.Server))
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	const docs = addressbook.Root + "/docs"
	resp := send(service, "GET", docs)
	sections := strings.Split(regexp.MustCompile("<[^>]+>").ReplaceAllString(string(resp.Body), ""),
		"Send it with one of these commands:")[1:]
	for _, row := range service.router.Rows() {
		if row.Hidden {
			continue
		}
		first := row.Responses[0] // the smallest code: 200, 201 or 204
		line := fmt.Sprintf("HTTP/1.0\u2420%d\u2420%s", first.Code,
			strings.ReplaceAll(httpwire.ReasonPhrase(first.Code), " ", "\u2420"))
		plain := strings.ReplaceAll(sections[0], " ", "\u2420")
		if want := !row.Live && row.Path != docs; strings.Contains(plain, line) != want {
			t.Errorf("%s %s: the documentation shows %s: %t, want %t. A new server has to give this response to the "+
				"same request twice, with the ID 1; otherwise the row is Live", row.Method, row.Path, line, !want, want)
		}
		sections = sections[1:]
	}
}

type slow struct{}

func (slow) Handle(_ *httpwire.Request, resp *httpwire.Response) {
	time.Sleep(time.Minute)
	resp.Code, resp.Body = 200, []byte("slept")
}

// The documentation keeps the whole response, even if the process was stopped for a minute meanwhile.
func TestExchangeSlept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &httpd.Server{Handler: slow{}, Limits: httpd.DefaultLimits}
		got := exchange(server, []byte("GET / HTTP/1.0\r\n\r\n"))
		if !bytes.HasSuffix(got, []byte("\r\n\r\nslept")) {
			t.Errorf("got %q", got)
		}
	})
}

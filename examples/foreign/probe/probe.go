// Package probe asks a foreign server with the raw client, and names the kind of its response.
package probe

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rawhttp/httpwire"
	"rawhttp/rawclient/cli"
)

// Kind sends a request with the raw client, and says of what kind the response is: the codes of
// interim responses, then the version and the status, then how the body ends if not by its
// length, "chunked" or "until close", and "open" where the server keeps the connection. "0.9"
// is a Simple-Response, "empty" a close without a response, and "waits" none at all, for a
// second if that is what is wanted.
//
// LF in the request stands for CR LF, unless how is "literal". With "half" the client closes
// the half of the connection that was for sending; with "wait" it waits for the server to
// close, "closed later".
func Kind(t *testing.T, addr, how, request, want string) string {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "request"), filepath.Join(dir, "response")
	args := []string{"-addr", addr, "-literal", "-in", in, "-o", out}
	if want == "waits" {
		args = append(args, "-timeout", "1s")
	} else {
		args = append(args, "-timeout", "30s")
	}
	if how == "half" || how == "wait" {
		args = append(args, "-"+how)
	}
	if how != "literal" {
		request = strings.ReplaceAll(request, "\n", "\r\n")
	}
	if err := os.WriteFile(in, []byte(request), 0o644); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cli.Run(t.Context(), args, cli.Stdio{In: strings.NewReader(""), Out: &said, Err: &said})
	response, err := os.ReadFile(out) // without a response there is no file
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	t.Logf("%q\n%s", response, said.String())
	return kind(response, request, said.String())
}

// kind says of what kind a response is, by its octets and by what the raw client said of it.
func kind(response []byte, request, said string) string {
	switch {
	case strings.Contains(said, "no response came: the time is over"):
		return "waits"
	case len(response) == 0:
		return "empty"
	case strings.Contains(said, "HTTP/0.9 response"):
		return "0.9"
	}
	words, resp, body, err := finalHead(response)
	if err != nil {
		return err.Error()
	}
	words = append(words, fmt.Sprintf("%d.%d %d", resp.Version.Major, resp.Version.Minor, resp.Code))
	method, _, _ := strings.Cut(request, " ")
	framing, err := resp.Framing([]byte(method))
	switch {
	case err != nil:
		words = append(words, err.Error())
	case resp.Fields.Has("Transfer-Encoding", "chunked"):
		words = append(words, "chunked")
	case framing.Ending == httpwire.EndsWhenClosed:
		words = append(words, "until close")
	case framing.Length > int64(len(body)):
		words = append(words, "cut short")
	}
	switch {
	case strings.Contains(said, "keeps the connection open"):
		words = append(words, "open")
	case strings.Contains(said, "closed the connection after"):
		words = append(words, "closed later")
	}
	return strings.Join(words, " ")
}

// finalHead reads heads of interim responses, and then the head of the final response. It returns the codes
// of the interim responses, the final response without its body, and the octets after its head.
func finalHead(b []byte) (interim []string, resp httpwire.Response, rest []byte, err error) {
	for {
		resp = httpwire.Response{}
		n, err := httpwire.ConsumeResponseHead(b, &resp)
		if err != nil {
			return nil, resp, nil, err
		}
		if b = b[n:]; resp.Code >= 200 {
			return interim, resp, b, nil
		}
		interim = append(interim, fmt.Sprint(resp.Code))
	}
}

package httpd

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"rawhttp/httpwire"
	"rawhttp/server/eventlog"
)

// 9110-17.4-a: what a client sends stays on one line of the log, quoted.
func TestLog(t *testing.T) {
	log := new(notes)
	addr := start(t, &Server{Handler: echo,
		Log: slog.New(slog.NewTextHandler(log, nil))})
	talk(t, addr, "GET /\x1b[31m\x9b HTTP/1.0\r\n\r\n")
	talk(t, addr, "\r\nGET /x HTTP/1.0\r\n\r\n")
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines: %q", len(lines), lines)
	}
	for i, want := range []string{`line="GET /\x1b[31m\x9b HTTP/1.0" status=400 in=24 out=`,
		`line="GET /x HTTP/1.0" status=200 in=21 out=`} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("got %s, want %s", lines[i], want)
		}
	}
}

// The attributes that a line of the log appends are those of its LogValue.
func TestLogged(t *testing.T) {
	for _, line := range []string{"GET / HTTP/1.0", "GET /", "", "a\x00\x9b\"\\", "é"} {
		l := &logged{1<<64 - 1, "127.0.0.1:1", []byte(line), 404, 18, -1, 1234567}
		var got, want bytes.Buffer
		for to, value := range map[*bytes.Buffer]slog.Value{&got: slog.AnyValue(l), &want: l.LogValue()} {
			r := slog.NewRecord(time.Time{}, slog.LevelInfo, "request", 0)
			r.AddAttrs(slog.Attr{Value: value})
			eventlog.NewHandler(to, slog.LevelInfo).Handle(t.Context(), r)
		}
		if got.String() != want.String() || !strings.HasSuffix(got.String(), " took=1.234567ms\n") {
			t.Errorf("got  %swant %s", &got, &want)
		}
	}
}

// With the level of debugging, the log has the octets of each request, and its own only. It says how many
// are left out.
func TestLogOfOctets(t *testing.T) {
	log := new(notes)
	addr := start(t, &Server{Handler: echo, Log: slog.New(slog.NewTextHandler(log,
		&slog.HandlerOptions{Level: slog.LevelDebug}))})
	post := func(n int) string { // with a body that has memory of its own if n is large
		return fmt.Sprintf("\r\nPOST / HTTP/1.0\r\nContent-Length: %d\r\nConnection: keep-alive\r\n\r\n", n) +
			strings.Repeat("x", n)
	}
	sends := []string{"GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", post(10), post(20_000),
		post(mostExplained), post(mostExplained + 1), "GET /2 HTTP/1.0\r\nX: y\r\n\r\n"}
	talk(t, addr, strings.Join(sends, ""))
	for i, octets := range sends {
		wants := []string{fmt.Sprintf("msg=octets id=%d in=%q\n", i+1, octets),
			fmt.Sprintf(" status=200 in=%d out=", len(octets))}
		if len(octets) > mostExplained+len(post(0)) {
			wants[0] = " more="
		}
		for _, want := range wants {
			if !strings.Contains(log.String(), want) {
				t.Errorf("no %.200s in %.2000s", want, log.String())
			}
		}
	}
	const wrong = "GET  / HTTP/1.0\r\nA: b\r\n\r\n"
	talk(t, addr, wrong)
	if want := fmt.Sprintf(" in=%q\n", wrong); !strings.Contains(log.String(), want) {
		t.Errorf("no %s in %.2000s", want, log.String())
	}
}

// 9110-17.8-a: credentials are in no line of the log, and not in what a refusal shows, well-formed or not.
func TestCredentialsAreHidden(t *testing.T) {
	log := new(notes)
	addr := start(t, &Server{Handler: echo, Log: slog.New(slog.NewTextHandler(log,
		&slog.HandlerOptions{Level: slog.LevelDebug}))})
	long := strings.Repeat("c2VjcmV0", 10_000) // of the body that has it, only the beginning is kept for the log
	for _, send := range []string{
		fmt.Sprintf("POST /x HTTP/1.0\r\nContent-Length: %d\r\n\r\nme:%s@h", len(long)+5, long),
		"POST /x HTTP/1.0\r\nContent-Length: 999999999\r\n\r\nme:" + long[:4000] + "@h",
		"GET /x HTTP/1.0\r\nAuthorization: Basic c2VjcmV0\r\n\r\n",
		"GET /x HTTP/1.0\r\nAuthorization: Basic c2Vj\x01cmV0c2VjcmV0\r\n\r\n",
		"GET /x HTTP/1.0\r\nAuthorization : Basic c2VjcmV0\r\n\r\n",
		"GET /x HTTP/1.0\r\nAuthorization: Basic\r\n c2VjcmV0\r\n\r\n",
		"GET http://me:c2VjcmV0@host/ HTTP/1.0\r\n\r\n",
		"GET / HTTP/1.0 Authorization: Basic c2VjcmV0\r\n\r\n",
		"GET //a:c2VjcmV0@h/ HTTP/1.0\r\n\r\n",
		"GET  http:/a:c2VjcmV0@h/ HTTP/1.0\r\n\r\n",
		"GET /x HTTP/1.0\r\n\"Authorization: Basic c2VjcmV0\"\r\n\r\n",
		"GET /x?access_token=c2VjcmV0 HTTP/1.0\r\n\r\n",
		"GET /x HTTP/1.0\r\nCookie: a=c2VjcmV0\x01\r\n\r\n",
		"POST /x HTTP/1.0\r\nContent-Length: 29\r\n\r\nAuthorization: Basic c2VjcmV0",
		"POST /x HTTP/1.0\r\nAuthorization: Basic c2VjcmV0\r\nContent-Length: 2\r\n\r\nab",
		"POST /x HTTP/1.0\r\nAuthorization: Basic c2VjcmV0\r\n\r\n",
	} {
		got := talk(t, addr, send)
		echoed := strings.HasPrefix(got, "HTTP/1.0 200 ") // by the handler of this test
		if !echoed && strings.Contains(got, "cmV0") {
			t.Errorf("echoed to %q: %q", send, got)
		}
	}
	if got := log.String(); strings.Contains(got, "cmV0") || strings.Count(got, "***") < 7 {
		t.Errorf("logged: %s", got)
	}
}

// A response whose body is Quiet is logged only if the log is verbose.
func TestQuiet(t *testing.T) {
	for level, lines := range map[slog.Level]int{slog.LevelInfo: 1, slog.LevelDebug: 2} {
		log := new(notes)
		addr := start(t, &Server{
			Handler: handlerFunc(func(req *httpwire.Request, resp *httpwire.Response) {
				if resp.Code = 200; string(req.Path()) == "/quiet" {
					resp.Code, resp.Parts = 204, Quiet{}
				}
			}),
			Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: level}))})
		got := talk(t, addr, "GET /quiet HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /other HTTP/1.0\r\n\r\n")
		if !strings.HasPrefix(got, "HTTP/1.0 204 ") || strings.Count(log.String(), "msg=request ") != lines ||
			!strings.Contains(log.String(), "/other") {
			t.Errorf("%v: %q, and the log says %s", level, got, log)
		}
	}
}

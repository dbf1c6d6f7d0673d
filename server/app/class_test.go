package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rawhttp/httpwire"
	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
)

// serveClass serves a class until the test ends, and returns a function that sends a request of a
// student and returns the response.
func serveClass(t *testing.T) (ask func(name, octets string) string) {
	t.Helper()
	server := &httpd.Server{Limits: httpd.DefaultLimits}
	service, err := New(Options{Class: true}, server)
	if err != nil {
		t.Fatal(err)
	}
	server.Handler = service
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, time.Second, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		service.Close()
	})
	return func(name, octets string) string {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Error(err)
			return ""
		}
		defer c.Close()
		line, rest, _ := strings.Cut(octets, "\r\n")
		io.WriteString(c, line+"\r\nUser-Agent: "+name+"\r\n"+rest)
		got, err := io.ReadAll(c)
		if err != nil {
			t.Error(err)
		}
		return string(got)
	}
}

const (
	third   = `{"ID": 3, "number": 5, "post_code": "PY13 5PY"}`
	getPath = "GET " + addressbook.Path
)

func post(body string) string {
	return fmt.Sprintf("POST %s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		addressbook.Path, len(body), body)
}

// Students type the same requests, and none of them sees the changes of another.
func TestClass(t *testing.T) {
	ask := serveClass(t)
	for _, tt := range []struct {
		name, request, want string
	}{
		{"anna", post(third), "HTTP/1.0 201 "},
		{"ben", post(third), "HTTP/1.0 201 "},
		{"Anna", post(third), "HTTP/1.0 409 "},
		{"Mozilla/5.0", getPath + "/3 HTTP/1.0\r\n\r\n", "HTTP/1.0 404 "},
		{"Mozilla/5.0", post(third), "HTTP/1.0 201 "},
		{"ben", "DELETE " + addressbook.Path + "/3 HTTP/1.0\r\n\r\n", "HTTP/1.0 204 "},
		{"anna", getPath + "/3 HTTP/1.0\r\n\r\n", "HTTP/1.0 200 "},
		{"ben", getPath + "/3 HTTP/1.0\r\n\r\n", "HTTP/1.0 404 "},
		{"curl/7.88", getPath + "/3 HTTP/1.0\r\n\r\n", "HTTP/1.0 200 "},
		{"anna", "OPTIONS * HTTP/1.0\r\n\r\n", "HTTP/1.0 200 "},
		{"anna", "BREW / HTTP/1.0\r\n\r\n", "HTTP/1.0 501 "},
	} {
		got := ask(tt.name, tt.request)
		if !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %q gets\n%s", tt.name, tt.request, got)
		}
		if !strings.Contains(got, "\r\nVary: User-Agent\r\n") && tt.want != "HTTP/1.0 501 " {
			t.Errorf("no Vary in\n%s", got)
		}
	}
	full := ""
	for i := range maxOfOne {
		full = ask("carl", post(fmt.Sprintf(`{"ID": %d, "number": 5, "post_code": "x"}`, i+10)))
	}
	if !strings.HasPrefix(full, "HTTP/1.0 507 ") {
		t.Errorf("more than %d addresses: %s", maxOfOne, full)
	}
}

// Requests of a new student that come at the same time find one book.
func TestClassAtOnce(t *testing.T) {
	service, err := New(Options{Class: true}, new(httpd.Server))
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	for i := range maxStudents {
		begin := make(chan struct{})
		var all sync.WaitGroup
		var created atomic.Int32
		for range 8 {
			var req httpwire.Request
			text := strings.Replace(post(third), "\r\n", fmt.Sprintf("\r\nUser-Agent: s%d\r\n", i), 1)
			if _, err := httpwire.ConsumeRequestHead([]byte(text), &req); err != nil {
				t.Fatal(err)
			}
			req.Body = []byte(third)
			all.Go(func() {
				<-begin
				var resp httpwire.Response
				if service.Handle(&req, &resp); resp.Code == 201 {
					created.Add(1)
				}
			})
		}
		close(begin)
		all.Wait()
		if n := created.Load(); n != 1 {
			t.Fatalf("address 3 of student %d was created %d times", i, n)
		}
	}
}

// There are a limited number of names.
func TestClassIsLimited(t *testing.T) {
	ask := serveClass(t)
	ask("anna", post(third))
	for i := range maxStudents - 1 {
		if got := ask(fmt.Sprint("student-", i), getPath+" HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 200 ") {
			t.Fatalf("student %d: %s", i, got)
		}
	}
	got := ask("late", getPath+" HTTP/1.0\r\n\r\n")
	if !strings.HasPrefix(got, "HTTP/1.0 503 ") || !strings.Contains(got, "60 names already") {
		t.Errorf("student 61: %s", got)
	}
	if got := ask("late", "GET /hello HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 200 ") {
		t.Errorf("a page for all: %s", got)
	}
	if got := ask("ANNA", getPath+"/3 HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 200 ") {
		t.Errorf("a known name: %s", got)
	}
}

func TestStudentName(t *testing.T) {
	for value, want := range map[string]string{
		"anna": "anna", "Ben-2": "ben-2", "x_1": "x_1", "abcdefghijklmnopqrst": "abcdefghijklmnopqrst",
		"": commonBook, "curl/8": commonBook, "Mozilla/5.0 (X11)": commonBook, "Common": commonBook,
		"abcdefghijklmnopqrstu": "", "two words": "", "2nd": "", "zo\xc3\xab": "", "-a": "",
	} {
		req := new(httpwire.Request)
		req.Fields = req.Fields.Add([]byte("User-Agent"), []byte(value))
		if got, p := studentName(req); got != want || (p == nil) != (want != "") {
			t.Errorf("%q is the student %q, want %q; %v", value, got, want, p)
		}
	}
}

// A name that is a mistake is refused where it matters, and each response says whose book it is.
func TestClassNames(t *testing.T) {
	ask := serveClass(t)
	for _, tt := range []struct{ name, path, code, says string }{
		{"Anna", addressbook.Path, "200", "\r\nBook: anna\r\n"},
		{"curl/8", addressbook.Path, "200", "\r\nBook: common\r\n"},
		{"Anna B", addressbook.Path, "400", "User-Agent: anna"},
		{"Anna B", "/hello", "200", "Hello!"},
		{"Mozilla/5.0", "/class", "200", "of their own: anna."},
		{"ben", "/class", "200", "<p>2 of at most 60 students"},
		{"ben", addressbook.Path, "200", "\r\nBook: ben\r\n"},
		{"x", "/class", "200", "3 of at most 60 students have a book of their own: anna, ben, x."},
	} {
		got := ask(tt.name, "GET "+tt.path+" HTTP/1.0\r\n\r\n")
		if !strings.HasPrefix(got, "HTTP/1.0 "+tt.code) || !strings.Contains(got, tt.says) {
			t.Errorf("%s: %s gets\n%s", tt.name, tt.path, got)
		}
	}
}

func TestClassNeedsMemory(t *testing.T) {
	o := Options{Class: true}
	o.Book.File = "book"
	if _, err := New(o, new(httpd.Server)); err == nil || !strings.Contains(err.Error(), "leave out -class") {
		t.Errorf("%v", err)
	}
}

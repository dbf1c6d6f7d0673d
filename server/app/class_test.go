package app

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
	"rawhttp/server/addressbook"
	"rawhttp/server/httpd"
)

// serveClass serves a class until the test ends, and returns a function that sends a request of a
// student and returns the response.
func serveClass(t *testing.T, o addressbook.Options) (ask func(name, octets string) string) {
	t.Helper()
	server := &httpd.Server{Limits: httpd.DefaultLimits}
	service, err := New(Options{Class: true, Book: o}, server)
	if err != nil {
		t.Fatal(err)
	}
	server.Handler = service
	t.Cleanup(service.Close)
	return func(name, octets string) string {
		line, rest, _ := strings.Cut(octets, "\r\n")
		return string(exchange(server, []byte(line+"\r\nUser-Agent: "+name+"\r\n"+rest)))
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
	ask := serveClass(t, addressbook.Options{})
	for _, tt := range []struct {
		name, request, want string
	}{
		{"anna", post(third), "HTTP/1.0 201 "},
		{"ben", post(third), "HTTP/1.0 201 "},
		{"Anna", post(third), "HTTP/1.0 409 "},
		{"Mozilla/5.0", getPath + "/3 HTTP/1.0\r\n\r\n", "HTTP/1.0 404 "},
		{"Mozilla/5.0", post(third), "HTTP/1.0 201 "},
		{"Common", getPath + "/3 HTTP/1.0\r\n\r\n", "HTTP/1.0 200 "}, // as the field Book says
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
	ask := serveClass(t, addressbook.Options{})
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
	for path, want := range map[string]string{"/hello": "200", "/nowhere": "404"} {
		if got := ask("late", "GET "+path+" HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 "+want) {
			t.Errorf("a page for all: %s", got)
		}
	}
	hidden := strings.Replace(post(third), "/address_book/", "/%61ddress_book/", 1)
	if got := ask("late", hidden); !strings.HasPrefix(got, "HTTP/1.0 503 ") {
		t.Errorf("student 61, with another spelling of the path: %s", got)
	}
	if got := ask("ANNA", getPath+"/3 HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 200 ") {
		t.Errorf("a known name: %s", got)
	}
}

// A new name takes the place of one whose book was not changed and not used for a minute.
func TestClassPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ask := serveClass(t, addressbook.Options{Empty: true})
		get := func(name, want string) {
			t.Helper()
			if got := ask(name, getPath+"/3 HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 "+want) {
				t.Errorf("%s: want %s, got %s", name, want, got)
			}
		}
		ask("anna", post(third))
		for i := range maxStudents - 1 {
			get(fmt.Sprint("student-", i), "404")
		}
		time.Sleep(minUnused)
		get("late", "503")
		get("student-0", "404")
		time.Sleep(time.Second)
		get("late", "404") // takes the place of student-1
		if got := ask("late", post(third)); !strings.HasPrefix(got, "HTTP/1.0 201 ") {
			t.Error(got)
		}
		for i := range maxStudents - 3 {
			get(fmt.Sprint("later-", i), "404")
		}
		get("one-more", "503")
		get("anna", "200")
		get("late", "200")
		get("student-0", "404")
		get("common", "404")
	})
}

// A name is a name, a program's product is none, and everything else is a mistake.
func TestStudentName(t *testing.T) {
	for value, want := range map[string]string{
		"anna": "anna", "Ben-2": "ben-2", "x_1": "x_1", "abcdefghijklmnopqrst": "abcdefghijklmnopqrst",
		"curl/8": commonName, "Mozilla/5.0 (X11)": commonName, "Common": commonName,
		"": "mistake", "abcdefghijklmnopqrstu": "mistake", "two words": "mistake", "2nd": "mistake",
		"zo\xc3\xab": "mistake", "-a": "mistake", "@anna": "mistake", "anna[": "mistake",
	} {
		req := new(httpwire.Request)
		req.Fields = req.Fields.Add([]byte("User-Agent"), []byte(value))
		got, mistake := studentName(req)
		if (mistake != "") != (want == "mistake") || mistake == "" && got != want {
			t.Errorf("%q is the student %q, want %q; mistake %q", value, got, want, mistake)
		}
	}
}

// The sentence about a mistake shows no credentials.
func TestClassShowsNoCredentials(t *testing.T) {
	ask := serveClass(t, addressbook.Options{})
	for _, secret := range []string{"Basic YW5uYTpzZWNyZXQ=", "token=YW5uYTpzZWNyZXQ"} {
		if got := ask(secret, post(third)); strings.Contains(got, "YW5u") || !strings.Contains(got, "****") {
			t.Errorf("%s: got\n%s", secret, got)
		}
	}
}

// A student notices a mistake in the name, and nothing is changed.
func TestClassRefusesMistakes(t *testing.T) {
	ask := serveClass(t, addressbook.Options{})
	for _, name := range []string{"Zo\xc3\xab", "anna b", "2nd", "", strings.Repeat("a", 5000)} {
		got := ask(name, post(third))
		if !strings.HasPrefix(got, "HTTP/1.0 400 ") || !strings.Contains(got, "User-Agent: anna") ||
			strings.Contains(got, "\r\nBook:") || len(got) > 1000 {
			t.Errorf("%.30q gets %s", name, got)
		}
	}
	for name, want := range map[string]string{"curl/8.5": "common", "Anna": "anna"} {
		got := ask(name, getPath+"/3 HTTP/1.0\r\n\r\n")
		if !strings.HasPrefix(got, "HTTP/1.0 404 ") || !strings.Contains(got, "\r\nBook: "+want+"\r\n") {
			t.Errorf("%s gets %s", name, got)
		}
	}
}

// A mistake in the head of a request is refused before the body is read.
func TestClassRefusesHeads(t *testing.T) {
	service, err := New(Options{Class: true}, new(httpd.Server))
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	for _, tt := range []struct {
		name, mediaType string
		code            int // 0 if the body decides
	}{
		{"anna", "application/json", 0},
		{"anna", "text/csv", 415},
		{"2nd", "application/json", 400},
	} {
		req := &httpwire.Request{RequestLine: httpwire.RequestLine{Method: []byte("POST"), Target: []byte(addressbook.Path)}}
		req.Fields = req.Fields.Add([]byte(agentName), []byte(tt.name)).Add([]byte("Content-Type"), []byte(tt.mediaType))
		resp := new(httpwire.Response)
		if final := service.HandleHead(req, resp); final != (tt.code > 0) || final && resp.Code != tt.code {
			t.Errorf("%s, %s: final is %t, %d", tt.name, tt.mediaType, final, resp.Code)
		}
	}
}

// The page lists all books, and leads to what each student sees.
func TestClassPage(t *testing.T) {
	ask := serveClass(t, addressbook.Options{})
	const page, browser = "GET /class HTTP/1.0\r\n\r\n", "Mozilla/5.0"
	for _, want := range []string{`"User-Agent: anna"`, "\r\nCache-Control: no-store\r\n"} {
		if got := ask(browser, page); !strings.Contains(got, want) {
			t.Errorf("it does not have %s: %s", want, got)
		}
	}
	if got := ask(browser, "GET /class/1 HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 404 ") {
		t.Errorf("there is no student, and /class/1 is %s", got)
	}
	ask("zoe", post(third))
	ask("anna", "DELETE "+addressbook.Path+"/1 HTTP/1.0\r\n\r\n")
	got := ask(browser, page)
	rows := regexp.MustCompile(`<a href="(.*?)">(.*?)</a></th>\s*<td>(\d+) address(?:es)?</td>\s*<td>changed \d{4}-`).
		FindAllStringSubmatch(got, -1)
	want := [][]string{{addressbook.Path, "common", "2"}, {"/class/2", "anna", "1"}, {"/class/1", "zoe", "3"}}
	if len(rows) != len(want) {
		t.Fatalf("%d rows in %s", len(rows), got)
	}
	for i, row := range rows {
		if !slices.Equal(row[1:], want[i]) {
			t.Errorf("row %d is %q, want %q", i, row[1:], want[i])
		}
		book := ask(browser, "GET "+row[1]+" HTTP/1.0\r\n\r\n")
		if strings.Count(book, "\r\nBook: ") != 1 || !strings.Contains(book, "\r\nBook: "+row[2]+"\r\n") {
			t.Errorf("%s is not about the book of %s alone: %s", row[1], row[2], book)
		}
		if n := fmt.Sprint(strings.Count(book, `"ID":`)); n != row[3] {
			t.Errorf("%s has %s addresses, and its row says %s", row[1], n, row[3])
		}
	}
	for _, field := range []string{"If-None-Match: *", "If-Match: x"} { // the table has neither 304 nor 400
		if got := ask(browser, "GET /class/1 HTTP/1.0\r\n"+field+"\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 200 ") {
			t.Errorf("%s: %s", field, got)
		}
	}
	for range 3 {
		ask(browser, "GET /class/1 HTTP/1.0\r\n\r\n") // makes no student
	}
	if again := ask(browser, page); strings.Count(again, "<tr>") != strings.Count(got, "<tr>") {
		t.Errorf("looking changes the page: %s", again)
	}
}

// The page tells the limits and the address of this server, whatever its options are.
func TestClassPageTellsOptions(t *testing.T) {
	o := Options{Class: true}
	o.Book.Max, o.Book.BaseURL = 7, "https://example.org"
	service, err := New(o, new(httpd.Server))
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	page := string(send(service, "GET", classPath).Body)
	for _, want := range []string{"with 7 addresses each", "go run ./rawclient -tls -addr example.org:443 \""} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
}

// A mistake in a name gets what other errors get: a page for a browser, and the fields for a page of an
// allowed origin.
func TestClassRefusesAsOthers(t *testing.T) {
	service, err := New(Options{Class: true, Origin: "http://LocalHost:8000"}, new(httpd.Server))
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	resp := send(service, "GET", addressbook.Path, "User-Agent", "2nd", "Accept", "text/html", "Origin", "http://localhost:8000")
	if resp.Code != 400 || !strings.HasPrefix(string(resp.Fields.Get("Content-Type")), "text/html") ||
		!resp.Fields.Has("Vary", "Accept") || !resp.Fields.Has("Vary", "User-Agent") ||
		resp.Fields.Get("Access-Control-Allow-Origin") == nil {
		t.Errorf("%d %v\n%s", resp.Code, resp.Fields, resp.Body)
	}
	// A page of the origin may set the name of a student, and read whose book it got.
	resp = send(service, "OPTIONS", addressbook.Path, "Origin", "http://localhost:8000",
		"Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "user-agent")
	for name, want := range map[string]string{"Access-Control-Allow-Headers": agentName,
		"Access-Control-Expose-Headers": bookName} {
		if !resp.Fields.Has(name, want) && !resp.Fields.Has(name, "*") {
			t.Errorf("%s without %s in %v", name, want, resp.Fields)
		}
	}
}

// The README has the limits of a class.
func TestReadmeHasLimitsOfClass(t *testing.T) {
	readme := strings.Join(strings.Fields(readFile(t, "../README.md")), " ")
	for _, want := range []string{
		fmt.Sprintf("There are at most %d names.", maxStudents),
		fmt.Sprintf("A student's book has at most %d addresses", maxOfOne),
		fmt.Sprintf("A name is a word of at most %d letters", maxName),
	} {
		if !strings.Contains(readme, want) {
			t.Errorf("the README does not say: %s", want)
		}
	}
}

// A student has a book, and nothing else of their own: the documentation and the metrics are those of the service.
func TestClassSharesTheRest(t *testing.T) {
	service, err := New(Options{Class: true}, &httpd.Server{Limits: httpd.DefaultLimits})
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	students := service.handler.(*class)
	for _, path := range []string{addressbook.Root + "/docs", addressbook.Root + "/openapi.json", "/metrics", "/nosuch"} {
		req := &httpwire.Request{RequestLine: httpwire.RequestLine{Method: []byte("GET"), Target: []byte(path)}}
		if students.routerFor(students.students[0], req) != service.router || students.isForBook(req) {
			t.Errorf("%s is for the book of a student", path)
		}
	}
	req := &httpwire.Request{RequestLine: httpwire.RequestLine{Method: []byte("DELETE"), Target: []byte(addressbook.Path + "/1")}}
	if !students.isForBook(req) {
		t.Errorf("%s is not for the book of a student", req.Target)
	}
}

package app

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
	"rawhttp/httpwire"
	"rawhttp/server/addressbook"
	"rawhttp/server/etcd"
	"rawhttp/server/httpd"
	"rawhttp/server/journal"
	"rawhttp/server/rest"
)

// Options are served, or refused in a sentence that says which one is wrong.
func TestNew(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(broken, []byte("# users\nalice:open sesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := addressbook.Options{BaseURL: "http://localhost:1", Max: 2}
	for _, tt := range []struct {
		name         string
		o            addressbook.Options
		list, origin string
		want         string // at the start of the error; empty if it must be served
	}{
		{"nothing special", good, "", "", ""},
		{"users and an origin", good, "../../examples/rest/users", "http://localhost:8000", ""},
		{"no such list", good, broken + "x", "", "-users: there is no file " + broken + "x"},
		{"a directory of lists", good, filepath.Dir(broken), "",
			"-users: " + filepath.Dir(broken) + " is a directory: give the name of a file in it"},
		{"a list within a file", good, broken + "/x", "", "-users: "},
		{"a broken list", good, broken, "", "-users: " + broken + ": line 2: want name:"},
		{"a broken book", addressbook.Options{Max: 2, File: broken}, "", "", "-book: "},
		{"no origin", good, "", "localhost:8000", "-cors \"localhost:8000\" is not an origin"},
		{"no room", addressbook.Options{Max: 1}, "", "", "-max 1: the book starts with two"},
		{"one address", addressbook.Options{Max: 1, Empty: true}, "", "", ""},
		{"the zero options", addressbook.Options{}, "", "", ""},
		{"less than none", addressbook.Options{Max: -1}, "", "", "a book cannot have -1"},
		{"no port of etcd", addressbook.Options{Etcd: []string{"a:1", "b"}}, "", "",
			"-etcd: \"b\" is not host:port"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			service, err := New(Options{Book: tt.o, Users: tt.list, Origin: tt.origin}, new(httpd.Server))
			switch {
			case tt.want == "" && err == nil:
				if code := send(service, "DELETE", addressbook.Path+"/1").Code; (code == 401) != (tt.list != "") {
					t.Errorf("DELETE: %d", code)
				}
			case err == nil || tt.want == "" || !strings.HasPrefix(err.Error(), tt.want):
				t.Errorf("%v, want %q", err, tt.want)
			case strings.Contains(err.Error(), "sesame"):
				t.Errorf("the error contains a secret: %v", err)
			}
		})
	}
}

// The addresses have one place, and those of a class are in memory.
func TestOnePlace(t *testing.T) {
	file, nodes := addressbook.Options{File: "book"}, addressbook.Options{Etcd: []string{"localhost:2379"}}
	both := addressbook.Options{File: file.File, Etcd: nodes.Etcd}
	for want, o := range map[string]Options{
		"-book and -etcd are two places":       {Book: both},
		"in memory: leave out -class or -book": {Book: file, Class: true},
		"in memory: leave out -class or -etcd": {Book: nodes, Class: true},
	} {
		if err := o.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// An existing cluster may have more addresses than -max, as a file may. So -max 1 is no contradiction.
func TestOneAddressInEtcd(t *testing.T) {
	o := Options{Book: addressbook.Options{Max: 1, Etcd: []string{"localhost:2379"}}}
	if err := o.check(); err != nil {
		t.Error(err)
	}
}

// send returns the response of a service to a request with fields: their names and values in turn.
func send(service *Service, method, path string, fields ...string) *httpwire.Response {
	return sendBody(service, method, path, "", fields...)
}

func sendBody(service *Service, method, path, body string, fields ...string) *httpwire.Response {
	req := &httpwire.Request{RequestLine: httpwire.RequestLine{Method: []byte(method), Target: []byte(path)}}
	for i := 0; i < len(fields); i += 2 {
		req.Fields = req.Fields.Add([]byte(fields[i]), []byte(fields[i+1]))
	}
	req.Body = []byte(body)
	resp := new(httpwire.Response)
	service.Handle(req, resp)
	return resp
}

// An empty name of a file is an error, because the server would start without its book or its users.
func TestEmptyFileName(t *testing.T) {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	new(Options).Flags(set)
	files := 0
	set.VisitAll(func(f *flag.Flag) {
		if value, _ := flag.UnquoteUsage(f); value != "file" {
			return
		}
		files++
		if err := set.Set(f.Name, ""); err == nil || !strings.Contains(err.Error(), "name of a file") {
			t.Errorf("-%s: %v; define it with the function file", f.Name, err)
		}
	})
	if files < 5 {
		t.Errorf("%d flags name a file", files)
	}
}

// Spaces may follow the commas between the nodes of etcd.
func TestSpacesInEtcd(t *testing.T) {
	var o Options
	set := flag.NewFlagSet("", flag.ContinueOnError)
	o.Flags(set)
	if err := set.Parse([]string{"-etcd", "a:1, b:2"}); err != nil || !slices.Equal(o.Book.Etcd, []string{"a:1", "b:2"}) {
		t.Errorf("%q, %v", o.Book.Etcd, err)
	}
}

// Viewers of the wall keep their connections, so they can have no more than half of all.
func TestViewersLeaveRoom(t *testing.T) {
	server := &httpd.Server{Limits: httpd.Limits{Conns: 3}}
	service, err := New(Options{Wall: true}, server)
	if err != nil || server.Watcher == nil {
		t.Fatal(err, server.Watcher)
	}
	first := send(service, "GET", "/wall/events").Parts.(httpd.Stream)
	first.Next(nil)
	send(service, "GET", "/wall/events")
	if last, _ := first.Next(nil); string(last) != "retry: 30000\n\n" {
		t.Errorf("the first viewer is sent %q", last)
	}
	if _, ok := first.Next(nil); ok {
		t.Error("of three connections, two are viewers")
	}
}

// If etcd does not respond, asks for a user, or has no space for a new book, the error says what to do.
func TestNoEtcd(t *testing.T) {
	failed := func(op string, err error) error { return &net.OpError{Op: op, Err: err} }
	const start = "\nstart etcd (more than half of its nodes), or write where it is:  -etcd host:port"
	for _, tt := range []struct {
		ca     string
		err    error // ErrUnavailable is added to those of the network
		advice string
	}{
		{"", failed("dial", errors.New("refused")), start},
		{"", failed("dial", fs.ErrPermission), start},
		{"", failed("read", os.ErrDeadlineExceeded), start},
		{"", errors.New("no leader"), start},
		{"", io.EOF, "\nif etcd speaks TLS, add  -etcd-ca FILE"},
		{"", failed("read", errors.New("reset")), "\nif etcd speaks TLS, add  -etcd-ca FILE"},
		{"ca", failed("read", errors.New("reset")), "\nif etcd does not speak TLS, leave out -etcd-ca"},
		{"ca", tls.RecordHeaderError{}, "\nif etcd does not speak TLS, leave out -etcd-ca"},
		{"ca", failed("remote error", errors.New("bad certificate")),
			"\nif etcd asks for a certificate, add one that it trusts:  -etcd-cert FILE"},
		{"ca", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
			"\n-etcd-ca needs the certificate that signs those of the nodes, and -etcd the names that are in them"},
		{"", etcd.ErrNeedsUser, "; write the line NAME:PASSWORD into a file, and add  -etcd-user FILE"},
		{"", etcd.ErrWrongUser, "\n-etcd-user needs a user of etcd with a role that may read and write the keys that begin " +
			"with rawhttp/; if etcd has no users, leave out -etcd-user"},
		{"", etcd.ErrNoSpace, "\nstart etcd with a larger --quota-backend-bytes, and type  etcdctl alarm disarm"},
		{"", etcd.ErrRefused, ""},
	} {
		o := &Options{EtcdCA: tt.ca, Book: addressbook.Options{Etcd: []string{"localhost:1", "localhost:2"}}}
		if !slices.Contains([]error{etcd.ErrNeedsUser, etcd.ErrWrongUser, etcd.ErrNoSpace, etcd.ErrRefused}, tt.err) {
			tt.err = fmt.Errorf("%w: node: %w", etcd.ErrUnavailable, tt.err)
		}
		want := "-etcd localhost:1,localhost:2: " + tt.err.Error() + tt.advice
		if got := o.bookError(tt.err); got.Error() != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// If the file of the book cannot be used, the error says what to do.
func TestNoBook(t *testing.T) {
	o := &Options{Book: addressbook.Options{File: "book"}}
	for err, advice := range map[error]string{
		&fs.PathError{Op: "open", Path: "book.lock", Err: fs.ErrPermission}: "\nlet the user of the server write " +
			"FILE, FILE.lock and their directory, or name another file",
		journal.ErrNoSpace: "\nmake space, or name a file on another disk",
		journal.ErrInUse:   "",
	} {
		if got, want := o.bookError(err).Error(), "-book: "+err.Error()+advice; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The files for etcd are read before the server asks it.
func TestFilesForEtcd(t *testing.T) {
	dir := t.TempDir()
	user := filepath.Join(dir, "user")
	if err := os.WriteFile(user, []byte("a:b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ca, _, _ := foreign.Certificate(t, dir)
	for want, o := range map[string]Options{
		"add  -etcd-ca FILE":           {EtcdCert: "cert.pem"},
		"-etcd-cert: there is no file": {EtcdCA: "no-such-file", EtcdCert: "cert.pem"},
		"app.go has no certificate in": {EtcdCA: "app.go"},
		"app.go must have one line":    {EtcdUser: "app.go"},
		"add  -etcd host:port":         {EtcdUser: user},
	} {
		if o.EtcdUser != user {
			o.Book.Etcd = []string{"localhost:1"}
		}
		if _, err := New(o, new(httpd.Server)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	good := Options{EtcdUser: user, EtcdCA: ca}
	if err := good.loadEtcd(); err != nil || good.Book.EtcdUser == nil || good.Book.EtcdTLS == nil {
		t.Errorf("%+v, %v", good.Book, err)
	}
}

// The description says of each route with a long response that the server may have no room for it.
func TestOverloadIsDescribed(t *testing.T) {
	service, err := New(Options{Wall: true, Class: true}, new(httpd.Server))
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	long := []string{addressbook.Path, "/raw", "/explain", "/wall", "/wall/{ID}", "/class/{ID}"}
	for _, row := range service.router.Rows() {
		overloaded := func(r rest.Response) bool {
			return r.Code == 503 && slices.ContainsFunc(r.Content, func(c rest.Content) bool { return c.Type == "text/plain" })
		}
		isLong := slices.Contains(long, row.Path) && row.Path+row.Method != addressbook.Path+"POST"
		if isLong && !slices.ContainsFunc(row.Responses, overloaded) {
			t.Errorf("%s %s has no rest.Overload", row.Method, row.Path)
		}
	}
}

// The README says where things are added: each file that it names is there, and has what follows it.
func TestReadmeLeadsToCode(t *testing.T) {
	_, table, _ := strings.Cut(readFile(t, "../README.md"), "| to add | begin in | then |")
	table, _, _ = strings.Cut(table, "\n\n")
	code, names := "", 0
	for _, m := range regexp.MustCompile("`([^` ]+)`").FindAllStringSubmatch(table, -1) {
		switch name := m[1]; {
		case strings.HasSuffix(name, ".go"):
			code = readFile(t, "../"+name)
		case !strings.ContainsAny(name, "./:") && !strings.HasPrefix(strings.ToLower(name), "test"):
			names++
			if !regexp.MustCompile(`(?m)^(func |type |var |const |\t)?(\([^)]*\) )?` + name + `\b`).MatchString(code) {
				t.Errorf("the README names %s in a file that does not define it", name)
			}
		}
	}
	if names < 10 {
		t.Errorf("the table names %d things", names)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

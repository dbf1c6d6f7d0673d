// Package app joins everything that go run ./server serves, by the options of its command line. The
// tour, the lessons and the tests serve the same, so they show what users see.
//
//	app.go        the options as flags, and a service made of them
//	class.go      -class: a book for each student
//	classpage.go  the page that lists those books
//	sample.go     the responses that the documentation of the API shows
package app

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"

	"rawhttp/server/addressbook"
	"rawhttp/server/etcd"
	"rawhttp/server/httpd"
	"rawhttp/server/inspect"
	"rawhttp/server/journal"
	"rawhttp/server/rest"
	"rawhttp/server/users"
	"rawhttp/server/wall"
)

// Options are the options of the service. The zero Options are valid: the addresses are in memory, and every
// client may change them.
type Options struct {
	Book     addressbook.Options
	Users    string // a file with the users who may change addresses; if empty, every client may
	EtcdCA   string // a file with the certificates of the authorities that signed those of etcd; if empty, there is no TLS
	EtcdCert string // a file with the certificate and the key to show to etcd
	EtcdUser string // a file with a name and a password for etcd; if empty, etcd asks for none
	Origin   string // lets web pages of this origin use the API
	Wall     bool   // shows the exchanges of the server at /wall
	Class    bool   // gives each student a book of their own; the name is in User-Agent
}

// Flags adds a flag for each option.
func (o *Options) Flags(fs *flag.FlagSet) {
	file(fs, &o.Book.File, "book", "keep the addresses in this `file`, so that a restart or "+
		"a power cut does not lose them; a new file begins with two addresses")
	fs.BoolVar(&o.Book.Empty, "empty", false, "start a new book without the two addresses that it has otherwise")
	fs.IntVar(&o.Book.Max, "max", addressbook.DefaultMax, "the largest `number` of addresses, "+
		"of at most 12 KiB of memory each; after that, the response to a new address is 507")
	fs.Func("etcd", "keep the addresses in the etcd cluster at `host:port,...`, which other servers "+
		"can share; without -book or -etcd they are in memory", func(s string) error {
		o.Book.Etcd = strings.Split(s, ",")
		for i, addr := range o.Book.Etcd {
			o.Book.Etcd[i] = strings.TrimSpace(addr)
		}
		return nil
	})
	file(fs, &o.EtcdCA, "etcd-ca", "speak TLS with etcd, and trust nodes whose certificate is "+
		"signed by one in this `file`")
	file(fs, &o.EtcdCert, "etcd-cert", "show etcd the certificate in this `file`, which must "+
		"also have the key")
	file(fs, &o.EtcdUser, "etcd-user", "log in to etcd with the name and the password in this "+
		"`file`, which has the line NAME:PASSWORD")
	file(fs, &o.Users, "users", "let only the users in this `file` change addresses")
	fs.StringVar(&o.Origin, "cors", "", "let web pages of this `origin` use the API, such as "+
		"http://localhost:8000")
	fs.BoolVar(&o.Class, "class", false, fmt.Sprintf("give each student of a class a book of their own, "+
		"by the name in the field %s: at most %d names, and %d addresses each, in memory; %s lists them",
		agentName, maxStudents, maxOfOne, classPath))
	fs.BoolVar(&o.Wall, "wall", false, "show each exchange live at /wall, to every client")
}

// file adds a flag whose value is the name of a file. An empty name is an error: it comes from a
// variable that is not set, and a server without its book, or without its users, must not start.
func file(fs *flag.FlagSet, name *string, flag, help string) {
	fs.Func(flag, help, func(value string) error {
		if value == "" {
			return errors.New("write the name of a file, or leave out the flag")
		}
		*name = value
		return nil
	})
}

// A Service is the handler of a server.
type Service struct {
	handler             // the router, or the class
	Users   *users.File // nil without Options.Users
	Book    *addressbook.Book
	router  *rest.Router
}

// A handler has every optional method of an httpd.Handler.
type handler interface {
	httpd.MethodHandler
	httpd.HeadHandler
	httpd.RefusalHandler
}

// New returns what a server serves. The caller makes it the Handler of the server. With Options.Wall,
// New sets the Watcher of the server. If an option cannot be served, the error is a sentence that names
// its flag.
func New(o Options, server *httpd.Server) (*Service, error) {
	err := o.check()
	if err != nil {
		return nil, err
	}
	if o.Origin != "" {
		if o.Origin, err = rest.ParseOrigin(o.Origin); err != nil {
			return nil, fmt.Errorf("-cors %w", err)
		}
	}
	if err := o.loadEtcd(); err != nil {
		return nil, err
	}
	s := new(Service)
	if o.Users != "" {
		if s.Users, err = users.Open(o.Users); err != nil {
			return nil, fileError("-users", err)
		}
	}
	if s.Book, err = addressbook.New(o.Book); err != nil {
		return nil, o.bookError(err)
	}
	tables := [][]rest.Route{inspect.Hello(), s.Book.Routes(), inspect.Routes(server, s.Book)}
	if o.Wall {
		tables = append(tables, newWall(server).Routes())
	}
	students := newClass(o, s.Users)
	if o.Class {
		tables = append(tables, students.routes())
	}
	s.router = newRouter(o.Origin, s.Users, tables...)
	s.router.ShowExamples(o.Book.BaseURL, func(request []byte) []byte { return sample(o.Book.BaseURL, request) })
	s.handler = s.router
	if o.Class {
		students.open(s)
		s.handler = students
	}
	return s, nil
}

// newWall returns a wall that watches a server.
func newWall(server *httpd.Server) *wall.Wall {
	w := wall.New()
	w.MaxViewers = min(w.MaxViewers, server.Limits.Conns/2) // a connection that waits for an event is not evicted
	server.Watcher = w
	return w
}

// newRouter returns the router of tables. It sets who may use them: the users, and the web pages of an
// origin. If users is nil, every client may; an empty origin allows no other page.
func newRouter(origin string, users *users.File, tables ...[]rest.Route) *rest.Router {
	r := rest.New(tables...)
	if users != nil {
		r.Protect(addressbook.Realm, users.Check)
	}
	r.AllowOrigin(origin)
	return r
}

// check returns an error if the options contradict each other.
func (o *Options) check() error {
	stores := o.stores()
	switch {
	case len(stores) > 1:
		return fmt.Errorf("%s are two places for the addresses: leave out one of them", strings.Join(stores, " and "))
	case o.Class && len(stores) > 0:
		return fmt.Errorf("-class keeps the books of the students in memory: leave out -class or %s", stores[0])
	case o.EtcdCert != "" && o.EtcdCA == "":
		return errors.New("-etcd-cert: a certificate needs TLS; add  -etcd-ca FILE")
	case len(o.Book.Etcd) == 0 && o.EtcdCA+o.EtcdUser != "":
		return errors.New("-etcd-ca, -etcd-cert and -etcd-user say how to reach etcd: add  -etcd host:port")
	}
	for _, addr := range o.Book.Etcd {
		if _, port, _ := net.SplitHostPort(addr); port == "" {
			return fmt.Errorf("-etcd: %q is not host:port; write several with commas between them", addr)
		}
	}
	return nil
}

// stores returns the flags that say where the addresses are kept. Without such a flag they are in memory.
func (o *Options) stores() (flags []string) {
	if o.Book.File != "" {
		flags = append(flags, "-book")
	}
	if len(o.Book.Etcd) > 0 {
		flags = append(flags, "-etcd")
	}
	return flags
}

// loadEtcd reads the files with the certificates, the name and the password for etcd.
func (o *Options) loadEtcd() (err error) {
	if o.EtcdCA != "" {
		if o.Book.EtcdTLS, err = etcd.LoadTLS(o.EtcdCA, o.EtcdCert); err != nil {
			return fileError("-etcd-ca, -etcd-cert", err)
		}
	}
	if o.EtcdUser != "" {
		if o.Book.EtcdUser, err = etcd.LoadUser(o.EtcdUser); err != nil {
			return fileError("-etcd-user", err)
		}
	}
	return nil
}

// fileError names the flag that an error of a file is about.
func fileError(flag string, err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		info, missing := os.Stat(failed.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s: there is no file %s", flag, failed.Path)
		case missing == nil && info.IsDir():
			return fmt.Errorf("%s: %s is a directory: give the name of a file in it", flag, failed.Path)
		}
	}
	return fmt.Errorf("%s: %w", flag, err)
}

// bookError names the flag that an error of the address book is about, and says what to do.
func (o *Options) bookError(err error) error {
	switch {
	case len(o.Book.Etcd) > 0:
		return fmt.Errorf("-etcd %s: %w%s", strings.Join(o.Book.Etcd, ","), err, o.etcdAdvice(err))
	case o.Book.File == "":
		return err
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("-book: %w\nlet the user of the server write FILE, FILE.lock and their directory, "+
			"or name another file", err)
	case errors.Is(err, journal.ErrNoSpace):
		return fmt.Errorf("-book: %w\nmake space, or name a file on another disk", err)
	}
	return fmt.Errorf("-book: %w", err)
}

// etcdAdvice says what to do about an error of etcd. It is "" if the error says so itself.
func (o *Options) etcdAdvice(err error) string {
	switch {
	case errors.Is(err, etcd.ErrNeedsUser):
		return "; write the line NAME:PASSWORD into a file, and add  -etcd-user FILE"
	case errors.Is(err, etcd.ErrWrongUser):
		return "\n-etcd-user needs a user of etcd with a role that may read and write the keys that begin with " +
			addressbook.EtcdPrefix + "; if etcd has no users, leave out -etcd-user"
	case errors.Is(err, etcd.ErrUnavailable):
		return "\n" + o.unavailableAdvice(err)
	case errors.Is(err, etcd.ErrNoSpace):
		return "\nstart etcd with a larger --quota-backend-bytes, and type  etcdctl alarm disarm"
	}
	return ""
}

// unavailableAdvice says what to do if no node of etcd responds. A node with TLS closes a connection without TLS,
// and most nodes without TLS close one with it.
func (o *Options) unavailableAdvice(err error) string {
	failed, isNet := errors.AsType[*net.OpError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	_, plain := errors.AsType[tls.RecordHeaderError](err)
	closed := errors.Is(err, io.EOF) || isNet && failed.Op == "read" && !failed.Timeout()
	switch {
	case untrusted:
		return "-etcd-ca needs the certificate that signs those of the nodes, and -etcd the names that are in them"
	case isNet && failed.Op == "remote error": // what a node says about TLS
		return "if etcd asks for a certificate, add one that it trusts:  -etcd-cert FILE"
	case closed && o.EtcdCA == "":
		return "if etcd speaks TLS, add  -etcd-ca FILE"
	case closed || plain:
		return "if etcd does not speak TLS, leave out -etcd-ca"
	}
	return "start etcd (more than half of its nodes), or write where it is:  -etcd host:port"
}

// Close ends what the service does in the background. Call it after the server has stopped. The books
// of students are in memory, and nothing has to be closed for them.
func (s *Service) Close() { s.Book.Close() }

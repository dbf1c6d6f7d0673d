package etcd

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
)

// A User is the name and the password of a user of etcd.
type User struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

// LoadUser reads a user from a file that has one line, NAME:PASSWORD. It returns an error if the file
// cannot be read or has anything else.
func LoadUser(file string) (*User, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	line, rest, _ := strings.Cut(string(text), "\n")
	name, password, ok := strings.Cut(strings.TrimSuffix(line, "\r"), ":")
	if !ok || name == "" || password == "" || rest != "" {
		return nil, fmt.Errorf("%s must have one line, NAME:PASSWORD", file)
	}
	return &User{name, password}, nil
}

const authPath = "/v3/auth/authenticate"

// A login asks a node for a token. All requests that need one wait for the same login.
type login struct {
	done  chan struct{} // closed when token or err is set
	token string
	err   error
}

// authorize returns the token that a request to a path carries: none if etcd asks for no password. To
// check a password takes etcd long. So it checks it once, and gives a token, which the client sends from
// then on.
func (c *client) authorize(path string) (token string, err error) {
	if c.user == nil || path == authPath {
		return "", nil
	}
	c.tokenMu.Lock()
	token, l := c.token, c.login
	first := token == "" && l == nil
	if first {
		l = &login{done: make(chan struct{})}
		c.login = l
	}
	c.tokenMu.Unlock()
	switch {
	case token != "":
		return token, nil
	case first:
		c.run(l)
	}
	<-l.done
	return l.token, l.err
}

// run asks for a token, and keeps it.
func (c *client) run(l *login) {
	var response struct {
		Token string `json:"token"`
	}
	_, l.err = c.call(authPath, c.user, &response, short)
	l.token = response.Token
	c.tokenMu.Lock()
	defer c.tokenMu.Unlock()
	c.token, c.login = l.token, nil
	close(l.done)
}

// forget makes the next request ask for a new token, unless that was done already. A node forgets a
// token that was not used there for some minutes, and all tokens when it starts.
func (c *client) forget(token string) {
	c.tokenMu.Lock()
	defer c.tokenMu.Unlock()
	if c.token == token {
		c.token = ""
	}
}

// wantsToken reports whether a node has refused a request because of its token. The request has changed
// nothing then.
func (r *refusal) wantsToken() bool {
	return r.Code == codeUnauthenticated ||
		r.Code == codeInvalid && strings.Contains(r.Message, "auth store is old")
}

// LoadTLS returns the configuration for nodes whose certificates were signed by one in a PEM file. If
// own is not empty, it is a PEM file with the certificate and the key that this server shows to the
// nodes. It returns an error if a file cannot be read, or does not have that.
func LoadTLS(authorities, own string) (*tls.Config, error) {
	text, err := os.ReadFile(authorities)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	if !config.RootCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no certificate in PEM", authorities)
	}
	if own != "" {
		certificate, err := tls.LoadX509KeyPair(own, own)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	return config, nil
}

package etcd

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
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
	name, password, _ := strings.Cut(strings.TrimSuffix(line, "\r"), ":")
	if name == "" || password == "" || rest != "" {
		return nil, fmt.Errorf("%s must have one line, NAME:PASSWORD", file)
	}
	return &User{name, password}, nil
}

const authPath = "/v3/auth/authenticate"

// authorize returns the token that a request carries: none if etcd asks for no password. Etcd needs a long
// time to check a password. So the client sends it once, gets a token for it, and sends the token from then on.
// One call asks for a token at a time, and the others wait for it, each until its own ctx is done.
func (c *client) authorize(ctx context.Context, e *endpoint) (token string, err error) {
	if token = c.token.Load().(string); token != "" || c.user == nil {
		return token, nil
	}
	select {
	case c.login <- struct{}{}:
		defer func() { <-c.login }()
	case <-ctx.Done():
		return "", fmt.Errorf("there is no token yet: %w", ctx.Err())
	}
	if token = c.token.Load().(string); token != "" {
		return token, nil // another call has asked for it
	}
	body, _ := json.Marshal(c.user) // nothing in it can fail
	var response struct {
		Token string `json:"token"`
	}
	if _, err := c.send(ctx, e, "", authPath, body, &response); err != nil {
		return "", err
	}
	c.token.Store(response.Token)
	return response.Token, nil
}

// forget makes the next request ask for a new token, unless that was done already. A node forgets a
// token that was not used there for some minutes, and all tokens when it starts.
func (c *client) forget(token string) { c.token.CompareAndSwap(token, "") }

// wantsToken reports whether a node has refused a request because of its token. The request has changed
// nothing then.
func (r *refusal) wantsToken() bool {
	return r.Code == codeUnauthenticated || strings.Contains(r.Message, "auth store is old")
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
			return nil, fmt.Errorf("%s must have a certificate and its key in PEM: %w", own, err)
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	return config, nil
}

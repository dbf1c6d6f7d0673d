package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"rawhttp/rawclient/wireclient"
)

// handshakeTime limits the handshake of TLS, as wireclient.Dial limits connecting.
const handshakeTime = 5 * time.Second

// tlsConfig returns what TLS needs to know, or nil if the request goes without TLS.
func (c *client) tlsConfig(ctx context.Context) (*tls.Config, error) {
	if !c.req.tls {
		return nil, nil
	}
	config := &tls.Config{
		ServerName:         c.req.serverName,
		InsecureSkipVerify: c.opt.insecure,
		NextProtos:         []string{"http/1.0", "http/1.1"}, // what ALPN offers (RFC 7301)
	}
	// The version of the request comes first. Some servers know only http/1.1, and they respond to
	// HTTP/1.0 as well.
	if c.req.Version.AtLeast(1, 1) {
		slices.Reverse(config.NextProtos)
	}
	if !c.opt.given["ca"] {
		return config, nil
	}
	pem, err := c.readFile(ctx, "-ca", c.opt.ca)
	if err != nil {
		return nil, err
	}
	if config.RootCAs, err = x509.SystemCertPool(); err != nil {
		config.RootCAs = x509.NewCertPool()
	}
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		text := fmt.Sprintf("-ca %s: there is no certificate in this file. A certificate in PEM begins with "+
			"-----BEGIN CERTIFICATE-----", c.opt.ca)
		if _, err := x509.ParseCertificate(pem); err == nil {
			text += fmt.Sprintf("; openssl converts the other form, DER:\n\n"+
				"  openssl x509 -inform DER -in %s -out ca.pem\n", quoted(c.opt.ca))
		}
		return nil, usageError("%s", text)
	}
	return config, nil
}

// handshake begins TLS on a connection.
func (c *client) handshake(ctx context.Context, tcp net.Conn, config *tls.Config) (wireclient.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, handshakeTime)
	defer cancel()
	conn := tls.Client(tcp, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		return nil, &failure{ExitConnect, c.tlsError(err)}
	}
	c.sayTLS(conn.ConnectionState())
	return conn, nil
}

// sayTLS says what the client knows of the server, and what -insecure gives up.
func (c *client) sayTLS(state tls.ConnectionState) {
	protocol := "the server chose no protocol by ALPN"
	if state.NegotiatedProtocol != "" {
		protocol = "ALPN chose " + safe(state.NegotiatedProtocol)
	}
	cert := state.PeerCertificates[0]
	c.say("%s with %s; %s. The certificate is for %s, from %s, until %s",
		tls.VersionName(state.Version), c.req.addr, protocol, namesOf(cert),
		safe(cert.Issuer.String()), day(cert.NotAfter))
	if !c.opt.insecure {
		return
	}
	fault := "It would be accepted without -insecure"
	if err := verify(state, c.req.serverName); err != nil {
		fault = "Without -insecure it would be refused: " + certificateFault(err)
	}
	c.say("-insecure: the certificate is not checked. The octets are encrypted, but any computer on "+
		"the way can pretend to be %s, and read and change them. %s", c.req.serverName, fault)
}

// namesOf returns the names and addresses that a certificate is for, or its subject if it has none.
func namesOf(cert *x509.Certificate) string {
	const most = 4
	names := append([]string(nil), cert.DNSNames...)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) > most {
		names = append(names[:most], "...")
	}
	subject := cert.Subject.String()
	switch {
	case len(names) == 0:
		return "no name, its subject is " + safe(subject)
	case subject == "":
		return safe(strings.Join(names, ", "))
	}
	return safe(strings.Join(names, ", ") + " (" + subject + ")")
}

// verify checks a certificate as crypto/tls does without -insecure.
func verify(state tls.ConnectionState, name string) error {
	opts := x509.VerifyOptions{DNSName: name, Intermediates: x509.NewCertPool()}
	for _, cert := range state.PeerCertificates[1:] {
		opts.Intermediates.AddCert(cert)
	}
	if _, err := state.PeerCertificates[0].Verify(opts); err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err}
	}
	return nil
}

// certificateFault says what is wrong with the certificate, or returns "" if err is not about it.
func certificateFault(err error) string {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verified  *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &authority):
		return "the certificate is from " + safe(authority.Cert.Issuer.String()) + ", an authority that this system " +
			"does not trust"
	case errors.As(err, &host):
		return "the certificate is for " + namesOf(host.Certificate) + ", and not for " + host.Host
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate is valid from " + day(invalid.Cert.NotBefore) + " until " +
			day(invalid.Cert.NotAfter) + ", and the clock of this system shows " + day(time.Now())
	case errors.As(err, &verified): // the certificate has another fault
		return safe(verified.Err.Error())
	}
	return ""
}

// tlsError says why there is no TLS on the connection, and what to do next.
func (c *client) tlsError(err error) string {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		record    tls.RecordHeaderError
		anyway    = "\nto connect to the server anyway, add  -insecure"
		plain     = "\nif the port does not speak TLS, leave out -tls, and begin a URL with http://"
		start     = "TLS with " + c.req.addr + ": "
	)
	fault := certificateFault(err)
	switch {
	case errors.As(err, &authority):
		return start + fault + "\nif the authority is your own, name the file of its certificate:  -ca FILE" + anyway
	case errors.As(err, &host):
		return start + fault + "\nwrite a name of the certificate in the URL, and where to connect after " +
			"-addr:\n  " + command + " -addr " + quoted(c.req.addr) + " https://NAME/" + anyway
	case fault != "":
		return start + fault + anyway
	case errors.As(err, &record):
		return start + "the server sent octets that are not TLS, so this port does not speak TLS\n" +
			"leave out -tls, and begin a URL with http://"
	case errors.Is(err, context.Canceled):
		return start + "interrupted in the handshake"
	case errors.Is(err, context.DeadlineExceeded):
		return start + "the server did not complete the handshake in time" + plain
	case errors.Is(err, io.EOF), wireclient.IsReset(err):
		return start + c.reason(err) + " in the handshake" + plain
	}
	return start + safe(strings.TrimPrefix(c.reason(err), "tls: ")) +
		"\nthe server may require another version of TLS, or a certificate of the client,\n" +
		"which rawclient does not have"
}

// alertOf returns the alert with which the server ended TLS, or "" if err is none.
func alertOf(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "remote error" { // the Op of crypto/tls
		return strings.TrimPrefix(op.Err.Error(), "tls: ")
	}
	return ""
}

func day(t time.Time) string { return t.UTC().Format("2 Jan 2006") }

package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/foreign"
)

// listen returns the port of a server that calls serve with each connection.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	return listenAt(t, "", serve)
}

// listenAt is listen at a free port whose number ends with some digits.
func listenAt(t *testing.T, digits string, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	for tens := 10; digits != "" && tens < 60; tens++ {
		if err == nil {
			l.Close()
		}
		if l, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d%s", tens, digits)); err == nil {
			break
		}
	}
	if err != nil {
		t.Skip("skipped: cannot listen: ", err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// readHead reads a request without a body.
func readHead(r io.Reader) (request string) {
	for octet := make([]byte, 1); !strings.HasSuffix(request, "\r\n\r\n"); {
		if _, err := r.Read(octet); err != nil {
			break
		}
		request += string(octet)
	}
	return request
}

// listenTLS returns the port of a server that repeats the head of a request as the body of its
// response, inside TLS.
func listenTLS(t *testing.T, config *tls.Config) string {
	return serveTLS(t, config, func(conn net.Conn) {
		if request := readHead(conn); request != "" {
			io.WriteString(conn, "HTTP/1.0 200 OK\r\n\r\n"+request)
		}
	})
}

// serveTLS returns the port of a server that calls serve with each connection, inside TLS.
func serveTLS(t *testing.T, config *tls.Config, serve func(net.Conn)) string {
	return listen(t, func(conn net.Conn) {
		secure := tls.Server(conn, config)
		defer secure.Close()
		serve(secure)
	})
}

// serverConfig returns the configuration of a server, and the file of its authority.
func serverConfig(t *testing.T, change func(*x509.Certificate)) (config *tls.Config, ca string) {
	t.Helper()
	ca, cert, key := foreign.Authority(t, t.TempDir(), change)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}}, ca
}

// The octets of HTTP inside TLS are literal, and a notice names the version, the certificate and its
// issuer.
func TestTLS(t *testing.T) {
	for _, tt := range []struct {
		name    string
		version uint16
		alpn    []string
		request []string
		want    []string
	}{
		{"1.3", tls.VersionTLS13, nil, []string{"G\tET  /", "A : b"}, []string{"TLS 1.3 with 127.0.0.1",
			"chose no protocol", "localhost, 127.0.0.1 (CN=server of a test), from CN=Authority of a test"}},
		{"1.2", tls.VersionTLS12, nil, []string{"GET / HTTP/1.0"}, []string{"TLS 1.2 with", "!-insecure"}},
		{"ALPN of today", 0, []string{"h2", "http/1.1"}, []string{"GET / HTTP/1.0"},
			[]string{"ALPN chose http/1.1"}},
		{"ALPN of HTTP/1.0", 0, []string{"http/1.0"}, []string{"GET / HTTP/1.1"},
			[]string{"ALPN chose http/1.0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			config, ca := serverConfig(t, nil)
			config.MaxVersion, config.NextProtos = tt.version, tt.alpn
			config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
				if first := hello.SupportedProtos[0]; first == "http/1.1" != strings.HasSuffix(tt.request[0], "HTTP/1.1") {
					t.Errorf("ALPN offers %s first", first)
				}
				return nil, nil
			}
			addr := "127.0.0.1:" + listenTLS(t, config)
			got := runArgs(t, append([]string{"-tls", "-ca", ca, "-addr", addr}, tt.request...)...)
			got.check(t, 0, tt.want...)
			if want := strings.Join(tt.request, "\r\n") + "\r\n\r\n"; !strings.HasSuffix(got.stdout, "\r\n\r\n"+want) {
				t.Errorf("got %q", got.stdout)
			}
		})
	}
}

// A fault of the certificate is refused with what to type next, and -insecure says what it gives up.
func TestCertificateFaults(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*x509.Certificate)
		useCA  bool
		want   []string
	}{
		{"authority", nil, false, []string{"from CN=Authority of a test, an authority that this system does " +
			"not trust", "-ca FILE"}},
		{"name", func(c *x509.Certificate) { c.DNSNames = []string{"other.example"} }, true,
			[]string{"is for other.example, 127.0.0.1 (CN=server of a test), and not for localhost",
				"https://NAME/"}},
		{"expired", func(c *x509.Certificate) {
			c.NotBefore = time.Date(1994, 11, 6, 0, 0, 0, 0, time.UTC)
			c.NotAfter = c.NotBefore.AddDate(0, 0, 1)
		}, true, []string{"valid from 6 Nov 1994 until 7 Nov 1994"}},
		{"usage", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }, true,
			[]string{"x509: certificate specifies an incompatible key usage", "!another version"}},
		{"no name", func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, nil }, true,
			[]string{"is for no name, its subject is CN=server of a test, and not for localhost"}},
		{"many names and no subject", func(c *x509.Certificate) {
			c.DNSNames, c.Subject = strings.Fields("a.example b.example c.example d.example e.example"), pkix.Name{}
		}, true, []string{"is for a.example, b.example, c.example, d.example, ..., and not for localhost"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			config, ca := serverConfig(t, tt.change)
			port := listenTLS(t, config)
			url := []string{"https://localhost:" + port + "/"}
			args := url
			if tt.useCA {
				args = append([]string{"-ca", ca}, url...)
			}
			got := runArgs(t, args...)
			got.check(t, 3, append(tt.want, "add -insecure")...)
			got = runArgs(t, append([]string{"-insecure"}, url...)...)
			refused := tt.want[0]
			if tt.name == "usage" { // without -ca, the authority is the first fault
				refused = "from CN=Authority of a test, an authority that this system does not trust"
			}
			got.check(t, 0, "can pretend to be localhost", "Without -insecure it would be refused: the certificate is ", refused)
			if !strings.Contains(got.stdout, "\r\n\r\nGET / HTTP/1.0\r\nHost: localhost:"+port) {
				t.Errorf("got %q", got.stdout)
			}
		})
	}
}

// A certificate in DER cannot be used, and openssl converts it.
func TestCertificateInDER(t *testing.T) {
	config, _ := serverConfig(t, nil)
	der := writeFile(t, "ca.der", string(config.Certificates[0].Certificate[0]))
	runArgs(t, "-ca", der, "https://localhost:1/").check(t, 2, "begins with -----BEGIN CERTIFICATE-----; openssl "+
		"converts the other form, DER: openssl x509 -inform DER -in "+der)
}

// A name in a certificate makes no line of its own, which would look like a notice.
func TestCertificateOnOneLine(t *testing.T) {
	config, ca := serverConfig(t, func(c *x509.Certificate) { c.Subject.CommonName = "a\n* b" })
	got := runArgs(t, "-tls", "-ca", ca, "-addr", "localhost:"+listenTLS(t, config), "GET / HTTP/1.0")
	got.check(t, 0, "(CN=a\u240a* b)")
}

// What is not TLS is said to be that.
func TestNoTLS(t *testing.T) {
	plain := func(octets string) func(net.Conn) {
		return func(conn net.Conn) {
			conn.Read(make([]byte, 16<<10)) // the first record of the client
			io.WriteString(conn, octets)
		}
	}
	for name, tt := range map[string]struct {
		serve func(net.Conn)
		want  string
	}{
		"plain HTTP": {plain("HTTP/1.0 400 Bad Request\r\n\r\n"), "octets that are not TLS"},
		"closed":     {plain(""), "closed the connection in the handshake"},
		"reset": {func(conn net.Conn) {
			conn.Read(make([]byte, 1))
			conn.(*net.TCPConn).SetLinger(0)
		}, "reset the connection in the handshake"},
		"alert": {plain("\x15\x03\x01\x00\x02\x02\x46"),
			`the server ended TLS with the alert "protocol version not supported" the server may require another version of TLS`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := runArgs(t, "-tls", "-addr", "localhost:"+listen(t, tt.serve), "GET / HTTP/1.0")
			got.check(t, 3, tt.want)
		})
	}
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		port := listen(t, func(conn net.Conn) {
			conn.Read(make([]byte, 1))
			cancel()
			io.Copy(io.Discard, conn)
		})
		runWith(ctx, Stdio{}, "-tls", "-addr", "localhost:"+port, get).check(t, 3, "interrupted in the handshake")
	})
	t.Run("silent", func(t *testing.T) {
		t.Parallel()
		silent := listen(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
		withTime(t, 100*time.Millisecond, func(timeout string) (result, []string) {
			got := runArgs(t, "-tls", "-timeout", timeout, "-addr", "localhost:"+silent, get)
			return got, got.faults(3, "did not complete the handshake in time")
		})
	})
}

// What breaks TLS within a response is named.
func TestBrokenTLS(t *testing.T) {
	config, ca := serverConfig(t, nil)
	port := serveTLS(t, config, func(conn net.Conn) {
		readHead(conn)
		io.WriteString(conn.(*tls.Conn).NetConn(), "HTTP/1.0 200 OK\r\n\r\n")
	})
	runArgs(t, "-tls", "-ca", ca, "-addr", "localhost:"+port, get).check(t, 5, "no response came: tls: ")
	config = config.Clone()
	config.ClientAuth = tls.RequireAnyClientCert
	port = serveTLS(t, config, func(conn net.Conn) { readHead(conn) })
	runArgs(t, "-tls", "-ca", ca, "-addr", "localhost:"+port, get).check(t, 5,
		`no response came: the server ended TLS with the alert "certificate required"`,
		"the server may require a certificate of the client")
}

// TestSecureServers looks at servers of today, with an authority of our own.
func TestSecureServers(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	for _, server := range foreign.Secure {
		t.Run(server.Name, func(t *testing.T) {
			ca, cert, key := foreign.Authority(t, foreign.Dir(t), nil)
			_, addr := server.Start(t, cert, key)
			url := "https://" + strings.Replace(addr, "127.0.0.1", "localhost", 1) + "/"
			got := runArgs(t, "-ca", ca, "-timeout", "60s", url)
			got.check(t, 0, "* TLS 1.", "ALPN chose http/1", "CN=Authority of a test")
			if !strings.HasPrefix(got.stdout, "HTTP/1.1 200 OK\r\n") || !strings.Contains(got.stdout, "\r\n\r\nhello\n") {
				t.Errorf("got %q", got.stdout)
			}
			got = runArgs(t, url)
			got.check(t, 3, "-ca FILE")
		})
	}
}

// To a server at a usual port of TLS that says nothing, the client says how to speak TLS.
func TestAdviseTLS(t *testing.T) {
	for _, tt := range []struct {
		ends, response, says, want string
	}{
		{"443", "", "no response came", "add -tls"},
		{"444", "", "no response came", "!-tls"},
		{"443", "HTTP/1.0 2", "incomplete", "!-tls"},
	} {
		port := listenAt(t, tt.ends, func(conn net.Conn) {
			readHead(conn)
			io.WriteString(conn, tt.response)
		})
		got := runArgs(t, "-addr", "localhost:"+port, "GET / HTTP/1.0")
		got.check(t, 5, tt.says, tt.want)
	}
	config, ca := serverConfig(t, nil)
	port := listenAt(t, "443", func(conn net.Conn) {
		conn = tls.Server(conn, config)
		readHead(conn)
		conn.Close()
	})
	got := runArgs(t, "-tls", "-ca", ca, "-addr", "localhost:"+port, "GET / HTTP/1.0")
	got.check(t, 5, "no response came", "!add -tls")
}

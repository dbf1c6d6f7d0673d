package foreign

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	cryptorand "crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/cluster/nodes"
)

// Dir returns a directory of the test. A server can read it even if it no longer runs as root.
func Dir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Scratch returns a directory for a program whose children may still write into it when the test
// ends, as a browser's do. What they leave there stays.
func Scratch(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "rawhttp")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// FreeAddr returns an address on which no program listens.
func FreeAddr(t *testing.T) string {
	t.Helper()
	addr, err := nodes.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

// Fill copies a file with each old word replaced by the new one that follows it, and returns the
// name of the copy. A word that is not there is an error: it is the file that has changed.
func Fill(t *testing.T, dir, file string, words ...string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(words); i += 2 {
		if !bytes.Contains(b, []byte(words[i])) {
			t.Fatalf("%s has no %q to replace", file, words[i])
		}
	}
	name := filepath.Join(dir, filepath.Base(file))
	text := strings.NewReplacer(words...).Replace(string(b))
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// Start starts a server and waits until it accepts connections at all the addresses. It is ended
// with the test.
func Start(t *testing.T, addrs []string, name string, args ...string) {
	t.Helper()
	p, err := nodes.Start(name, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.End()
		if t.Failed() {
			t.Logf("%s said %s", name, p.Log())
		}
	})
	for _, addr := range addrs {
		if err := p.Wait(addr); err != nil {
			t.Fatal(err)
		}
	}
}

// Deliver lets the programs that the tests start get signals. Without it, they ignore those that this program
// ignores, as it does if nohup or a script has started it in the background.
func Deliver(signals ...os.Signal) {
	for _, s := range signals {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
}

// Certificate writes a certificate for localhost, signed by itself, and its key, into one file
// each and into one for both.
func Certificate(t *testing.T, dir string) (cert, key, both string) {
	t.Helper()
	private := newKey(t)
	c := issue(t, localhost(), localhost(), private, private)
	k := encodeKey(t, private)
	return write(t, dir, "cert.pem", c), write(t, dir, "key.pem", k),
		write(t, dir, "both.pem", append(c, k...))
}

// Authority writes the certificate of a new authority, a certificate for localhost that it has
// signed, and the key of the latter. Change may change the certificate before it is signed.
func Authority(t *testing.T, dir string, change func(*x509.Certificate)) (ca, cert, key string) {
	t.Helper()
	authorityKey, private := newKey(t), newKey(t)
	authority := localhost()
	authority.Subject.CommonName, authority.DNSNames, authority.IPAddresses = "Authority of a test", nil, nil
	authority.IsCA, authority.BasicConstraintsValid = true, true
	authority.KeyUsage = x509.KeyUsageCertSign
	leaf := localhost()
	leaf.SerialNumber, leaf.Subject.CommonName = big.NewInt(2), "server of a test"
	if change != nil {
		change(leaf)
	}
	return write(t, dir, "ca.pem", issue(t, authority, authority, authorityKey, authorityKey)),
		write(t, dir, "cert.pem", issue(t, leaf, authority, private, authorityKey)),
		write(t, dir, "key.pem", encodeKey(t, private))
}

// localhost returns what a certificate for localhost says.
func localhost() *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
	}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

// issue returns a certificate for a key, signed with the key of its parent, in PEM.
func issue(t *testing.T, cert, parent *x509.Certificate, private, signer *ecdsa.PrivateKey) []byte {
	t.Helper()
	signed, err := x509.CreateCertificate(cryptorand.Reader, cert, parent, &private.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
}

func encodeKey(t *testing.T, private *ecdsa.PrivateKey) []byte {
	t.Helper()
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

func write(t *testing.T, dir, name string, octets []byte) string {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.WriteFile(name, octets, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

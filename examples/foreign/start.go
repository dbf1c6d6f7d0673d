package foreign

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	cryptorand "crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a program may take to start, on a machine that does many other things.
const patience = 30 * time.Second

// Dir is a directory of the test that a server may read which has given up being root.
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

// FreeAddr returns an address on which no program listens. Its port is below those that systems give to
// connections, so that none takes it before the server does.
func FreeAddr(t *testing.T) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprint("127.0.0.1:", 20_000+rand.IntN(12_000))
		if l, err := net.Listen("tcp", addr); err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
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
	var said bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		cmd.Wait()
	}()
	t.Cleanup(func() {
		if cmd.Process.Signal(syscall.SIGTERM) != nil {
			cmd.Process.Kill()
		}
		select {
		case <-ended:
		case <-time.After(patience):
			cmd.Process.Kill()
			<-ended
		}
		if t.Failed() {
			t.Logf("%s said %s", name, said.String())
		}
	})
	for _, addr := range addrs {
		await(t, addr, ended)
	}
}

// await waits for a server to listen, and no longer when it has ended.
func await(t *testing.T, addr string, ended <-chan struct{}) {
	t.Helper()
	for began := time.Now(); ; {
		c, err := net.DialTimeout("tcp", addr, patience)
		if err == nil {
			c.Close()
			return
		}
		select {
		case <-ended:
			t.Fatal("it has ended instead of serving")
		case <-time.After(5 * time.Millisecond):
		}
		if time.Since(began) > patience {
			t.Fatalf("no program listens at %s: %v", addr, err)
		}
	}
}

// Certificate writes a certificate for localhost, signed by itself, and its key, into one file
// each and into one for both.
func Certificate(t *testing.T, dir string) (cert, key, both string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
	}
	signed, err := x509.CreateCertificate(cryptorand.Reader, template, template,
		&private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	c := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
	k := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	write := func(name string, octets []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, octets, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	return write("cert.pem", c), write("key.pem", k), write("both.pem", append(c, k...))
}

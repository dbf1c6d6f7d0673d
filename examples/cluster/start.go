package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"rawhttp/examples/cluster/nodes"
)

// programs are the programs that run.
type programs struct {
	etcd        *nodes.Cluster
	servers     []*nodes.Process
	serverAddrs []string
	proxy       *nodes.Process
	proxyAddr   string
}

// needed are the programs that must be installed, and the packages of Debian that have them.
var needed = []struct{ program, pkg string }{{"etcd", "etcd-server"}, {"haproxy", "haproxy"}}

// missing returns an error that says which programs to install.
func missing() error {
	var programs, packages []string
	for _, n := range needed {
		if _, err := nodes.Find(n.program); err != nil {
			programs, packages = append(programs, n.program), append(packages, n.pkg)
		}
	}
	if programs == nil {
		return nil
	}
	return fmt.Errorf("%s: not on this machine. On Debian and Ubuntu, install it like this:\n\n"+
		"  apt-get install %s", strings.Join(programs, " and "), strings.Join(packages, " "))
}

// startPrograms starts everything, with its data in a directory.
func startPrograms(dir string) (*programs, error) {
	if err := missing(); err != nil {
		return nil, err
	}
	p := new(programs)
	if err := p.start(dir); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *programs) start(dir string) error {
	server := filepath.Join(dir, "server")
	build := exec.Command("go", "build", "-o", server, "rawhttp/server")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build rawhttp/server: %w\n%sstart this program in the folder that holds go.mod: "+
			"it builds the server", err, out)
	}
	var err error
	if p.etcd, err = nodes.StartEtcd(dir, 3); err != nil {
		return err
	}
	if p.proxyAddr, err = nodes.FreeAddr(); err != nil {
		return err
	}
	for range 2 {
		addr, err := nodes.FreeAddr()
		if err != nil {
			return err
		}
		// Clients reach the server at the address of the proxy.
		s, err := nodes.Start(server, "-addr", addr, "-base-url", "http://"+p.proxyAddr, "-log", "off",
			"-max", "1000000", "-etcd", strings.Join(p.etcd.Addrs, ","))
		if err != nil {
			return err
		}
		p.servers, p.serverAddrs = append(p.servers, s), append(p.serverAddrs, addr)
	}
	for i, s := range p.servers {
		if err := s.Wait(p.serverAddrs[i]); err != nil {
			return err
		}
	}
	return p.startProxy(dir)
}

// The configuration of HAProxy. A request whose connection fails goes to the other server at once, so
// nothing depends on a fast check of /healthz. A slow one has an advantage: while etcd elects a leader,
// no server can read the addresses, and clients wait for two seconds instead of getting 503. A server
// gives up after six seconds, so one that is silent for ten hangs: the client gets 504.
const configuration = `global
    maxconn 1000
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 10s
    retries 3
    option redispatch 1
frontend public
    bind %s
    default_backend address_book
backend address_book
    option httpchk GET /healthz
    default-server check inter 1s fall 5 rise 1
    server one %s
    server two %s
`

func (p *programs) startProxy(dir string) error {
	program, err := nodes.Find("haproxy")
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "haproxy.cfg")
	text := fmt.Sprintf(configuration, p.proxyAddr, p.serverAddrs[0], p.serverAddrs[1])
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return err
	}
	if p.proxy, err = nodes.Start(program, "-db", "-f", file); err != nil {
		return err
	}
	return p.proxy.Wait(p.proxyAddr)
}

// close ends all programs.
func (p *programs) close() {
	if p.proxy != nil {
		p.proxy.Kill()
	}
	for _, s := range p.servers {
		s.Kill()
	}
	if p.etcd != nil {
		p.etcd.Close()
	}
}

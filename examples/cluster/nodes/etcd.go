package nodes

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rawhttp/examples/peer"
)

// A Cluster is a cluster of etcd nodes on this machine.
type Cluster struct {
	Nodes []*Process
	Addrs []string // host:port of each node, for clients
}

// StartEtcd starts a cluster of n nodes that keep their data in a directory, and waits until it has
// a leader. The flags are for each node. With --cert-file the nodes speak TLS, and StartEtcd does not
// wait for a leader. Another program may take a port before a node does, so StartEtcd tries three times.
func StartEtcd(dir string, n int, flags ...string) (c *Cluster, err error) {
	program, err := Find("etcd")
	if err != nil {
		return nil, err
	}
	for try := range 3 {
		c, err = startCluster(program, filepath.Join(dir, fmt.Sprint("try", try+1)), n, flags)
		if err == nil {
			return c, nil
		}
	}
	return nil, err
}

// startCluster starts a cluster once. The nodes that it has started end if there is an error.
func startCluster(program, dir string, n int, flags []string) (*Cluster, error) {
	c, scheme := new(Cluster), "http://"
	if slices.Contains(flags, "--cert-file") {
		scheme = "https://"
	}
	if n == 1 { // it need not wait for the votes of others
		flags = append(slices.Clone(flags), "--heartbeat-interval", "20", "--election-timeout", "100")
	}
	err := c.startNodes(program, dir, scheme, n, flags)
	if err == nil && scheme == "http://" && c.WaitLeader() < 0 {
		err = fmt.Errorf("the cluster has no leader: %s", c.logs())
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// startNodes starts the nodes, and waits until each accepts connections. They talk to each other at addresses of
// their own.
func (c *Cluster) startNodes(program, dir, scheme string, n int, flags []string) error {
	var peers, members []string
	for i := range n {
		addr, err := FreeAddr()
		peerAddr, err2 := FreeAddr()
		if err = errors.Join(err, err2); err != nil {
			return err
		}
		c.Addrs, peers = append(c.Addrs, addr), append(peers, "http://"+peerAddr)
		members = append(members, fmt.Sprintf("n%d=http://%s", i+1, peerAddr))
	}
	for i, addr := range c.Addrs {
		name := fmt.Sprint("n", i+1)
		p, err := Start(program, slices.Concat(flags, []string{"--name", name, "--data-dir", filepath.Join(dir, name),
			"--listen-client-urls", scheme + addr, "--advertise-client-urls", scheme + addr,
			"--listen-peer-urls", peers[i], "--initial-advertise-peer-urls", peers[i],
			"--initial-cluster", strings.Join(members, ","), "--logger", "zap", "--log-level", "error",
			"--auto-compaction-retention", "1h"})...)
		if err != nil {
			return err
		}
		c.Nodes = append(c.Nodes, p)
	}
	for i, p := range c.Nodes {
		if err := p.Wait(c.Addrs[i]); err != nil {
			return err
		}
	}
	return nil
}

// logs returns what the nodes have printed.
func (c *Cluster) logs() (all string) {
	for _, p := range c.Nodes {
		all += p.Log()
	}
	return all
}

// Close ends all nodes.
func (c *Cluster) Close() {
	for _, p := range c.Nodes {
		p.Kill()
	}
}

// WaitLeader waits until the nodes that respond agree on a leader that responds, too, and returns its
// index. It returns -1 if there is none after some time.
func (c *Cluster) WaitLeader() int {
	for began := time.Now(); time.Since(began) < startLimit; time.Sleep(20 * time.Millisecond) {
		ids, leaders := make(map[string]int), make(map[string]bool)
		for i, addr := range c.Addrs {
			if id, leader, err := status(addr); err == nil {
				ids[id], leaders[leader] = i, true
			}
		}
		if len(leaders) != 1 || 2*len(ids) <= len(c.Addrs) {
			continue
		}
		for leader := range leaders {
			if i, ok := ids[leader]; ok {
				return i
			}
		}
	}
	return -1
}

// status asks a node for its ID and that of its leader.
func status(addr string) (id, leader string, err error) {
	const request = "POST /v3/maintenance/status HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}"
	resp, err := peer.Exchange(addr, request, time.Second)
	if err != nil {
		return "", "", err
	}
	var s struct {
		Header struct {
			ID string `json:"member_id"`
		} `json:"header"`
		Leader string `json:"leader"`
	}
	if err := json.Unmarshal(resp.Body, &s); err != nil {
		return "", "", err
	}
	if s.Leader == "" {
		return "", "", errors.New("no leader")
	}
	return s.Header.ID, s.Leader, nil
}

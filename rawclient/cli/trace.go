package cli

import (
	"bytes"
	"cmp"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"rawhttp/rawclient/pcap"
	"rawhttp/rawclient/wireclient"
)

// A trace is a connection that notes when octets were sent and received. It can keep them for a
// capture. Beneath TLS it sees the octets of HTTP, in clear.
type trace struct {
	wireclient.Conn

	mu          sync.Mutex // the request may be sent while the response is received
	captured    pcap.Connection
	room        *int      // octets that may still be kept, of all connections
	full        bool      // there were more
	sent, first time.Time // when the last octet was sent and the first was received; zero before
}

// captureMost is how many octets a capture has, of all connections.
const captureMost = 64 << 20

func newTrace(conn wireclient.Conn, opened time.Time, room *int) *trace {
	return &trace{Conn: conn, room: room, captured: pcap.Connection{
		Client: addrPort(conn.LocalAddr()), Server: addrPort(conn.RemoteAddr()), Opened: opened}}
}

func addrPort(addr net.Addr) netip.AddrPort {
	a := addr.(*net.TCPAddr).AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

// Write notes the time before it writes, because the response may arrive meanwhile. If one octet is
// written, as with -trickle, it was sent before that.
func (tr *trace) Write(b []byte) (int, error) {
	began := time.Now()
	n, err := tr.Conn.Write(b)
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.sent = time.Now()
	if len(b) == 1 && began.Before(tr.first) {
		tr.sent = tr.first
	}
	tr.keep(pcap.Data{At: began, Octets: b[:n]})
	return n, err
}

func (tr *trace) Read(b []byte) (int, error) {
	n, err := tr.Conn.Read(b)
	now := time.Now()
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.keep(pcap.Data{At: now, FromServer: true, Octets: b[:n]})
	if n > 0 && tr.first.IsZero() {
		tr.first = now
	}
	if c := &tr.captured; c.Closed.IsZero() && (err == io.EOF || wireclient.IsReset(err)) {
		c.Closed, c.ByServer, c.Reset = now, true, err != io.EOF
	}
	return n, err
}

// CloseWrite notes that the client closed its sending side. With TLS that is an alert, and not a FIN.
func (tr *trace) CloseWrite() error {
	began := time.Now()
	err := tr.Conn.CloseWrite()
	if err == nil {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		tr.keep(pcap.Data{At: began, Ends: true})
	}
	return err
}

func (tr *trace) Close() error {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if tr.captured.Closed.IsZero() {
		tr.captured.Closed = time.Now()
	}
	return tr.Conn.Close()
}

// keep adds octets to the capture while there is room.
func (tr *trace) keep(d pcap.Data) {
	if tr.full {
		return
	}
	n := min(len(d.Octets), *tr.room)
	*tr.room -= n
	tr.full = n < len(d.Octets)
	d.Octets = bytes.Clone(d.Octets[:n])
	tr.captured.Data = append(tr.captured.Data, d)
}

// capture writes the file of -pcap. Call it when the connections are closed.
func (c *client) capture() error {
	var all []pcap.Connection
	full := false
	for _, tr := range c.conns {
		if tr.full { // what follows is unknown
			tr.captured.Closed, full = time.Time{}, true
		}
		slices.SortStableFunc(tr.captured.Data, func(a, b pcap.Data) int { return a.At.Compare(b.At) })
		all = append(all, tr.captured)
	}
	_, err := c.pcapFile.Write(pcap.Append(nil, all...))
	if err = cmp.Or(err, c.pcapFile.finish()); err != nil {
		return err
	}
	c.say("the capture is in %s; Wireshark shows it:\n  wireshark -d tcp.port==%d,http %s",
		c.opt.pcap, all[0].Server.Port(), quoted(c.opt.pcap))
	if c.req.tls {
		c.say("the capture has the octets of HTTP without encryption, and not the encrypted ones that were sent: " +
			"keep it as secret as the exchange")
	}
	if full {
		c.say("the capture has only the first %d octets", captureMost)
	}
	return nil
}

package pcap

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/foreign"
)

var opened = time.Date(2026, 11, 26, 12, 0, 0, 123456789, time.UTC)

const request, response = "GET /a HTTP/1.0\r\nHost: h\r\n\r\n",
	"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"

func exchange(client, server string) Connection {
	return Connection{
		Client: netip.MustParseAddrPort(client), Server: netip.MustParseAddrPort(server), Opened: opened,
		Data: []Data{
			{At: opened.Add(time.Millisecond), Octets: []byte(request)},
			{At: opened.Add(2 * time.Millisecond), FromServer: true, Octets: []byte(response[:20])},
			{At: opened.Add(3 * time.Millisecond), FromServer: true, Octets: []byte(response[20:])},
		},
		Closed: opened.Add(4 * time.Millisecond), ByServer: true,
	}
}

// The first packet of each connection, octet by octet.
func TestAppend(t *testing.T) {
	got := Append(nil, exchange("127.0.0.1:40000", "127.0.0.1:80"))
	want := "\x4d\x3c\xb2\xa1\x02\x00\x04\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00" +
		"\x00\x00\x04\x00\x65\x00\x00\x00" +
		"\x40\x1f\x08\x6b\x15\xcd\x5b\x07\x28\x00\x00\x00\x28\x00\x00\x00" + // time and lengths
		"\x45\x00\x00\x28\x00\x00\x40\x00\x40\x06\x3c\xce\x7f\x00\x00\x01\x7f\x00\x00\x01" +
		"\x9c\x40\x00\x50\x00\x00\x00\x00\x00\x00\x00\x00\x50\x02\xff\xff"
	if !strings.HasPrefix(string(got), want) {
		t.Errorf("got  %x\nwant %x", got[:min(len(got), len(want))], want)
	}
}

// Each FIN is where that end closed its sending side. The numbers count all octets, each SYN and each FIN.
func TestClose(t *testing.T) {
	half := exchange("192.0.2.1:1", "192.0.2.2:80")
	half.Data[0].Ends = true
	given := half
	given.ByServer = false // the client gave up after it had closed its sending side
	byClient := exchange("192.0.2.1:1", "192.0.2.2:80")
	byClient.ByServer = false
	reset := exchange("192.0.2.1:1", "192.0.2.2:80")
	reset.Reset = true
	open := half
	open.Closed = time.Time{}
	for name, tt := range map[string]struct {
		c    Connection
		want string // C or S for who sends, and F for FIN, R for a reset or D for octets
	}{
		"reset":         {reset, "CD SD SD SR"},
		"cut":           {open, "CD CF SD SD"},
		"by the server": {exchange("192.0.2.1:1", "192.0.2.2:80"), "CD SD SD SF CF"},
		"by the client": {byClient, "CD SD SD CF SF"},
		"half":          {half, "CD CF SD SD SF"},
		"half and open": {given, "CD CF SD SD"},
	} {
		var got []string
		next := make(map[string]uint32) // the sequence number of each end
		for file := Append(nil, tt.c)[24:]; len(file) > 0; {
			n := 16 + int(file[8]) + int(file[9])<<8
			from, to, segment := "S", "C", file[16+20:n]
			if segment[1] == 1 {
				from, to = to, from
			}
			sequence, acknowledged, flags := binary.BigEndian.Uint32(segment[4:]), binary.BigEndian.Uint32(segment[8:]), segment[13]
			if sequence != next[from] || acknowledged != next[to] {
				t.Errorf("%s: %s has numbers %d and %d after %s", name, from, sequence, acknowledged, got)
			}
			if next[from] += uint32(len(segment) - 20); flags&(syn|fin) != 0 {
				next[from]++
			}
			if flags&fin != 0 {
				got = append(got, from+"F")
			} else if flags&rst != 0 {
				got = append(got, from+"R")
			} else if n > 16+40 {
				got = append(got, from+"D")
			}
			file = file[n:]
		}
		if got := strings.Join(got, " "); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// tshark reads the messages of all connections as they were, and finds nothing to warn of.
func TestShark(t *testing.T) {
	reset := exchange("192.0.2.1:1", "192.0.2.2:80")
	reset.Reset = true
	half := exchange("192.0.2.1:3", "192.0.2.2:80")
	half.Data[0].Ends = true
	long := exchange("192.0.2.1:2", "192.0.2.2:80")
	long.Data[1].Octets = []byte("HTTP/1.0 200 OK\r\nContent-Length: 81921\r\n\r\n")
	long.Data[2].Octets = bytes.Repeat([]byte("x"), 5*mostPayload+1)
	var all []Connection
	var want strings.Builder
	for i, tt := range []struct {
		c      Connection
		length string
	}{
		{exchange("127.0.0.1:40000", "127.0.0.1:12345"), "5"},
		{exchange("[::1]:40000", "[::1]:80"), "5"},
		{reset, "5"}, {long, "81921"}, {half, "5"},
	} {
		all = append(all, tt.c)
		want.WriteString(fmt.Sprintf("%d|/a|||1795694400.124456789\n%[1]d||200|%s|1795694400.126456789\n", i, tt.length))
	}
	octets := Append(nil, all...) // with -short, too
	program := foreign.Program(t, "tshark")
	file := filepath.Join(t.TempDir(), "test.pcap")
	if err := os.WriteFile(file, octets, 0o600); err != nil {
		t.Fatal(err)
	}
	shark := func(args ...string) string {
		return foreign.Run(t, program, append([]string{"-n", "-r", file, "-d", "tcp.port==12345,http",
			"-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"}, args...)...)
	}
	if got := shark("-T", "fields", "-E", "separator=|", "-Y", "http", "-e", "tcp.stream", "-e", "http.request.uri",
		"-e", "http.response.code", "-e", "http.content_length", "-e", "frame.time_epoch"); got != want.String() {
		t.Errorf("got\n%swant\n%s", got, want.String())
	}
	if got := shark("-Y", `_ws.expert.severity >= "Warning" && !tcp.connection.rst || `+
		`ip.checksum.status == "Bad" || tcp.checksum.status == "Bad"`); got != "" {
		t.Errorf("tshark warns of\n%s", got)
	}
}

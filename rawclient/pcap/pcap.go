// Package pcap writes the octets of a TCP connection as a capture file, which Wireshark and tshark
// open. No privileges are needed, because nothing is captured: the packets are made from the octets
// that a client sent and received, and from the times at which it did.
//
// So the octets of HTTP, the addresses, the ports and the times in the file are real. The packets are
// not: a program does not know how the system cut the octets into segments, or its acknowledgments and
// sequence numbers. The file has the segments that a simple TCP would have used.
//
//	file    = header *( record )          the classic format, with times in nanoseconds
//	record  = time, length, packet
//	packet  = IP header, TCP header, octets
//
// This is one exchange in packets:
//
//	client               server
//	  | SYN ------------->  |
//	  | <-------- SYN, ACK  |
//	  | ACK ------------->  |
//	  | octets ---------->  |
//	  | <------------- ACK  |
//	  | <---------- octets  |
//	  | ACK ------------->  |
//	  | <-------- FIN, ACK  |
//	  | FIN, ACK -------->  |
//	  | <------------- ACK  |
//
// RFC 9293 defines TCP; RFC 791 and RFC 8200 define IP.
package pcap

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"
)

// A Connection is what a client knows of a TCP connection.
type Connection struct {
	Client, Server netip.AddrPort // both IPv4 or both IPv6
	Opened         time.Time      // when the connection was open
	Data           []Data         // in the order of their times
	Closed         time.Time      // when it ended; zero if the file is to end before that
	ByServer       bool           // the server closed first
	Reset          bool           // the server ended it with a reset
}

// Data is octets that the client sent or received at one time.
type Data struct {
	At         time.Time
	FromServer bool
	Octets     []byte
	Ends       bool // the sender closed its sending side after the octets
}

const (
	magic       = 0xa1b23c4d // a capture with times in nanoseconds
	linkRaw     = 101        // each packet begins with its IP header
	snapLength  = 1 << 18    // octets of a packet that a file has at most
	mostPayload = 16 << 10   // octets of a segment
	window      = 65535
)

// The flags of a TCP header.
const (
	fin = 1 << iota
	syn
	rst
	psh
	ack
)

// Append appends a capture file with the connections to b.
func Append(b []byte, connections ...Connection) []byte {
	le := binary.LittleEndian
	b = le.AppendUint32(b, magic)
	b = le.AppendUint16(b, 2) // version 2.4 of the format
	b = le.AppendUint16(b, 4)
	b = append(b, make([]byte, 8)...) // time zone and accuracy, which no program sets
	b = le.AppendUint32(b, snapLength)
	b = le.AppendUint32(b, linkRaw)
	for _, c := range connections {
		w := writer{file: b, client: end{addr: c.Client}, server: end{addr: c.Server}}
		w.connection(&c)
		b = w.file
	}
	return b
}

// An end is one of the two ends of a connection.
type end struct {
	addr netip.AddrPort
	next uint32 // the sequence number of its next octet
	done bool   // it has sent FIN
}

type writer struct {
	file           []byte
	client, server end
}

func (w *writer) connection(c *Connection) {
	client, server := &w.client, &w.server
	w.packet(c.Opened, client, server, syn, nil)
	w.packet(c.Opened, server, client, syn|ack, nil)
	w.packet(c.Opened, client, server, ack, nil)
	for _, d := range c.Data {
		from, to := client, server
		if d.FromServer {
			from, to = server, client
		}
		for octets := range slices.Chunk(d.Octets, mostPayload) {
			w.packet(d.At, from, to, psh|ack, octets)
			w.packet(d.At, to, from, ack, nil)
		}
		if d.Ends {
			w.packet(d.At, from, to, fin|ack, nil)
			w.packet(d.At, to, from, ack, nil)
		}
	}
	switch {
	case c.Closed.IsZero():
	case c.Reset:
		w.packet(c.Closed, server, client, rst|ack, nil)
	case c.ByServer:
		w.close(c.Closed, server, client)
	case !client.done:
		w.close(c.Closed, client, server)
	}
}

// close closes the sending side of first, and of second if it is open.
func (w *writer) close(at time.Time, first, second *end) {
	w.packet(at, first, second, fin|ack, nil)
	if second.done {
		w.packet(at, second, first, ack, nil)
		return
	}
	w.packet(at, second, first, fin|ack, nil)
	w.packet(at, first, second, ack, nil)
}

// packet appends a packet that one end sends to the other.
func (w *writer) packet(at time.Time, from, to *end, flags byte, octets []byte) {
	segment := tcpSegment(from, to, flags, octets)
	from.next += uint32(len(octets))
	if flags&(syn|fin) != 0 {
		from.next++ // SYN and FIN count like an octet
	}
	from.done = from.done || flags&fin != 0
	header := ipHeader(from.addr.Addr(), to.addr.Addr(), len(segment))
	le := binary.LittleEndian
	w.file = le.AppendUint32(w.file, uint32(at.Unix()))
	w.file = le.AppendUint32(w.file, uint32(at.Nanosecond()))
	length := uint32(len(header) + len(segment))
	w.file = le.AppendUint32(w.file, length) // in the file
	w.file = le.AppendUint32(w.file, length) // on the wire
	w.file = append(append(w.file, header...), segment...)
}

// tcpSegment returns a TCP header and the octets after it.
func tcpSegment(from, to *end, flags byte, octets []byte) []byte {
	const headerWords, checksumAt = 5, 16
	be := binary.BigEndian
	b := be.AppendUint16(nil, from.addr.Port())
	b = be.AppendUint16(b, to.addr.Port())
	b = be.AppendUint32(b, from.next)
	b = be.AppendUint32(b, to.next)
	b = append(b, headerWords<<4, flags)
	b = be.AppendUint16(b, window)
	b = append(b, 0, 0, 0, 0) // checksum and urgent pointer
	b = append(b, octets...)
	be.PutUint16(b[checksumAt:], tcpChecksum(from.addr.Addr(), to.addr.Addr(), b))
	return b
}

const protocolTCP = 6

// tcpChecksum is computed over the addresses as well. Its pseudo header is the one of IPv6, which
// has the same sum as that of IPv4.
func tcpChecksum(from, to netip.Addr, segment []byte) uint16 {
	b := append(from.AsSlice(), to.AsSlice()...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(segment)))
	b = append(b, 0, 0, 0, protocolTCP)
	return checksum(append(b, segment...))
}

// ipHeader returns the header of a packet with length octets of TCP.
func ipHeader(from, to netip.Addr, length int) []byte {
	const headerLength, checksumAt, timeToLive = 20, 10, 64
	be := binary.BigEndian
	if from.Is6() {
		b := []byte{0x60, 0, 0, 0} // version 6
		b = be.AppendUint16(b, uint16(length))
		b = append(b, protocolTCP, timeToLive)
		return append(append(b, from.AsSlice()...), to.AsSlice()...)
	}
	b := []byte{0x45, 0} // version 4, five words of header
	b = be.AppendUint16(b, uint16(headerLength+length))
	b = append(b, 0, 0, 0x40, 0) // not to be cut into fragments
	b = append(b, timeToLive, protocolTCP, 0, 0)
	b = append(append(b, from.AsSlice()...), to.AsSlice()...)
	be.PutUint16(b[checksumAt:], checksum(b))
	return b
}

// checksum is that of RFC 1071: the complement of the sum of all 16-bit words in ones' complement.
func checksum(b []byte) uint16 {
	var sum uint32
	for pair := range slices.Chunk(b, 2) {
		sum += uint32(pair[0]) << 8
		if len(pair) == 2 {
			sum += uint32(pair[1])
		}
	}
	for sum > 0xffff {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

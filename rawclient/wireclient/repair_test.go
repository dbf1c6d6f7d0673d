package wireclient

import (
	"errors"
	"strings"
	"testing"

	"rawhttp/httpwire"
)

// TestRepairs checks how heads that break rules are read, and what is said about them. A head that cannot
// be read has the fault instead.
func TestRepairs(t *testing.T) {
	const ok = "HTTP/1.0 200 OK\r\n"
	most := strings.Repeat("\x01", maxEdits)
	for _, tt := range []struct{ head, readAs, said string }{
		{ok + "A: b\r\n\r\n", ok + "A: b\r\n\r\n", ""},
		{"http/1.0 200 OK\r\n\r\n", ok + "\r\n", "offset 10: HTTP in lower-case letters"},
		{"HTTP/1.0\t200 OK\r\n\r\n", ok + "\r\n", "offset 18: HTAB instead of SP"},
		{"HTTP/1.0  \t200 OK\r\n\r\n", ok + "\r\n",
			"offset 19, and once more: more than one space before the status code"},
		{"HTTP/1.0 200\nA: b\n\n", "HTTP/1.0 200 \r\nA: b\r\n\r\n",
			"offset 22: no space and no reason phrase after the code|offset 22, and 2 times more: the line ends in LF alone"},
		{"HTTP/1.0 200\rOK\r\n\r\n", ok + "\r\n", "offset 22: a CR without LF, read as SP"},
		{"HTTP/1.0 200 O\x00K\r\nA: \x01b\rc\x7f\x1b\r\n\r\n", "HTTP/1.0 200 O K\r\nA:  b c  \r\n\r\n",
			"offset 24: a control octet, read as SP|offset 31, and 2 times more: a control octet, read as SP|" +
				"offset 33: a CR without LF, read as SP"},
		{ok + "\rA: b\r\n\r: c\r\n\r\r\n", ok + "A: b\r\n\r\n",
			"offset 27, and 2 times more: a CR without LF, ignored|offset 35: not a field line, ignored"},
		{ok + "A : b\r\nC\t : d\r\n\r\n", ok + "A: b\r\nC: d\r\n\r\n",
			"offset 28, and once more: white space before the colon"},
		{ok + "not a field\r\n goes on\r\n\tand on\r\nA: b\r\n\r\n", ok + "A: b\r\n\r\n",
			"offset 27: not a field line, ignored"},
		{ok + " : b\r\n\r\n", ok + "\r\n",
			"offset 27: white space before the colon|offset 28: not a field line, ignored"},
		{ok + "A: " + most + "\r\n\r\n", ok + "A: " + strings.Repeat(" ", maxEdits) + "\r\n\r\n",
			"offset 30, and 1099 times more: a control octet, read as SP"},

		{ok + "A: " + most + "\x01\r\n\r\n", "", `offset 1120: field-value: got "\x01"`},
		{"HTTP/1.0 200\t\r\n\r\n", "", `offset 12: status-code: got "\t"`},
		{"HTTP/1.0 20\r\n\r\n", "", `offset 11: status-code: got "\r"`},
		{"HTTP/1.0  20x\r\n\r\n", "", `offset 12: status-code: got "x"`},
		{"HTTP//1.0 200\r\n\r\n", "", `offset 5: HTTP-version: got "/"`},
		{ok + "A ", "", "httpwire: the message is incomplete"},
		{ok + "not a field", "", "httpwire: the message is incomplete"},
		{ok + "not a field\r\n", "", "httpwire: the message is incomplete"}, // the next line may continue it
	} {
		var r repairer
		var resp httpwire.Response
		n, err := r.consume([]byte(tt.head), &resp)
		var said []string
		for _, repair := range r.repairs(10) {
			what, _, _ := strings.Cut(repair, " (RFC ")
			said = append(said, what)
		}
		if err != nil {
			fault, _, _ := strings.Cut(err.Error(), ", want ")
			n, said, r.copy = len(tt.head), []string{fault}, nil
		}
		if got := strings.Join(said, "|"); n != len(tt.head) || string(r.copy) != tt.readAs || got != tt.said {
			t.Errorf("%q: %d octets, read as %q\n%s", tt.head, n, r.copy, got)
		}
	}
}

// FuzzRepairer checks that reading ends, that a valid head is not edited, and that a head is the
// same however its octets arrive.
func FuzzRepairer(f *testing.F) {
	for _, head := range []string{
		"HTTP/1.0 200 OK\r\n" + two, "http/1.0 200 OK\r\n" + two, "HTTP/1.0\t200 OK\r\n\r\n",
		"HTTP/1.0   200   OK\r\n\r\n", "HTTP/1.0 200\r\n\r\n", "HTTP/1.0 200\nA : b\nContent-Length: 2\n\nok",
		"HTTP/1.0 200 O\x00K\r\nX: a\x01b\r\rc\r\n\r\n", "HTTP/1.0 200 OK\r\ngarbage here\r\n goes on\r\n\r\n",
		"HTTP/1.0 200 OK\r\n A: b\r\n\r\n", "HTTP/1.0 200 OK\r\nA: b\r\n: x\r\n y\r\n\r\n",
		"HTTP/1.0 200 OK\r\nX: a\r\n b\r\n\r\n", "HTTP/1.0 20 x\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\r\n",
	} {
		f.Add([]byte(head))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var whole, resp httpwire.Response
		var r repairer
		n, err := r.consume(b, &whole)
		if n < 0 || n > len(b) || err == nil && n == 0 {
			t.Fatalf("%d octets of %d, %v", n, len(b), err)
		}
		if len(r.edits) == 0 {
			strict, strictErr := httpwire.ConsumeResponseHead(b, &resp)
			if strict != n || (err == nil) != (strictErr == nil) {
				t.Fatalf("%d %v, but without repairs %d %v", n, err, strict, strictErr)
			}
		}
		if fault := (*httpwire.SyntaxError)(nil); errors.As(err, &fault) &&
			(fault.Offset >= len(b) || fault.Octet != b[fault.Offset]) {
			t.Fatalf("%v, but the octets are %q", err, b)
		}
		if err != nil || len(b) > 200 {
			return
		}
		var slow repairer
		for i := range n {
			if got, err := slow.consume(b[:i], &resp); got != 0 || !errors.Is(err, httpwire.ErrIncomplete) {
				t.Fatalf("%d octets of the head are enough: %d, %v", i, got, err)
			}
		}
		if got, err := slow.consume(b[:n], &resp); got != n || err != nil ||
			len(slow.edits) != len(r.edits) {
			t.Fatalf("octet by octet %d %v %v, whole %d %v", got, err, slow.edits, n, r.edits)
		}
	})
}

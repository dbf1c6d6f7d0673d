package grader

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// One solution of the exercises with connections. They use the ones before them.

// headLimit is the most octets of a head.
const headLimit = 64 << 10

// errMalformed says that a message is not well formed. A connection that ends is another error.
var errMalformed = errors.New("malformed")

// solvedHead reads the octets of a head from a connection.
func solvedHead(r *bufio.Reader) (octets []byte, err error) {
	for {
		line, err := r.ReadSlice('\n')
		octets = append(octets, line...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull) && len(octets) < headLimit: // a long line
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(octets) >= headLimit:
			return nil, fmt.Errorf("%w: the head is too long", errMalformed)
		case string(line) == "\n" || string(line) == "\r\n":
			return octets, nil
		}
	}
}

type solvedRequest struct {
	method, target, version string
	fields                  []field
}

func (req *solvedRequest) read(r *bufio.Reader) error {
	head, err := solvedHead(r)
	if err != nil {
		return err
	}
	line, rest, _ := strings.Cut(string(head), "\n")
	req.method, req.target, req.version, err = solvedRequestLine([]byte(line + "\n"))
	if err == nil {
		req.fields, err = solvedFields([]byte(rest))
	}
	if err != nil {
		err = fmt.Errorf("%w: %w", errMalformed, err)
	}
	return err
}

// valueOf returns the value of a field, and how many fields have that name.
func valueOf(fields []field, name string) (value string, n int) {
	for _, f := range fields {
		if strings.EqualFold(f.Name, name) {
			value, n = f.Value, n+1
		}
	}
	return value, n
}

// page chooses the response to a request.
func (req *solvedRequest) page(pages map[string]string) (code int, reason, body string) {
	page, ok := pages[req.target]
	switch {
	case req.method != "GET" && req.method != "HEAD":
		return 501, "Not Implemented", "only GET\n"
	case !ok:
		return 404, "Not Found", "not here\n"
	}
	return 200, "OK", page
}

func solvedAccept(listener net.Listener, pages map[string]string) error {
	for {
		c, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer c.Close()
			var req solvedRequest
			err := req.read(bufio.NewReader(c))
			code, reason, body := 400, "Bad Request", "what?\n"
			if err == nil {
				code, reason, body = req.page(pages)
			} else if !errors.Is(err, errMalformed) {
				return
			}
			octets, _ := solvedResponse(code, reason, nil, []byte(body))
			c.Write(octets)
		}()
	}
}

func solvedKeepAlive(listener net.Listener, pages map[string]string) error {
	for {
		c, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer c.Close()
			r := bufio.NewReader(c)
			for solvedTurn(c, r, pages) {
			}
		}()
	}
}

// solvedTurn reads one request, responds, and reports whether the connection stays open.
func solvedTurn(c net.Conn, r *bufio.Reader, pages map[string]string) bool {
	var req solvedRequest
	err := req.read(r)
	length, lengths := valueOf(req.fields, "Content-Length")
	_, codings := valueOf(req.fields, "Transfer-Encoding")
	switch {
	case err != nil:
	case lengths > 1 || codings > 0:
		err = errMalformed
	case lengths == 1:
		if _, bad := solvedBody(r, length); bad != nil {
			err = errMalformed
		}
	}
	if err != nil && !errors.Is(err, errMalformed) {
		return false
	}
	if err != nil {
		octets, _ := solvedResponse(400, "Bad Request", nil, nil)
		c.Write(octets)
		return false
	}
	code, reason, body := req.page(pages)
	option, _ := valueOf(req.fields, "Connection")
	stays := strings.EqualFold(option, "keep-alive") ||
		req.version == "HTTP/1.1" && !strings.EqualFold(option, "close")
	var fields []field
	if stays {
		fields = []field{{"Connection", "keep-alive"}}
	}
	octets, _ := solvedResponse(code, reason, fields, []byte(body))
	if req.method == "HEAD" {
		octets = octets[:len(octets)-len(body)]
	}
	_, err = c.Write(octets)
	return stays && err == nil
}

func solvedClient(addr, target string) (code int, body []byte, err error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, nil, err
	}
	defer c.Close()
	return solvedExchange(solvedConn{c}, addr, target)
}

// A solvedConn gives up when nothing has come for a second.
type solvedConn struct{ net.Conn }

func (c solvedConn) Read(b []byte) (int, error) {
	c.SetReadDeadline(time.Now().Add(time.Second))
	return c.Conn.Read(b)
}

// solvedExchange sends a request and reads the response.
func solvedExchange(c net.Conn, addr, target string) (code int, body []byte, err error) {
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", target, addr)
	r := bufio.NewReader(c)
	for code < 200 {
		head, err := solvedHead(r)
		if err != nil {
			return 0, nil, err
		}
		line, rest, _ := strings.Cut(string(head), "\n")
		if _, code, _, err = solvedStatusLine([]byte(line + "\n")); err != nil {
			return 0, nil, err
		}
		fields, err := solvedFields([]byte(rest))
		if err != nil {
			return 0, nil, err
		}
		if body, err = solvedBodyOf(r, code, fields); err != nil {
			return 0, nil, err
		}
	}
	return code, body, nil
}

// solvedBodyOf reads the body of a response.
func solvedBodyOf(r *bufio.Reader, code int, fields []field) ([]byte, error) {
	length, lengths := valueOf(fields, "Content-Length")
	coding, codings := valueOf(fields, "Transfer-Encoding")
	switch {
	case lengths+codings > 1:
		return nil, errors.New("the response says twice where its body ends")
	case code < 200 || code == 204 || code == 304:
		return nil, nil
	case lengths == 1:
		return solvedBody(r, length)
	case codings == 1 && strings.EqualFold(coding, "chunked"):
		return sizedChunks(hexadecimal)(r)
	case codings == 1:
		return nil, errors.New("a coding that I do not know: " + strconv.Quote(coding))
	}
	return io.ReadAll(r)
}

package etcd

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/stream"
)

const (
	maxIdle     = 64       // connections that wait for a request, for each endpoint
	maxResponse = 64 << 20 // octets of a body
)

// An endpoint is a node of the cluster, with the connections to it that wait for a request.
type endpoint struct {
	addr string
	tls  *tls.Config // nil means no TLS

	mu   sync.Mutex
	idle []*conn // the last one was used last
}

// A conn is a connection to a node.
type conn struct {
	net.Conn
	in     *stream.Reader
	out    []byte
	resp   httpwire.Response
	reused bool
}

// open returns a connection: an idle one, or else a new one.
func (e *endpoint) open(deadline time.Time) (*conn, error) {
	e.mu.Lock()
	if last := len(e.idle) - 1; last >= 0 {
		c := e.idle[last]
		e.idle = e.idle[:last]
		e.mu.Unlock()
		c.reused = true
		return c, nil
	}
	e.mu.Unlock()
	return e.dial(deadline)
}

func (e *endpoint) dial(deadline time.Time) (*conn, error) {
	dialer := &net.Dialer{Deadline: deadline}
	var c net.Conn
	var err error
	if e.tls != nil {
		c, err = tls.DialWithDialer(dialer, "tcp", e.addr, e.tls)
	} else {
		c, err = dialer.Dial("tcp", e.addr)
	}
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, in: stream.NewReader(c)}, nil
}

// keep puts a connection into the pool.
func (e *endpoint) keep(c *conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.idle) == maxIdle {
		c.Close()
		return
	}
	e.idle = append(e.idle, c)
}

// closeIdle closes the connections in the pool. When one of them has failed, the others probably
// lead to the same dead process.
func (e *endpoint) closeIdle() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range e.idle {
		c.Close()
	}
	e.idle = nil
}

var post = []byte("POST")

// send sends a POST request. An empty token is not sent.
func (c *conn) send(host, token, path string, body []byte) error {
	c.resp.Code = 0 // until a response has arrived
	req := httpwire.Request{Body: body}
	req.Method, req.Target = post, []byte(path)
	req.Fields = req.Fields.
		Add([]byte("Host"), []byte(host)).
		Add([]byte("Connection"), []byte("keep-alive")).
		Add([]byte("Content-Type"), []byte("application/json")).
		Add([]byte("Content-Length"), strconv.AppendInt(nil, int64(len(body)), 10))
	if token != "" {
		req.Fields = req.Fields.Add([]byte("Authorization"), []byte(token))
	}
	var err error
	if c.out, err = httpwire.AppendRequest(c.out[:0], &req); err != nil {
		return err
	}
	_, err = c.Write(c.out)
	return err
}

// head reads the head of the response, and returns the length of its body: UntilClose if the close
// marks its end.
func (c *conn) head() (length int64, err error) {
	if err := c.in.Wait(); err != nil {
		return 0, err
	}
	if err := c.in.ResponseHead(&c.resp); err != nil {
		return 0, err
	}
	length, err = c.resp.BodyLength(post)
	switch {
	case err != nil:
	case length == httpwire.Chunked:
		err = errors.New("the body of the response is chunked, which a response to HTTP/1.0 must not be")
	case length > maxResponse:
		err = fmt.Errorf("the body of the response has %d octets; at most %d are read", length, int64(maxResponse))
	}
	return length, err
}

// body reads a body, and reports whether the connection can be used again. The octets are valid
// until then.
func (c *conn) body(length int64) (octets []byte, again bool, err error) {
	if length == httpwire.UntilClose {
		octets, err = io.ReadAll(io.LimitReader(c.rest(), maxResponse))
		return octets, false, err
	}
	octets, err = c.in.Body(length)
	again = err == nil && c.resp.Fields.Has("Connection", "keep-alive") &&
		len(c.in.Buffered()) == 0 // octets after the body belong to no request
	return octets, again, err
}

// rest returns what follows the head, until the connection is closed.
func (c *conn) rest() io.Reader {
	return io.MultiReader(bytes.NewReader(c.in.Buffered()), c.Conn)
}

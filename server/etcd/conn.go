package etcd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

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
	idle chan *conn
}

// keep puts a connection into the pool.
func (e *endpoint) keep(k *conn) {
	select {
	case e.idle <- k:
	default:
		k.Close()
	}
}

// closeIdle closes the connections in the pool. When one of them has failed, the others probably
// lead to the same dead process.
func (e *endpoint) closeIdle() {
	for {
		select {
		case k := <-e.idle:
			k.Close()
		default:
			return
		}
	}
}

// failed returns an error that says which node has failed, and how.
func (e *endpoint) failed(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s closed the connection before all of its response had come: %w", e.addr, err)
	}
	return fmt.Errorf("%s: %w", e.addr, err)
}

// A conn is a connection to a node.
type conn struct {
	net.Conn
	in   *stream.Reader
	resp httpwire.Response
}

func (c *client) newConn(ctx context.Context, e *endpoint) (*conn, error) {
	k, err := c.dial(ctx, "tcp", e.addr)
	if err != nil {
		return nil, err
	}
	c.stats.dials.Add(1)
	return &conn{Conn: k, in: stream.NewReader(k)}, nil
}

// exchange sends a request, reads the response and decodes it. The error is a *refusal if the response
// is not 200. Again reports whether the connection can be used again.
func (k *conn) exchange(host, token, path string, body []byte, response any) (again bool, err error) {
	f, err := k.begin(host, token, path, body)
	if err != nil {
		return false, err
	}
	var octets []byte
	if f.Ending == httpwire.EndsWhenClosed {
		octets, err = io.ReadAll(io.LimitReader(k.in, maxResponse))
	} else {
		octets, err = k.in.Body(f.Length)
		again = k.resp.Fields.Has("Connection", "keep-alive") &&
			len(k.in.Buffered()) == 0 // octets after the body belong to no request
	}
	if err != nil {
		return false, err
	}
	if k.resp.Code == 200 {
		if err := json.Unmarshal(octets, response); err != nil {
			return false, fmt.Errorf("the response is not one of etcd: %w. %s", err, rightPort)
		}
		return again, nil
	}
	r := &refusal{Status: k.resp.Code}
	if json.Unmarshal(octets, r) != nil {
		r.Message = strings.TrimSpace(string(octets[:min(len(octets), 200)]))
	}
	return again, r
}

var post = []byte("POST")

// begin sends a POST request and reads the head of the response. It returns where the body ends. An
// empty token is not sent.
func (k *conn) begin(host, token, path string, body []byte) (f httpwire.Framing, err error) {
	k.resp.Code = 0 // until a response has arrived
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
	octets, err := httpwire.AppendRequest(nil, &req)
	if err != nil {
		return f, err
	}
	k.Write(octets) // even if writing fails, the node may have responded; if not, reading fails too
	if err := k.in.ResponseHead(&k.resp); err != nil {
		return f, err
	}
	f, err = k.resp.Framing(post)
	switch {
	case f.Ending == httpwire.EndsAfterChunks:
		err = errors.New("the body of the response is chunked, which a response to HTTP/1.0 must not be")
	case f.Length > maxResponse:
		err = fmt.Errorf("the body of the response has %d octets; at most %d are read", f.Length, int64(maxResponse))
	}
	return f, err
}

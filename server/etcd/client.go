package etcd

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rawhttp/server/metrics"
)

var (
	// ErrUnavailable means that no node responds. Nothing was changed, and nothing will be.
	ErrUnavailable = errors.New("no node of etcd responds")
	// ErrUnknown means that a change was sent, and no response says what became of it.
	ErrUnknown = errors.New("no node of etcd says what became of the change")
	// ErrNeedsUser means that etcd asks for a user and a password.
	ErrNeedsUser = errors.New("etcd asks for a user and a password")
	// ErrNoSpace means that etcd has reached its quota. Nothing was changed.
	ErrNoSpace = errors.New("etcd has reached its quota of space")
)

// timeouts limit a call.
type timeouts struct {
	attempt, total time.Duration
}

var (
	usual = timeouts{time.Second, 6 * time.Second}
	short = timeouts{time.Second, 2 * time.Second}       // to find out whether the cluster responds
	long  = timeouts{10 * time.Second, 60 * time.Second} // for large pages of rows
)

// A client sends requests to the nodes of a cluster.
type client struct {
	endpoints []*endpoint
	current   atomic.Uint32 // the index of the endpoint that the next attempt goes to
	user      *User         // nil if etcd asks for no password
	stats     stats

	tokenMu sync.Mutex
	token   string // of the user; empty if the next request must ask for one
	login   *login // the one that asks for it now; nil if there is none
}

// stats count attempts and their failures.
type stats struct {
	dials, attempts, failures, unavailable, unknown atomic.Int64
	responses                                       metrics.Histogram // the time until each arrived
}

// AppendMetrics appends counters in the text format of Prometheus.
func (t *Table) AppendMetrics(dst []byte) []byte {
	s := &t.client.stats
	number := func(name, help string, n *atomic.Int64) {
		dst = metrics.AppendNumber(dst, "rawhttp_etcd_"+name, help, n.Load())
	}
	number("connections_total", "Connections made to etcd.", &s.dials)
	number("attempts_total", "Requests sent to etcd, each attempt counted.", &s.attempts)
	number("failed_attempts_total", "Attempts without a response that decides.", &s.failures)
	number("unavailable_total", "Calls that failed because no node responded.", &s.unavailable)
	number("unknown_total", "Calls whose outcome is not known.", &s.unknown)
	return s.responses.Append(dst, "rawhttp_etcd_response_seconds", "Time until etcd responded.")
}

func newClient(addrs []string, config *tls.Config, user *User) *client {
	c := &client{user: user}
	for _, addr := range addrs {
		c.endpoints = append(c.endpoints, &endpoint{addr: addr, tls: config})
	}
	return c
}

func (c *client) closeIdle() {
	for _, e := range c.endpoints {
		e.closeIdle()
	}
}

// An outcome is what one attempt has led to. The state machine is in the documentation of the
// package.
type outcome uint8

const (
	notSent   outcome = iota // no octet has left this machine
	unclear                  // the node may have done what the request says
	succeeded                // the node has done it
	refused                  // the node will never do it
)

// call sends a request until a node responds, and decodes the response. InDoubt reports that the
// outcome of some attempt is not known. That is never so if the request only reads, or asks for a token.
// The error is ErrUnavailable, ErrUnknown or a *refusal.
//
// A request that changes something must be one that can be sent twice.
func (c *client) call(path string, request, response any, limit timeouts) (inDoubt bool, err error) {
	body, err := json.Marshal(request)
	if err != nil {
		return false, err
	}
	end := time.Now().Add(limit.total)
	var cause error
	for try := 0; time.Now().Before(end); try++ {
		token, err := c.authorize(path)
		if err != nil {
			return c.failed(inDoubt, err)
		}
		at := c.current.Load()
		e := c.endpoints[at%uint32(len(c.endpoints))]
		deadline := time.Now().Add(limit.attempt)
		if deadline.After(end) {
			deadline = end
		}
		result, stale, err := c.attempt(e, token, path, body, response, deadline)
		r, ok := errors.AsType[*refusal](err)
		switch {
		case result == succeeded:
			return inDoubt, nil
		case token != "" && ok && r.wantsToken():
			c.forget(token)
		case result == refused:
			return c.failed(inDoubt, err)
		}
		if cause == nil || !isTimeout(err) { // an earlier error says more than a node that is silent
			cause = err
		}
		inDoubt = inDoubt || result == unclear && path != rangePath && path != authPath
		if stale {
			continue // at the same endpoint, on a new connection
		}
		c.current.CompareAndSwap(at, at+1)
		if round := (try + 1) / len(c.endpoints); (try+1)%len(c.endpoints) == 0 {
			time.Sleep(min(25*time.Millisecond<<min(round, 4), time.Until(end)))
		}
	}
	if !inDoubt {
		c.stats.unavailable.Add(1)
		cause = fmt.Errorf("%w: %w", ErrUnavailable, cause)
	}
	return c.failed(inDoubt, cause)
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// failed returns what call returns after its last attempt: if an earlier one is in doubt, its
// outcome is not known.
func (c *client) failed(inDoubt bool, err error) (bool, error) {
	if inDoubt {
		c.stats.unknown.Add(1)
		err = fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return inDoubt, err
}

// attempt makes one attempt at an endpoint, and decodes the response. The error says why the attempt has
// not succeeded. Stale reports that the node had closed an idle connection.
func (c *client) attempt(
	e *endpoint, token, path string, body []byte, response any, deadline time.Time,
) (result outcome, stale bool, err error) {
	c.stats.attempts.Add(1)
	k, err := e.open(deadline)
	if err != nil {
		c.stats.failures.Add(1)
		return notSent, false, err
	}
	if !k.reused {
		c.stats.dials.Add(1)
	}
	began := time.Now()
	result, again, err := k.exchange(e.addr, token, path, body, response, deadline)
	if k.resp.Code != 0 {
		c.stats.responses.Observe(1, time.Since(began))
	}
	stale = k.reused && result == unclear && k.resp.Code == 0 && !isTimeout(err)
	if again {
		e.keep(k) // from now on it is another goroutine's
	} else {
		k.Close()
	}
	if result == unclear {
		e.closeIdle()
		c.stats.failures.Add(1)
	}
	return result, stale, err
}

// exchange sends a request, reads the response and decodes it. Again reports whether the connection
// can be used again.
func (k *conn) exchange(
	host, token, path string, body []byte, response any, deadline time.Time,
) (result outcome, again bool, err error) {
	k.SetDeadline(deadline)
	if err := k.send(host, token, path, body); err != nil {
		return unclear, false, err // the node may have got all of it
	}
	length, err := k.head()
	if err != nil {
		return unclear, false, err
	}
	octets, again, err := k.body(length)
	if err != nil {
		return unclear, false, err
	}
	if k.resp.Code != 200 {
		r := &refusal{Status: k.resp.Code}
		if json.Unmarshal(octets, r) != nil {
			r.Message = strings.TrimSpace(string(octets[:min(len(octets), 200)]))
		}
		if r.final() {
			return refused, again, r
		}
		return unclear, again, r
	}
	if err := json.Unmarshal(octets, response); err != nil { // the body was cut off
		return unclear, false, err
	}
	return succeeded, again, nil
}

// final reports whether the node has refused the request and will never do what it says. Of all
// other errors of the gateway, such as a timeout inside the cluster, that is not certain.
func (r *refusal) final() bool {
	switch r.Code {
	case codeInvalid, codeNotFound, codeDenied, codeExhausted, codeFailedPrecondition, codeOutOfRange,
		codeUnauthenticated:
		return r.Status < 500
	}
	return r.Status == 404
}

func (r *refusal) Error() string {
	return fmt.Sprintf("etcd responds %d: %s (gRPC code %d)", r.Status, r.Message, r.Code)
}

// Is reports whether the refusal means ErrNeedsUser.
func (r *refusal) Is(target error) bool {
	return target == ErrNeedsUser && r.Code == codeInvalid && strings.Contains(r.Message, "user name is empty")
}

// asChange returns the error of a change that a refusal means.
func (r *refusal) asChange() error {
	if r.Code == codeExhausted && strings.Contains(r.Message, "space") {
		return fmt.Errorf("%w: %w", ErrNoSpace, r)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, r)
}

package etcd

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"rawhttp/server/metrics"
)

var (
	// ErrUnavailable means that no node responds. Nothing was changed, and nothing will be.
	ErrUnavailable = errors.New("no node of etcd responds")
	// ErrRefused means that etcd refuses the change, as from a user who may not write. Nothing was changed.
	ErrRefused = errors.New("etcd has not made the change")
	// ErrUnknown means that a change was sent, and no response says what became of it.
	ErrUnknown = errors.New("no node of etcd says what became of the change")
	// ErrNeedsUser means that etcd asks for a user and a password.
	ErrNeedsUser = errors.New("etcd asks for a user and a password")
	// ErrWrongUser means that etcd has no such user, has no users at all, or does not give this user the permission.
	ErrWrongUser = errors.New("etcd refuses the user")
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
	dial      func(ctx context.Context, network, addr string) (net.Conn, error)
	endpoints []*endpoint
	current   atomic.Uint32 // the index of the endpoint that the next attempt goes to
	stats     stats

	ctx    context.Context // of all calls
	cancel context.CancelFunc

	user  *User         // nil if etcd asks for no password
	token atomic.Value  // of the user, a string; empty if the next request must ask for one
	login chan struct{} // has an element while a call asks for a token
}

func newClient(addrs []string, config *tls.Config, user *User) *client {
	c := &client{dial: new(net.Dialer).DialContext, user: user, login: make(chan struct{}, 1)}
	if config != nil {
		c.dial = (&tls.Dialer{Config: config}).DialContext
	}
	for _, addr := range addrs {
		c.endpoints = append(c.endpoints, &endpoint{addr, make(chan *conn, maxIdle)})
	}
	c.token.Store("")
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

// endpoint returns the endpoint with an index. An index after the last endpoint counts from the first
// one again.
func (c *client) endpoint(at uint32) *endpoint {
	return c.endpoints[at%uint32(len(c.endpoints))]
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

// An outcome is what one attempt has led to. The state machine is in the documentation of the
// package.
type outcome uint8

const (
	notMade   outcome = iota // the node has not done what the request says, and will not
	unclear                  // the node may have done it
	succeeded                // the node has done it
	refused                  // the node will never do it
)

// call sends a request until a node responds, and decodes the response. If it succeeds, inDoubt reports that an
// earlier attempt may have succeeded too. The error is ErrUnavailable or a *refusal. If the outcome of some
// attempt is not known, it is ErrUnknown too. A request that only reads is never in doubt.
//
// A request that changes something must be one that can be sent twice.
func (c *client) call(path string, request, response any, limit timeouts) (inDoubt bool, err error) {
	body, _ := json.Marshal(request) // no request of this package can fail
	ctx, cancel := context.WithTimeout(c.ctx, limit.total)
	defer cancel()
	var cause error
	for try := 1; ctx.Err() == nil; try++ {
		at := c.current.Load()
		result, err := c.attempt(ctx, limit.attempt, c.endpoint(at), path, body, response)
		switch result {
		case succeeded:
			return inDoubt, nil
		case refused:
			return false, c.failed(inDoubt, err)
		case unclear:
			inDoubt = path != rangePath
		}
		if cause == nil || !isTimeout(err) { // an earlier error says more than a time-out
			cause = err
		}
		c.current.CompareAndSwap(at, at+1)
		if round := try / len(c.endpoints); try%len(c.endpoints) == 0 {
			pause(ctx, 25*time.Millisecond<<min(round, 4))
		}
	}
	cause = cmp.Or(cause, ctx.Err())
	if !inDoubt {
		c.stats.unavailable.Add(1)
		cause = fmt.Errorf("%w: %w", ErrUnavailable, cause)
	}
	return false, c.failed(inDoubt, cause)
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// pause waits for some time, but not longer than until ctx is done.
func pause(ctx context.Context, wait time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(wait):
	}
}

// failed returns the error of a call that has failed. inDoubt means that the outcome of an attempt is not known.
func (c *client) failed(inDoubt bool, err error) error {
	if inDoubt {
		c.stats.unknown.Add(1)
		err = fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return err
}

// attempt makes one attempt at an endpoint, with a token if the client has a user. The error says why it
// has not succeeded.
func (c *client) attempt(
	ctx context.Context, limit time.Duration, e *endpoint, path string, body []byte, response any,
) (outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	token, err := c.authorize(ctx, e)
	if isFinal(err) {
		return refused, err
	}
	if err != nil {
		return notMade, err
	}
	result, err := c.send(ctx, e, token, path, body, response)
	if r, ok := errors.AsType[*refusal](err); ok && token != "" && r.wantsToken() {
		c.forget(token) // the next attempt has a new one
		return notMade, err
	}
	return result, err
}

// send sends a request to an endpoint, and decodes the response.
func (c *client) send(
	ctx context.Context, e *endpoint, token, path string, body []byte, response any,
) (outcome, error) {
	c.stats.attempts.Add(1)
	var k *conn
	select {
	case k = <-e.idle:
	default:
		var err error
		if k, err = c.newConn(ctx, e); err != nil {
			c.stats.failures.Add(1)
			return notMade, e.failed(err)
		}
	}
	began := time.Now()
	stop := context.AfterFunc(ctx, func() { k.SetDeadline(longAgo) })
	again, err := k.exchange(e.addr, token, path, body, response)
	if k.resp.Code != 0 {
		c.stats.responses.Observe(1, time.Since(began))
	}
	if stop() && again {
		e.keep(k) // from now on another goroutine may use it
	} else {
		k.Close()
	}
	switch {
	case err == nil:
		return succeeded, nil
	case isFinal(err):
		return refused, err
	}
	c.stats.failures.Add(1)
	e.closeIdle()
	return unclear, e.failed(err) // the node may have got all of it, even if not all could be written
}

// longAgo is a deadline that ends every wait on a connection.
var longAgo = time.Unix(1, 0)

// isFinal reports whether a node has refused a request and will never do what it says. After any other
// error of the gateway, such as a timeout inside the cluster, that is not certain.
func isFinal(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	if !ok {
		return false
	}
	switch r.Code {
	case codeInvalid, codeNotFound, codeDenied, codeExhausted, codeFailedPrecondition, codeOutOfRange,
		codeUnauthenticated:
		return r.Status < 500
	}
	return r.Status == 404
}

// rightPort says what to do if a program other than the gateway responds.
const rightPort = "Give the port of etcd for clients, which is 2379 unless etcd was started with another one"

func (r *refusal) Error() string {
	if r.Code == 0 { // the gateway says why in each refusal
		return fmt.Sprintf("the response %d is not one of etcd: %q. %s", r.Status, r.Message, rightPort)
	}
	return fmt.Sprintf("etcd responds %d: %s (gRPC code %d)", r.Status, r.Message, r.Code)
}

// Is reports whether the refusal means ErrNeedsUser, ErrWrongUser or ErrNoSpace. A response that is not one of
// etcd means none of them, whatever words are in it.
func (r *refusal) Is(target error) bool {
	if r.Code == 0 {
		return false
	}
	switch target {
	case ErrNeedsUser:
		return strings.Contains(r.Message, "user name is empty")
	case ErrWrongUser:
		return r.Code == codeDenied || strings.Contains(r.Message, "authentication")
	case ErrNoSpace:
		return strings.Contains(r.Message, "space exceeded")
	}
	return false
}

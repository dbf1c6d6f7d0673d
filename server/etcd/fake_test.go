package etcd

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// fakeTable returns a table whose only node is the function serve. Each connection is a pipe, so that the
// time of a test is that of synctest. It is closed when serve returns.
func fakeTable(user *User, serve func(net.Conn)) *Table {
	table := newTable(Options{Endpoints: []string{"node"}, User: user, Clock: time.Now, Apply: func(Update) {}})
	table.client.dial = func(context.Context, string, string) (net.Conn, error) {
		own, other := net.Pipe()
		go func() {
			defer other.Close()
			serve(other)
		}()
		return own, nil
	}
	return table
}

// readRequest reads a request, and returns its path.
func readRequest(c net.Conn) (path string) {
	path, _ = readWhole(c)
	return path
}

// readWhole reads a request, and returns its path and what follows the first line.
func readWhole(c net.Conn) (path, rest string) {
	r := bufio.NewReader(c)
	line, _ := r.ReadString('\n')
	rest, _ = r.ReadString('}')
	path, _, _ = strings.Cut(strings.TrimPrefix(line, "POST "), " ")
	return path, rest
}

// silent reads what comes, and never responds.
func silent(c net.Conn) { io.Copy(io.Discard, c) }

// get reads the key last as Ping does, with a limit.
func (t *Table) get(limit timeouts) (inDoubt bool, err error) {
	return t.client.call(rangePath, &rangeRequest{Key: t.lastKey()}, new(rangeResponse), limit)
}

// Without a connection nothing was sent, and nothing can have changed.
func TestNoNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := fakeTable(nil, silent)
		var dials []time.Time
		table.client.dial = func(context.Context, string, string) (net.Conn, error) {
			dials = append(dials, time.Now())
			return nil, io.EOF
		}
		table.client.endpoints = append(table.client.endpoints, table.client.endpoints...)
		table.client.current.Store(1<<31 + 1) // as an int of 32 bits, this is negative
		for _, change := range []func() error{table.Ping, func() error { return table.remove(1, 1) }} {
			if err := change(); !errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnknown) || errors.Is(err, ErrRefused) {
				t.Error(err)
			}
		}
		if !dials[1].Equal(dials[0]) || !dials[2].After(dials[1]) {
			t.Error("a pause follows not each round, but: ", dials[:3])
		}
	})
}

// If every response is lost, the outcome is not known, and the caller is told so when its time is over.
func TestUnknownOutcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := fakeTable(nil, func(c net.Conn) { readRequest(c) })
		began := time.Now()
		_, err := table.Change(4, []byte("b"), missing, AnyVersion)
		if took := time.Since(began); !errors.Is(err, ErrUnknown) || took != usual.total {
			t.Errorf("after %v: %v", took, err)
		}
		if _, err := table.Get(4); !errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnknown) {
			t.Errorf("a request that only reads: %v", err)
		}
		if text := string(table.AppendMetrics(nil)); !strings.Contains(text, "rawhttp_etcd_response_seconds_count 0\n") {
			t.Errorf("a lost response is counted:\n%s", text)
		}
	})
}

// A user who may not write learns that when the table is opened, even if etcd has no space.
// Versions of etcd before 3.6 check no permission as long as they have no space.
func TestMayWrite(t *testing.T) {
	for _, last := range []string{`{"kvs":[{"key":"","value":""}]}`, "{}"} { // of a table that exists, and of a new one
		synctest.Test(t, func(t *testing.T) {
			table := fakeTable(nil, func(c net.Conn) {
				switch path, rest := readWhole(c); {
				case path == rangePath:
					io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\n"+last)
				case strings.Contains(rest, "request_delete_range"):
					io.WriteString(c, "HTTP/1.0 403 Forbidden\r\n\r\n{\"code\":7}")
				default:
					io.WriteString(c, "HTTP/1.0 429 No\r\n\r\n"+`{"code":8,"message":"etcdserver: mvcc: database space exceeded"}`)
				}
			})
			if err := table.createTable(); !errors.Is(err, ErrWrongUser) {
				t.Errorf("last %s: %v", last, err)
			}
		})
	}
}

// A change that got no response, and then meets a node without its lease, may have been made. A change
// that meets such a node first was not. It is tried once more.
func TestNoLease(t *testing.T) {
	for lost, want := range map[int32]error{0: ErrRefused, 1: ErrUnknown} {
		synctest.Test(t, func(t *testing.T) {
			var changes atomic.Int32
			table := fakeTable(nil, func(c net.Conn) {
				if readRequest(c) != txnPath {
					io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\n{\"ID\":\"7\"}")
				} else if changes.Add(1) > lost {
					io.WriteString(c, "HTTP/1.0 404 Not Found\r\n\r\n{\"code\":5}")
				}
			})
			err := table.remove(3, 1)
			if !errors.Is(err, want) || errors.Is(err, ErrUnknown) != (want == ErrUnknown) || changes.Load() != 2 {
				t.Errorf("%d responses lost: %v after %d attempts, want %v after 2", lost, err, changes.Load(), want)
			}
		})
	}
}

// What becomes of a change, whatever a node responds to its requests. The response "" is lost.
func TestOutcomes(t *testing.T) {
	found := func(value string) string { // a key and its value
		return fmt.Sprintf(`{"response_range":{"kvs":[{"value":%q,"mod_revision":"7"}]}}`,
			base64.StdEncoding.EncodeToString([]byte(value)))
	}
	ok := func(json string) string { return "200 OK\r\n\r\n" + json }
	failure := func(results ...string) string { return ok(`{"responses":[` + strings.Join(results, ",") + "]}") }
	const (
		none    = `{"response_range":{}}`
		denied  = "403 No\r\n\r\n" + `{"code":7}`
		noSpace = "429 No\r\n\r\n" + `{"code":8,"message":"etcdserver: mvcc: database space exceeded"}`
		noLease = "404 No\r\n\r\n" + `{"code":5}`
		receipt = `{"kvs":[{"mod_revision":"7"}]}`
	)
	done := ok(`{"header":{"revision":"9"},"succeeded":true}`)
	for name, tt := range map[string]struct {
		responses []string
		version   uint64
		want      error
	}{
		"made":                          {[]string{done}, 9, nil},
		"a row is there":                {[]string{failure(found("row"), none)}, 0, ErrExists},
		"the table has another version": {[]string{failure(none, none)}, 0, ErrChanged},
		"made by an earlier attempt":    {[]string{"", failure(found("row"), found(made))}, 7, nil},
		"cancelled":                     {[]string{"", failure(found("row"), none), done}, 0, ErrExists},
		"made before it was cancelled":  {[]string{"", failure(found("row"), none), failure(found(made))}, 7, nil},
		"cancelled twice":               {[]string{"", failure(none, none), "", failure(found(cancelled))}, 0, ErrChanged},
		"not cancelled":                 {[]string{"", failure(none, none), denied}, 0, ErrUnknown},
		"refused":                       {[]string{denied}, 0, ErrRefused},
		"refused later":                 {[]string{"", denied}, 0, ErrUnknown},
		"no lease":                      {[]string{noLease, ok(`{"ID":"7"}`), done}, 9, nil},
		"no new lease":                  {[]string{noLease, denied}, 0, ErrRefused},
		"no space":                      {[]string{noSpace, ok("{}")}, 0, ErrNoSpace},
		"no space, and made":            {[]string{noSpace, ok(receipt)}, 7, nil},
		"no space, and no answer":       {[]string{noSpace, denied}, 0, ErrUnknown},
	} {
		synctest.Test(t, func(t *testing.T) {
			left := tt.responses
			table := fakeTable(nil, func(c net.Conn) {
				readRequest(c)
				if len(left) == 0 {
					t.Errorf("%s: more than %d requests", name, len(tt.responses))
					return
				}
				response := left[0]
				if left = left[1:]; response != "" {
					io.WriteString(c, "HTTP/1.0 "+response)
				}
			})
			version, err := table.Change(3, []byte("a"), missing, 5)
			for _, known := range []error{ErrExists, ErrChanged, ErrUnavailable, ErrRefused, ErrUnknown, ErrNoSpace} {
				if errors.Is(err, known) != (known == tt.want) {
					t.Errorf("%s: %v, want %v", name, err, tt.want)
				}
			}
			if version != tt.version || len(left) > 0 {
				t.Errorf("%s: version %d, want %d; %d responses left", name, version, tt.version, len(left))
			}
		})
	}
}

// A connection is used again if the node says so, and if the body of the response has the length that was
// announced.
func TestUsedAgain(t *testing.T) {
	for response, dials := range map[string]int64{
		"Connection: keep-alive\r\nContent-Length: 2\r\n\r\n{}":  1,
		"Content-Length: 2\r\n\r\n{}":                            2,
		"Connection: keep-alive\r\nContent-Length: 2\r\n\r\n{}x": 2,
	} {
		synctest.Test(t, func(t *testing.T) {
			table := fakeTable(nil, func(c net.Conn) {
				for readRequest(c) != "" {
					io.WriteString(c, "HTTP/1.0 200 OK\r\n"+response)
				}
			})
			for range 2 {
				if _, err := table.get(usual); err != nil {
					t.Error(err)
				}
			}
			if s := &table.client.stats; s.dials.Load() != dials || s.attempts.Load() != 2 {
				t.Errorf("%q: %d connections, want %d; %d attempts", response, s.dials.Load(), dials, s.attempts.Load())
			}
			if text := string(table.AppendMetrics(nil)); !strings.Contains(text, "rawhttp_etcd_response_seconds_count 2\n") {
				t.Errorf("want 2 responses:\n%s", text)
			}
			table.Close()
		})
	}
}

// A key is that of a row only if this package writes it so.
func TestRowID(t *testing.T) {
	table := newTable(Options{Prefix: "p/"})
	for key, want := range map[string]bool{"p/a/0000000000000003": true, "p/a/3": false, "p/a/+000000000000003": false,
		"p/a/xxxxxxxxxxxxxxxx": false, "p/last": false} {
		if id, ok := table.rowID([]byte(key)); ok != want || ok && id != 3 {
			t.Errorf("%s: %d, %v", key, id, ok)
		}
	}
}

// A server that starts while no node responds has changed nothing, and the error says so.
func TestOpenFindsNoNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := fakeTable(nil, silent)
		err := table.createTable()
		if !errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), "timeout") {
			t.Error(err)
		}
	})
}

// A response that no node sends is an error that says what it is.
func TestStrangeResponses(t *testing.T) {
	for response, want := range map[string]string{
		"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n":  "is chunked, which a response to HTTP/1.0 must not be",
		"200 OK\r\nContent-Length: 99999999999\r\n\r\n": "has 99999999999 octets; at most 67108864 are read",
		"200 OK\r\nContent-Length: 5\r\n\r\n{}":         ": node closed the connection before all of its response had come: unexpected EOF",
		"200 OK\r\n\r\n<p>":                             "is not one of etcd: invalid character '<'",
		"404 No\r\n\r\n404 \x1b[7m\n":                   `the response 404 is not one of etcd: "404 \x1b[7m". Give the port`,
		"400 No\r\n\r\n{\"title\":\"Bad\"}":             `the response 400 is not one of etcd: "". Give the port`,
		"401 No\r\n\r\nauthentication required":         `is not one of etcd: "authentication required"`,
		"401 No\r\n\r\n{\"code\":7,\"message\":\"m\"}":  "etcd responds 401: m (gRPC code 7)",
	} {
		synctest.Test(t, func(t *testing.T) {
			table := fakeTable(nil, func(c net.Conn) {
				readRequest(c)
				io.WriteString(c, "HTTP/1.1 "+response)
			})
			err := table.Ping()
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v, want %q", response, err, want)
			}
			if errors.Is(err, ErrWrongUser) != strings.Contains(want, "code 7") {
				t.Errorf("%q: errors.Is reports whether etcd refuses the user: %t", response, errors.Is(err, ErrWrongUser))
			}
		})
	}
}

// If a node says once what is wrong and is silent before or after that, the error is what it has said.
func TestSilentAfterError(t *testing.T) {
	for _, wrong := range []int32{1, 2} {
		synctest.Test(t, func(t *testing.T) {
			var conns atomic.Int32
			table := fakeTable(nil, func(c net.Conn) {
				if conns.Add(1) != wrong {
					silent(c)
				}
				readRequest(c)
				io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
			})
			if _, err := table.get(usual); err == nil || !strings.Contains(err.Error(), "is chunked") || conns.Load() < 3 {
				t.Errorf("after %d connections, %d of them wrong: %v", conns.Load(), wrong, err)
			}
		})
	}
}

// A connection that is refused says more than a node that was silent, although both are errors of the network.
func TestRefusedAfterSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := fakeTable(nil, silent)
		dial := table.client.dial
		table.client.dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if table.client.stats.attempts.Load() > 1 {
				return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
			}
			return dial(ctx, network, addr)
		}
		if err := table.Ping(); err == nil || !strings.Contains(err.Error(), "connection refused") {
			t.Error(err)
		}
	})
}

// A password that a node refuses is not sent again.
func TestWrongPassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := fakeTable(&User{"root", "wrong"}, func(c net.Conn) {
			readRequest(c)
			io.WriteString(c, "HTTP/1.0 400 No\r\n\r\n{\"code\":3,\"message\":\"invalid user ID or password\"}")
		})
		err := table.Ping()
		if err == nil || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrNeedsUser) || table.client.stats.attempts.Load() != 1 {
			t.Errorf("after %d attempts: %v", table.client.stats.attempts.Load(), err)
		}
	})
}

// A client that has no token is refused at once if the gateway, or a program before it, asks for one.
func TestTokenWithoutUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := fakeTable(nil, func(c net.Conn) {
			readRequest(c)
			io.WriteString(c, "HTTP/1.0 401 No\r\n\r\n{\"code\":16}")
		})
		if err := table.Ping(); err == nil || errors.Is(err, ErrUnavailable) {
			t.Errorf("Ping: %v", err)
		}
		if err := table.remove(3, 1); !errors.Is(err, ErrRefused) || table.client.stats.attempts.Load() != 2 {
			t.Errorf("a change: %v after %d attempts", err, table.client.stats.attempts.Load())
		}
	})
}

// The client asks for a token once, without one, and again when a node does not accept it any more.
func TestNewToken(t *testing.T) {
	for _, refusal := range []string{`{"code":16}`, `{"code":3,"message":"etcdserver: revision of auth store is old"}`} {
		synctest.Test(t, func(t *testing.T) {
			var logins atomic.Int32
			table := fakeTable(&User{"root", "secret"}, func(c net.Conn) {
				switch path, rest := readWhole(c); {
				case path == authPath && strings.Contains(rest, "Authorization"):
					t.Error("a token is sent to get one")
				case path == authPath:
					fmt.Fprintf(c, "HTTP/1.0 200 OK\r\n\r\n{\"token\":\"t%d\"}", logins.Add(1))
				case strings.Contains(rest, "Authorization: t1\r\n"):
					io.WriteString(c, "HTTP/1.0 400 No\r\n\r\n"+refusal)
				default:
					respondLast(c)
				}
			})
			for range 2 {
				if _, err := table.get(usual); err != nil || logins.Load() != 2 {
					t.Errorf("%s: %v after %d logins", refusal, err, logins.Load())
				}
			}
		})
	}
}

// While no node responds to a request for a token, each call ends after its own time, however many wait.
// Nothing was sent without a token, so the error is ErrUnavailable.
func TestNoToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := fakeTable(&User{"root", "secret"}, silent)
		var calls sync.WaitGroup
		for i := range 20 {
			limit := usual
			if i%2 == 0 {
				limit = short
			}
			calls.Go(func() {
				began := time.Now()
				inDoubt, err := table.client.call(txnPath, &txnRequest{}, new(txnResponse), limit)
				if inDoubt || !errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnknown) {
					t.Errorf("in doubt %v, %v", inDoubt, err)
				}
				if took := time.Since(began); took > limit.total {
					t.Errorf("a call that has %v took %v", limit.total, took)
				}
			})
		}
		calls.Wait()
	})
}

// A call that has a token does not wait for a call that asks for one.
func TestTokenNeedsNoTurn(t *testing.T) {
	c := newClient([]string{"node"}, nil, &User{"root", "secret"})
	c.login <- struct{}{} // another call asks for a token
	c.token.Store("t")
	ctx, end := context.WithCancel(t.Context())
	end()
	if token, err := c.authorize(ctx, c.endpoint(0)); token != "t" || err != nil {
		t.Errorf("%q, %v", token, err)
	}
}

// A node that gives a token late, or an error at first, does not make a call fail that still has time.
func TestLateToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		table := fakeTable(&User{"root", "secret"}, func(c net.Conn) {
			switch path := readRequest(c); {
			case path != authPath:
				respondLast(c)
			case time.Since(began) < short.total:
				io.WriteString(c, "HTTP/1.0 503 No leader\r\n\r\n")
			default:
				io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\n{\"token\":\"t\"}")
			}
		})
		if _, err := table.get(usual); err != nil {
			t.Error(err)
		}
	})
}

// Close does not wait for calls that go on. They fail at once, and say whether they have sent something.
func TestCloseCancelsCalls(t *testing.T) {
	for _, user := range []*User{nil, {"root", "secret"}} {
		synctest.Test(t, func(t *testing.T) {
			table := fakeTable(user, silent)
			table.running.Go(table.renewLease)
			table.running.Go(table.follow)
			var calls sync.WaitGroup
			call := func(unknown bool, do func() error) {
				calls.Go(func() {
					err := do()
					if errors.Is(err, ErrUnknown) != unknown || errors.Is(err, ErrUnavailable) == unknown {
						t.Error(err)
					}
				})
			}
			time.Sleep(renewTime - usual.attempt/2)
			call(false, table.Ping)
			call(false, table.Sync)
			call(user == nil, func() error { return table.remove(3, 1) })
			time.Sleep(usual.attempt) // the lease is being renewed, too
			began := time.Now()
			table.Close()
			calls.Wait()
			if took := time.Since(began); took > 0 {
				t.Errorf("Close and the calls took %v", took)
			}
			if err := table.Ping(); !errors.Is(err, ErrUnavailable) {
				t.Errorf("after Close: %v", err)
			}
		})
	}
}

// lastAt returns the key last of a version of the table, in JSON.
func lastAt(version int) string {
	return fmt.Sprintf(`{"key":"bGFzdA==","mod_revision":"%d"}`, version)
}

// respondLastAt responds to a request for the key last.
func respondLastAt(c net.Conn, version int) {
	io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\n{\"kvs\":["+lastAt(version)+"]}")
}

func respondLast(c net.Conn) { respondLastAt(c, 10) }

// If etcd has an older version of the table than Apply has had, or another one of that number, Sync does
// not say that Apply has had every change. A caller would compare versions that are never the same. Ping
// says that the table cannot serve. That stays so when etcd has a newer version again: it has not told all
// changes since.
func TestAfterRestore(t *testing.T) {
	for _, tt := range []struct {
		applied  uint64 // the version that Apply has had
		modified time.Time
		respond  func(net.Conn)
		want     error
	}{
		{10, time.Time{}, respondLast, nil},
		{10, time.Unix(1, 0), respondLast, errLost},
		{11, time.Time{}, respondLast, errLost},
		{11, time.Time{}, func(c net.Conn) { io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\n{}") }, errLost}, // without the key last
	} {
		synctest.Test(t, func(t *testing.T) {
			table := fakeTable(nil, func(c net.Conn) {
				readRequest(c)
				tt.respond(c)
			})
			table.version, table.modified = tt.applied, tt.modified
			if err, err2 := table.Sync(), table.Ping(); err != tt.want || err2 != tt.want {
				t.Errorf("Apply has had version %d: %v, %v, want %v", tt.applied, err, err2, tt.want)
			}
			table.version, table.modified = 0, time.Unix(2, 0)
			if err := table.Ping(); err != tt.want {
				t.Errorf("later: %v, want %v", err, tt.want)
			}
		})
	}
}

// The time of the last change does not go back when the clocks of the servers differ.
func TestClockBehind(t *testing.T) {
	now := time.Date(1994, 11, 6, 8, 49, 37, 0, time.UTC)
	table := newTable(Options{Clock: func() time.Time { return now }})
	for _, last := range []time.Time{{}, now.Add(-time.Second), now.Add(time.Second)} {
		table.modified = last
		want := now
		if last.After(now) {
			want = last
		}
		if got := readTime(table.putLast().Put.Value); !got.Equal(want) {
			t.Errorf("after a change at %v: %v, want %v", last, got, want)
		}
	}
}

// A compaction can make etcd forget the revision that the first page of rows was read at. Then all rows are
// read again, as they are now. After another refusal they are not.
func TestForgottenWhileLoading(t *testing.T) {
	for _, tt := range []struct {
		forgotten, code, first int
		want                   string
	}{{0, 0, 1, "[1 2]"}, {2, 11, 3, "[1 2]"}, {3, 11, 3, "[]"}, {1, 7, 1, "[]"}} {
		synctest.Test(t, func(t *testing.T) {
			var rows []int64
			first, left, second := 0, tt.forgotten, rowAt(2)
			table := fakeTable(nil, func(c net.Conn) {
				switch _, rest := readWhole(c); {
				case !strings.Contains(rest, "range_end"):
					if !strings.Contains(rest, fmt.Sprintf(`"revision":"%d"`, 10*first)) {
						t.Errorf("the last change is not read at the revision of the first page: %s", rest)
					}
					respondLast(c)
				case !strings.Contains(rest, "revision"):
					first++
					fmt.Fprintf(c, "HTTP/1.0 200 OK\r\n\r\n"+`{"header":{"revision":"%d"},"kvs":[%s,{"key":"YS8z"}],"more":true}`, // and a/3, of another program
						10*first, rowAt(1))
				case left > 0:
					left--
					fmt.Fprintf(c, "HTTP/1.0 400 No\r\n\r\n"+`{"code":%d}`, tt.code)
				case strings.Contains(rest, fmt.Sprintf(`"revision":"%d"`, 10*first)):
					io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\n"+`{"header":{"revision":"99"},"kvs":[`+second+`],"more":true}`)
					second = "" // after that the node says that there is more, and has nothing
				}
			})
			table.o.Apply = func(u Update) {
				for _, row := range u.Rows {
					rows = append(rows, row.ID)
				}
			}
			err := table.load()
			if fmt.Sprint(rows) != tt.want || (err == nil) != (rows != nil) || first != tt.first {
				t.Errorf("code %d, %d times: rows %v, want %s; %v; read %d times", tt.code, tt.forgotten, rows, tt.want, err, first)
			}
			table.Close()
		})
	}
}

// A report of a watch has changes of rows and of the table, or says why it ends. Other keys are ignored.
func TestReport(t *testing.T) {
	event := func(kind, key string) string {
		return fmt.Sprintf(`{"type":%q,"kv":{"key":%q,"value":"eA==","mod_revision":"9"}}`, kind,
			base64.StdEncoding.EncodeToString([]byte(key)))
	}
	const row = "a/0000000000000003"
	for report, want := range map[string]string{
		`{"error":{"message":"no leader"}}`:                        "no leader",
		`{"result":{"canceled":true}}`:                             "etcd has ended the watch",
		`{"result":{"canceled":true,"compact_revision":"9"}}`:      errCompacted.Error(),
		`{"result":{"events":[` + event("", row) + `]}}`:           "4 [{3 [120] 9}]",
		`{"result":{"events":[` + event("DELETE", row) + `]}}`:     "4 [{3 [] 9}]",
		`{"result":{"events":[` + event("", "last") + `]}}`:        "9 []",
		`{"result":{"events":[` + event("", "a/3") + `]}}`:         "4 []",
		`{"result":{"events":[` + event("DELETE", "b") + `]}}`:     "4 []",
		`{"result":{"events":[{"kv":{}},` + event("", row) + `]}}`: "4 [{3 [120] 9}]",
	} {
		var got string
		table := newTable(Options{Apply: func(u Update) { got = fmt.Sprint(u.Version, u.Rows) }})
		table.version = 4
		var r watchResponse
		if err := json.Unmarshal([]byte(report), &r); err != nil {
			t.Fatal(err)
		}
		if err := table.report(&r); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", report, got, want)
		}
	}
}

// rowAt returns a row in JSON.
func rowAt(id int64) string {
	return fmt.Sprintf(`{"key":%q,"mod_revision":"5"}`, base64.StdEncoding.EncodeToString(new(Table).rowKey(id)))
}

// Many calls of Sync, which begin at different times, give a new watch the time to respond. If the cluster is
// slow to say what the table was before, the watch does not count as silent.
func TestSilentWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var watches atomic.Int32
		table := fakeTable(nil, func(c net.Conn) {
			switch path, rest := readWhole(c); {
			case path == rangePath && strings.Contains(rest, `"revision":"9"`):
				time.Sleep(usual.attempt * 3 / 4)
				respondLastAt(c, 9)
				return
			case path == rangePath:
				respondLast(c)
				return
			}
			time.Sleep(usual.attempt / 2)
			io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\n")
			if watches.Add(1) > 1 { // the first one is silent
				time.Sleep(usual.attempt / 2)
				io.WriteString(c, `{"result":{"events":[{"kv":`+lastAt(10)+`}]}}`)
			}
			silent(c)
		})
		table.seen, table.version = 9, 9
		table.running.Go(table.follow)
		var syncs sync.WaitGroup
		for i := range 50 {
			syncs.Go(func() {
				time.Sleep(time.Duration(i) * usual.attempt / 50) // they begin at different times
				if err := table.Sync(); err != nil {
					t.Error(err)
				}
			})
		}
		syncs.Wait()
		if watches.Load() != 2 {
			t.Errorf("%d watches", watches.Load())
		}
		table.Close()
	})
}

// Sync ends after its time, even if changes come that are older than those that it waits for.
func TestLateWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := fakeTable(nil, func(c net.Conn) {
			readRequest(c)
			respondLast(c)
		})
		defer table.Close()
		table.running.Go(func() {
			for range 30 {
				time.Sleep(usual.attempt / 2)
				table.applyUpdate(Update{Version: 9})
			}
		})
		began := time.Now()
		err := table.Sync()
		if took := time.Since(began); !errors.Is(err, ErrUnavailable) || took != usual.total {
			t.Errorf("after %v: %v, want ErrUnavailable", took, err)
		}
	})
}

// While no node lets a table follow its changes, the table does not ask more and more: etcd may have to
// check a password each time. After a watch that has lasted, the next one follows at once. After changes were
// lost, no watch follows.
func TestWatchRefused(t *testing.T) {
	const empty, canceled = `{"result":{}}`, `{"result":{"canceled":true}}`
	for _, tt := range []struct {
		lasts                   time.Duration
		report                  string
		version                 uint64 // that Apply has had
		watches, dials, applied int64
	}{
		{0, "", 10, 15, 15, 0},                         // 6 in the first second
		{time.Minute, canceled, 10, 15, 30, 0},         // and 15 requests for the key last
		{1100 * time.Millisecond, empty, 10, 9, 18, 9}, // a watch that lasts
		{time.Second, empty, 11, 1, 2, 0},              // etcd has an older version at the revision that was seen,
		{time.Second, empty, 9, 1, 2, 0},               // or a newer one
	} {
		synctest.Test(t, func(t *testing.T) {
			var watches, applied atomic.Int64
			table := fakeTable(nil, func(c net.Conn) {
				if readRequest(c) != watchPath {
					respondLast(c)
					return
				}
				watches.Add(1)
				if tt.lasts > 0 {
					io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\n"+tt.report)
					c.SetReadDeadline(time.Now().Add(tt.lasts))
					silent(c)
				}
			})
			table.o.Apply = func(Update) { applied.Add(1) }
			table.seen, table.version = 10, tt.version
			table.running.Go(table.follow)
			time.Sleep(10 * time.Second)
			table.Close()
			dials := table.client.stats.dials.Load()
			if watches.Load() != tt.watches || dials != tt.dials || applied.Load() != tt.applied {
				t.Errorf("%d watches, %d connections, %d updates, want %+v", watches.Load(), dials, applied.Load(), tt)
			}
		})
	}
}

// The watch that does not begin in its time is given up, and another one is tried.
func TestWatchDoesNotBegin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var watches atomic.Int32
		table := fakeTable(nil, func(c net.Conn) {
			watches.Add(1)
			silent(c)
		})
		table.running.Go(table.follow)
		time.Sleep(3 * usual.attempt)
		table.Close()
		if watches.Load() != 3 {
			t.Errorf("%d watches", watches.Load())
		}
	})
}

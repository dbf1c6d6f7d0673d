package addressbook

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// A failing store is a memory whose reads fail if read is an error, and whose changes fail with write.
type failing struct {
	*memory
	read, write error
}

func (f failing) get(id int64) (*entry, error) {
	if f.read != nil {
		return nil, f.read
	}
	return f.memory.get(id)
}

func (f failing) list() (*list, error) {
	if f.read != nil {
		return nil, f.read
	}
	return f.memory.list()
}

func (f failing) change(int64, *address, *entry, uint64) (*entry, error) { return nil, f.write }

// Every request gets a response that is true when the store fails, and that the table has. Only an
// error that says so means that nothing was changed.
func TestStoreFails(t *testing.T) {
	strange := errors.New("strange")
	wrapped := func(err error) error { return fmt.Errorf("store: %w", err) }
	changes := []string{postJSON(valid), with("PUT", base+"/1", noIDThere),
		with("PUT", base+"/7", noIDThere), bare("DELETE", base+"/1")}
	reads := []string{get(base), get(base + "?limit=1"), get(base + "/1"), get(base + "/7"),
		with("PUT", base+"/1", noIDThere), bare("DELETE", base+"/1"),
		post(valid, "Content-Type: application/json", "If-Match: *")}
	for _, tt := range []struct {
		name        string
		read, write error
		requests    []string
		code        int
		says        string
	}{
		{"a read", strange, nil, reads, 503, "nothing was changed"},
		{"not reached", nil, wrapped(errUnavailable), changes, 503, "nothing was changed"},
		{"no outcome", nil, strange, changes, 504, "has not said what became of the change: it may " +
			"have been made, or may still be made. GET the address before"},
		{"no space", nil, wrapped(errNoSpace), changes, 507, "no space left, and nothing was changed"},
		{"full", nil, wrapped(errFull), changes, 507, "-max"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMemory(time.Now, 10)
			add(t, m, firstAddresses[0])
			b := serviceOf(failing{m, tt.read, tt.write})
			if _, _, err := b.Size(); err != tt.read {
				t.Errorf("Size: %v", err)
			}
			for _, octets := range tt.requests {
				told := error(nil)
				b.failed = func(err error) { told = err }
				resp := send(t, b, octets)
				if want := cmp.Or(tt.read, tt.write); told != want && tt.name != "full" || told != nil && tt.name == "full" {
					t.Errorf("%q: Failed is told %v", octets, told)
				}
				if resp.Code != tt.code || !strings.Contains(string(resp.Body), tt.says) ||
					(field(resp, "Retry-After") == "1") != (tt.code == 503) {
					t.Errorf("%q: %d, Retry-After %q, %s", octets, resp.Code,
						field(resp, "Retry-After"), resp.Body)
				}
				row := b.Row(request(t, octets))
				if !slices.ContainsFunc(row.Responses, func(r rest.Response) bool { return r.Code == tt.code }) {
					t.Errorf("the row %s %s has no %d", row.Method, row.Path, tt.code)
				}
			}
		})
	}
}

// The head of a PUT is refused before the body arrives if the store fails.
func TestHeadOfPutFails(t *testing.T) {
	b := serviceOf(failing{read: errors.New("strange")})
	req, resp := request(t, with("PUT", base+"/1", noIDThere, "If-Match: *")), new(httpwire.Response)
	if b.headOfPut(1, req, resp) || resp.Code != 503 {
		t.Errorf("code %d", resp.Code)
	}
}

// The preconditions of a POST are about the list. So its head is refused before the body arrives.
func TestHeadOfPost(t *testing.T) {
	b := serveStore(t, newMemory(time.Now, 10))
	for field, code := range map[string]int{`If-Match: "x"`: 412, "If-Match: *": 0} {
		req, resp := request(t, with("POST", base, valid, field)), new(httpwire.Response)
		if ok := b.headOfPost(0, req, resp); ok != (code == 0) || resp.Code != code {
			t.Errorf("%s: %t, code %d", field, ok, resp.Code)
		}
	}
}

// An overtaken store is a memory whose first change fails with an error of a change that was not made.
type overtaken struct {
	*memory
	first error
}

func (o *overtaken) change(id int64, a *address, old *entry, listVersion uint64) (e *entry, err error) {
	if err, o.first = o.first, nil; err != nil {
		return nil, err
	}
	return o.memory.change(id, a, old, listVersion)
}

// A request that another one has overtaken is tried again.
func TestOvertaken(t *testing.T) {
	for _, tt := range []struct {
		request string
		first   error
		code    int
	}{
		{post(valid, "Content-Type: application/json", "If-Match: *"), errChanged, 201},
		{with("PUT", base+"/1", noIDThere), errChanged, 200},
		{with("PUT", base+"/7", noIDThere), errExists, 201},
		{bare("DELETE", base+"/1"), errChanged, 204},
	} {
		b := serveStore(t, newMemory(time.Now, 10))
		b.store = &overtaken{b.store.(*memory), fmt.Errorf("store: %w", tt.first)}
		if got := send(t, b, tt.request).Code; got != tt.code {
			t.Errorf("%q: %d, want %d", tt.request, got, tt.code)
		}
	}
}

// A busy store is a memory that another client changes after each list that it returns, if it can.
type busy struct {
	*memory
	lists int
}

func (s *busy) list() (*list, error) {
	l, err := s.memory.list()
	if s.lists++; s.lists < 100 && s.whole.TryRLock() {
		s.whole.RUnlock()
		s.change(int64(10+s.lists), &address{ID: int64(10 + s.lists)}, nil, anyVersion)
	}
	return l, err
}

// A POST with preconditions, which are about the list, succeeds although others change the list all the time. If
// the store cannot keep the others out, the POST fails after some tries.
func TestBusyList(t *testing.T) {
	request := post(valid, "Content-Type: application/json", "If-Match: *")
	s := &busy{memory: newMemory(time.Now, 200)}
	if code := send(t, serviceOf(s), request).Code; code != 201 || s.lists != 1 {
		t.Errorf("got %d, after %d lists", code, s.lists)
	}
	b := serviceOf(failing{newMemory(time.Now, 10), nil, errChanged})
	if resp := send(t, b, request); resp.Code != 503 || !strings.Contains(detail(resp), "nothing was changed") {
		t.Errorf("got %d: %s", resp.Code, detail(resp))
	}
}

// A slow store is a memory that needs a second for each change. It works for some changes, and then it needs a
// minute to refuse one.
type slow struct {
	*memory
	works   int32
	changes atomic.Int32
}

func (s *slow) change(id int64, a *address, old *entry, listVersion uint64) (*entry, error) {
	if s.changes.Add(1) > s.works {
		time.Sleep(time.Minute)
		return nil, errUnavailable
	}
	time.Sleep(time.Second)
	return s.memory.change(id, a, old, listVersion)
}

// Clients that replace the same address at the same time take turns, so each of them tries twice at most. If the
// store fails meanwhile, none waits long for the others.
func TestTurns(t *testing.T) {
	const clients = 5
	for _, tt := range []struct {
		works, changes int32
		succeed        int32
		takes          time.Duration
	}{
		{100, 2*clients - 1, clients, clients * time.Second},
		{clients, 2*clients - 1, 1, time.Minute + 10*time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &slow{memory: newMemory(time.Now, 10), works: tt.works}
			add(t, s.memory, firstAddresses[0])
			b, began := serviceOf(s), time.Now()
			var succeeded atomic.Int32
			var all sync.WaitGroup
			for range clients {
				all.Go(func() {
					switch code := send(t, b, with("PUT", base+"/1", noIDThere)).Code; code {
					case 200:
						succeeded.Add(1)
					case 503:
					default:
						t.Errorf("got %d", code)
					}
				})
			}
			all.Wait()
			took := time.Since(began)
			if s.changes.Load() != tt.changes || succeeded.Load() != tt.succeed || took > tt.takes {
				t.Errorf("%d changes, %d succeeded, in %v; want %+v", s.changes.Load(), succeeded.Load(), took, tt)
			}
		})
	}
}

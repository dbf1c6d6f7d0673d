package addressbook

import (
	"fmt"
	"runtime"
	"testing"

	"rawhttp/examples/ratio"
	"rawhttp/httpwire"
)

// filled returns a book with the addresses 1 to n.
func filled(t testing.TB, n int) *service {
	t.Helper()
	b := serve(t, Options{BaseURL: "http://localhost:12345", Max: n + 1})
	for id := int64(3); id <= int64(n); id++ {
		add(t, b.store, someAddress(id))
	}
	return b
}

func someAddress(id int64) address {
	return address{ID: id, Line1: "Some Street", Line2: "Python City", Number: id, PostCode: "PY13 5PY"}
}

// forget deletes the address that was created last, so that the next round begins with the same
// book.
func forget(t testing.TB, b *service, id int64) {
	if _, err := b.store.change(id, nil, find(t, b.store, id), anyVersion); err != nil {
		t.Fatal(err)
	}
}

// octetsOf returns the representation of a list.
func octetsOf(l *list) []byte {
	return (&httpwire.Response{Parts: l.whole()}).AppendBody(nil)
}

func add(t testing.TB, s store, a address) {
	t.Helper()
	if _, err := s.change(a.ID, &a, nil, anyVersion); err != nil {
		t.Fatal(err)
	}
}

// call returns a function that sends a request, with storage that is reused as on a connection.
func call(t testing.TB, b *service, octets string, code int) func() {
	req, resp := request(t, octets), &httpwire.Response{Fields: make(httpwire.Fields, 0, 8)}
	return func() {
		*resp = httpwire.Response{Fields: resp.Fields[:0]}
		b.Handle(req, resp)
		if resp.Code != code {
			t.Fatalf("code %d, want %d: %s", resp.Code, code, resp.Body)
		}
	}
}

func TestNoAllocs(t *testing.T) {
	b := filled(t, 1000)
	for _, request := range []string{get("/"), get(base), get(base + "/1"), get(base + "/999?x=1"),
		bare("HEAD", base), bare("OPTIONS", base)} {
		response := call(t, b, request, 200)
		if n := testing.AllocsPerRun(100, response); n != 0 {
			t.Errorf("%q: %v allocations", request, n)
		}
	}
}

// allocated returns how many octets of memory a function allocates each time.
func allocated(f func()) uint64 {
	const calls = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range calls {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / calls
}

// Creating an address allocates no more in a large book than in a small one. So it neither encodes
// nor copies the other addresses.
func TestPostDoesNotTouchTheOthers(t *testing.T) {
	const id, limit = 1 << 30, 16 << 10
	addresses := 5_000
	if testing.Short() {
		addresses = 1_500
	}
	b := filled(t, addresses)
	create := call(t, b, postJSON(fmt.Sprintf(`{"ID":%d,"number":5,"post_code":"x"}`, id)), 201)
	each := allocated(func() {
		create()
		forget(t, b, id)
	})
	if each > limit {
		t.Errorf("%d octets for each POST, want at most %d", each, limit)
	}
}

// A page of the list, and a HEAD of it, allocate no more than the digest and the fields,
// however many addresses there are.
func TestNothingIsJoined(t *testing.T) {
	const limit = 4 << 10
	b := filled(t, 5_000)
	for _, request := range []string{get(base + "?limit=9999"), bare("HEAD", base+"?limit=9999"),
		get(base + "?post_code=PY13+5PY"), get(base + "?offset=1")} {
		if each := allocated(call(t, b, request, 200)); each > limit {
			t.Errorf("%q: %d octets for each, want at most %d", request, each, limit)
		}
	}
}

// Compare get and post at 100,000 addresses with those at 2.
func BenchmarkBook(b *testing.B) {
	const id = 1 << 30
	fresh := postJSON(fmt.Sprintf(`{"ID":%d,"number":5,"post_code":"x"}`, id))
	for _, n := range []int{2, 1000, 100_000} {
		book := filled(b, n)
		list := call(b, book, get(base), 200)
		one := call(b, book, get(fmt.Sprint(base, "/", n)), 200)
		create := call(b, book, fresh, 201)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					f()
				}
			})
		}
		run("list", list)
		run("get", one)
		run("post", func() {
			create()
			forget(b, book, id)
		})
		run("list-after-post", func() {
			create()
			list()
			forget(b, book, id)
		})
	}
}

// BenchmarkRatioBook compares a book of 100,000 addresses with a book of 2: x-large is the ratio of
// the times.
func BenchmarkRatioBook(b *testing.B) {
	const id, each = 1 << 30, 100
	fresh := postJSON(fmt.Sprintf(`{"ID":%d,"number":5,"post_code":"x"}`, id))
	small, large := filled(b, 2), filled(b, 100_000)
	posts := func(book *service) func() {
		create := call(b, book, fresh, 201)
		return func() {
			for range each {
				create()
				forget(b, book, id)
			}
		}
	}
	gets := func(book *service, id int) func() {
		one := call(b, book, get(fmt.Sprint(base, "/", id)), 200)
		return func() {
			for range each {
				one()
			}
		}
	}
	b.Run("get", func(b *testing.B) {
		ratio.Report(b, each, "x-large", gets(small, 2), gets(large, 100_000))
	})
	b.Run("post", func(b *testing.B) {
		ratio.Report(b, each, "x-large", posts(small), posts(large))
	})
}

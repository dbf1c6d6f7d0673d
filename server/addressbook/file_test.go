package addressbook

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"rawhttp/examples/foreign"
	"rawhttp/server/etcd"
	"rawhttp/server/journal"
)

// If onFile is set, the tests keep their books in files.
var onFile bool

// What holds for a book in memory holds for a book in a file.
func TestOnFile(t *testing.T) {
	foreign.Short(t)
	testStore(t, func(t *testing.T) store {
		f, _, err := openFile(filepath.Join(t.TempDir(), "book"), newMemory(time.Now, 1<<20), nil,
			func(err error) { t.Error(err) })
		if err != nil {
			t.Fatal(err)
		}
		return f
	})
	onFile = true
	defer func() { onFile = false }()
	for name, test := range map[string]func(*testing.T){
		"Responses": TestResponses, "Post": TestPost, "Changes": TestChanges, "Pages": TestPages,
		"EditorsLoseNothing": TestEditorsLoseNothing, "ListHasOneWinner": TestListHasOneWinner,
		"EmptyBook": TestEmptyBook, "PutIsSeen": TestPutIsSeen,
	} {
		t.Run(name, test)
	}
}

// openBook opens a book in a file, which is closed when the test ends.
func openBook(t *testing.T, name string, o Options) *service {
	t.Helper()
	o.File = name
	return serve(t, o)
}

// After each of many changes, a book that is opened again has the same addresses, octet for octet,
// with the same ETags and dates.
func TestReopen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "book")
	random := rand.New(rand.NewPCG(1, 2))
	b := openBook(t, name, Options{})
	for i := range share(b.store, 300) {
		id := random.IntN(8) + 1
		switch body := fmt.Sprintf(`{"number":%d,"post_code":"é\n\u2028 <&>"}`, i); random.IntN(3) {
		case 0:
			send(t, b, bare("DELETE", fmt.Sprint(base, "/", id)))
		default:
			send(t, b, with("PUT", fmt.Sprint(base, "/", id), body))
		}
		if i%10 != 0 {
			continue
		}
		b.Close()
		again := openBook(t, name, Options{})
		for id := range int64(9) {
			was, is := find(t, b.store, id), find(t, again.store, id)
			if (was == nil) != (is == nil) {
				t.Fatalf("change %d: address %d is %v, was %v", i, id, is, was)
			}
			if was != nil && (!bytes.Equal(was.Octets(), is.Octets()) || was.digest != is.digest ||
				!was.State().Modified.Equal(is.State().Modified)) {
				t.Fatalf("change %d: address %d is %s, was %s", i, id, is.Octets(), was.Octets())
			}
		}
		was, is := listOf(t, b.store), listOf(t, again.store)
		if !bytes.Equal(octetsOf(was), octetsOf(is)) ||
			string(was.whole().State().ETag) != string(is.whole().State().ETag) {
			t.Fatalf("change %d: the list is %s, was %s", i, octetsOf(is), octetsOf(was))
		}
		b = again
	}
}

// The addresses of the start are those of a new book only. A book of more than -max addresses opens
// whole and takes no more.
func TestStartOfFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "book")
	count := func(b *service) int { return len(idsOf(t, octetsOf(listOf(t, b.store)))) }
	b := openBook(t, name, Options{})
	if got := b.Notices(); count(b) != 2 || len(got) != 1 || !strings.Contains(got[0], "has 2 addresses") {
		t.Errorf("a new book: %q", got)
	}
	send(t, b, bare("DELETE", base+"/1"))
	text := string(b.AppendMetrics(nil))
	for _, want := range []string{"\nrawhttp_book_bytes ", "rawhttp_book_records 3\n", "rawhttp_book_failed_changes_total 0\n",
		"rawhttp_book_change_seconds_count 1\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in the metrics:\n%s", want, text)
		}
	}
	b.Close()
	if b.Ping() == nil { // Failed is nil
		t.Error("Ping of a closed book returns no error")
	}
	if f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0); err != nil {
		t.Fatal(err)
	} else {
		f.WriteString("batch 9")
		f.Close()
	}
	b = openBook(t, name, Options{Empty: true})
	if got := b.Notices(); count(b) != 1 || len(got) != 2 || !strings.Contains(got[0], "has 1 address.") ||
		!strings.Contains(got[1], "7 octets") {
		t.Errorf("with -empty: %q", got)
	}
	add(t, b.store, address{ID: 7})
	b.Close()
	b = openBook(t, name, Options{Max: 1})
	if got := b.Notices(); count(b) != 2 || len(got) != 2 || !strings.Contains(got[1], "more than -max 1") {
		t.Errorf("with -max 1: %q", got)
	}
	for request, code := range map[string]int{with("PUT", base+"/9", sameAddress.Example): 507,
		with("PUT", base+"/7", sameAddress.Example): 200} {
		if got := send(t, b, request).Code; got != code {
			t.Errorf("%q: %d, want %d", request, got, code)
		}
	}
	if b := openBook(t, filepath.Join(dir, "empty"), Options{Empty: true}); count(b) != 0 {
		t.Error("a new book with -empty is not empty")
	}
}

// writeJournal writes a file with one batch.
func writeJournal(t *testing.T, name, records string, count int) {
	t.Helper()
	sum := crc32.Checksum([]byte(records), crc32.MakeTable(crc32.Castagnoli))
	text := fmt.Sprintf("journal 1\nbatch %d %d %08x\n%s", len(records), count, sum, records)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A person who looks into the file finds the text of an address as it was sent.
func TestRecord(t *testing.T) {
	const want = `,"line_1":"<Näh & Söhne>",`
	if got := record(3, &address{ID: 3, Line1: "<Näh & Söhne>"}, time.Now()); !strings.Contains(string(got), want) {
		t.Errorf("%s is not in %s", want, got)
	}
}

// A compaction is reported only if it fails: it is the first to see damage, and without it the file grows.
func TestCompactionFails(t *testing.T) {
	name := filepath.Join(t.TempDir(), "book")
	const record = `put 1 2026-11-26T08:49:37Z {"ID":1,"number":1,"post_code":""}` + "\n"
	replaceTwice := func(b *service) {
		for range 2 {
			if code := send(t, b, with("PUT", base+"/1", sameAddress.Example)).Code; code != 200 {
				t.Error(code)
			}
		}
	}
	writeJournal(t, name, strings.Repeat(record, 1000), 1000)
	b := openBook(t, name, Options{Failed: func(err error) { t.Error(err) }})
	replaceTwice(b)
	for strings.Contains(string(b.AppendMetrics(nil)), "rawhttp_book_records 100") { // until it is compacted
		runtime.Gosched()
	}
	b.Close()
	writeJournal(t, name, strings.Repeat(record, 1000), 1000)
	failed := make(chan error, 1)
	b = openBook(t, name, Options{Failed: func(err error) { failed <- err }})
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err == nil {
		_, err = f.WriteAt([]byte("x"), 100)
		f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	replaceTwice(b)
	err = <-failed
	if want := "book could not be compacted: at offset 10: the records"; !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// A file that is not a book, or that another program has open, is refused with its name.
func TestNotABook(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"hello, this is a letter\n":               "letter",
		"journal 1\nbatch 6 1 86cae046\nput 1 \n": "",
	} {
		name := filepath.Join(dir, "letter")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := New(Options{File: name}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
		if got, _ := os.ReadFile(name); string(got) != text {
			t.Errorf("the file was changed: %q", got)
		}
	}
	name := filepath.Join(dir, "journal")
	writeJournal(t, name, "letter\n", 1)
	const want = `in the batch at offset 10: "letter": not a record of an address book`
	if _, err := New(Options{File: name}); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	f := &file{memory: newMemory(time.Now, 10)}
	for _, record := range []string{"put 1", "put 1 2026-11-26T08:49:37Z", "put 1 2026-11-26T08:49:37Z {}",
		`add 1 2026-11-26T08:49:37Z {"ID":1,"number":1,"post_code":""}`, "del x 2026-11-26T08:49:37Z", "del 1 yesterday", "del 1 2026-11-26T08:49:37Z {}",
		`put 1 2026-11-26T08:49:37Z {"ID":2,"number":1,"post_code":""}`,
		`put 1 2026-11-26T08:49:37Z {"ID":1,"number":1,"post_code":1}`} {
		if _, err := f.decode([]byte(record)); err == nil || !strings.Contains(err.Error(), "address book") {
			t.Errorf("%q: %v", record, err)
		}
	}
}

// The errors of the journal and of etcd become those of a store. The error for an unknown outcome stays as it is.
func TestDiskFails(t *testing.T) {
	for _, tt := range []struct{ err, want error }{
		{fmt.Errorf("a reason: %w", journal.ErrNoSpace), errNoSpace},
		{fmt.Errorf("a reason: %w", journal.ErrStopped), errUnavailable},
		{journal.ErrClosed, errUnavailable},
		{journal.ErrUnknown, journal.ErrUnknown},
		{fmt.Errorf("%w: a reason", etcd.ErrRefused), errUnavailable},
		{fmt.Errorf("%w: %w", etcd.ErrUnknown, etcd.ErrUnavailable), etcd.ErrUnknown},
		{fmt.Errorf("%w: %w", etcd.ErrUnavailable, etcd.ErrNoSpace), errNoSpace},
	} {
		got := translate(tt.err)
		if !errors.Is(got, tt.want) || errors.Is(got, errUnavailable) != (tt.want == errUnavailable) ||
			errors.Is(got, errNoSpace) != (tt.want == errNoSpace) {
			t.Errorf("%v is %v", tt.err, got)
		}
	}
	told, failed := 0, error(nil)
	b := openBook(t, filepath.Join(t.TempDir(), "book"), Options{Failed: func(err error) { told, failed = told+1, err }})
	if err := b.Ping(); err != nil || told != 0 {
		t.Errorf("Ping: %v, and Failed is told %v", err, failed)
	}
	b.Close()
	for request, code := range map[string]int{postJSON(newAddress.Example): 503,
		with("PUT", base+"/1", sameAddress.Example): 503, bare("DELETE", base+"/1"): 503, get(base + "/1"): 200} {
		if got := send(t, b, request).Code; got != code {
			t.Errorf("%q: %d, want %d", request, got, code)
		}
	}
	if text := string(b.AppendMetrics(nil)); !strings.Contains(text, "rawhttp_book_failed_changes_total 3\n") {
		t.Errorf("three changes have failed:\n%s", text)
	}
	if err := b.Ping(); err == nil || failed != err {
		t.Errorf("Ping of a closed book: %v, and Failed is told %v", err, failed)
	}
}

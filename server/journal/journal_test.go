package journal

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/bits"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/examples/foreign"
)

// A table is what a caller keeps in memory. Its records are "put KEY VALUE" and "del KEY".
type table map[string]string

// decode is the Decoder of the table.
func (m table) decode(record []byte) (func(), error) {
	word, rest, _ := strings.Cut(string(record), " ")
	key, value, _ := strings.Cut(rest, " ")
	switch word {
	case "put":
		return func() { m[key] = value }, nil
	case "del":
		return func() { delete(m, key) }, nil
	}
	return nil, errors.New("an unknown word")
}

func keyOf(record []byte) (string, bool) {
	parts := strings.Fields(string(record))
	return parts[1], parts[0] == "put"
}

func records(texts ...string) (all [][]byte) {
	for _, text := range texts {
		all = append(all, []byte(text))
	}
	return all
}

// reopen opens the journal on the disk and returns what it replays.
func reopen(d filesystem, name string) (all []string, notice string, err error) {
	j, notice, err := open(d, name, Options{}, func(record []byte) (func(), error) {
		return func() { all = append(all, string(record)) }, nil
	})
	if err == nil {
		j.Close()
	}
	return all, notice, err
}

func mustReopen(t *testing.T, d filesystem, name string, want ...string) (notice string) {
	t.Helper()
	got, notice, err := reopen(d, name)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("replayed %q, want %q", got, want)
	}
	return notice
}

// openFake opens the journal "book" on a disk.
func openFake(t *testing.T, d *fakeDisk, o Options) *Journal {
	t.Helper()
	j, _, err := open(d, "book", o, table{}.decode)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func mustAppend(t *testing.T, j *Journal, texts ...string) {
	t.Helper()
	if err := j.Append(records(texts...)...); err != nil {
		t.Fatal(err)
	}
}

// The file is what the documentation draws.
func TestFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "book")
	j, _, err := Open(name, Options{}, table{}.decode)
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, j, `put 1 {"street": "North"}`, `put 2 {"street": "South"}`)
	mustAppend(t, j, "del 2")
	j.Close()
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, drawn, _ := strings.Cut(string(doc), "//\tjournal 1 ")
	want := "journal 1\n"
	for line := range strings.Lines(drawn) {
		row, ok := strings.CutPrefix(line, "//\t")
		if row, _, _ = strings.Cut(row, "   "); ok {
			want += strings.TrimSpace(row) + "\n"
		}
		if row == "del 2\n" {
			break
		}
	}
	want = strings.Replace(want, "format and version\n", "", 1)
	if string(got) != want {
		t.Errorf("the file is\n%sdoc.go draws\n%s", got, want)
	}
}

func TestAppendRefuses(t *testing.T) {
	j := openFake(t, newFakeDisk(1), Options{})
	half := make([]byte, maxRecords/2)
	for name, all := range map[string][][]byte{
		"empty":             {[]byte("put 3 c"), {}},
		"LF":                records("put 3 c", "put 1 a\nput 2 b"),
		"begins as a batch": records("put 3 c", "batch 1"),
		"too long":          {make([]byte, maxRecords)},
		"too long together": {half, half},
	} {
		if err := j.Append(all...); !errors.Is(err, ErrRecord) {
			t.Errorf("%s: %v, want ErrRecord", name, err)
		}
		if name == "too long together" {
			continue // that limits a call of Append
		}
		d := newFakeDisk(1)
		if _, _, err := open(d, "book", Options{Initial: all}, nil); !errors.Is(err, ErrRecord) || d.syncs > 0 {
			t.Errorf("%s: %v as initial records after %d syncs, want ErrRecord after none", name, err, d.syncs)
		}
	}
	if err := j.Append(); err != nil {
		t.Error("no record:", err)
	}
	j.Close()
	if err := j.Append([]byte("put 1 a")); err != ErrClosed || j.Stats().Err != ErrClosed {
		t.Errorf("after Close: %v, %v", err, j.Stats().Err)
	}
	j.Close() // has no effect
	if notice := mustReopen(t, j.files, "book"); notice != "" {
		t.Error("what was refused is in the file:", notice)
	}
}

func TestLongestRecord(t *testing.T) {
	foreign.Long(t)
	j := openFake(t, newFakeDisk(1), Options{})
	if err := j.Append(bytes.Repeat([]byte("a"), maxRecords-1)); err != nil {
		t.Error(err)
	}
	j.Close()
	if got, _, err := reopen(j.files, "book"); len(got) != 1 || len(got[0]) != maxRecords-1 || err != nil {
		t.Errorf("%d records, %v", len(got), err)
	}
}

// A new file begins with its initial records; a file that is there does not get them again.
func TestInitial(t *testing.T) {
	for _, before := range []string{"", "jour", "journal 1"} {
		d := fakeFile("book", []byte(before))
		for n := range 2 {
			m := table{}
			j, _, err := open(d, "book", Options{Initial: records("put 1 a", "put 2 b")}, m.decode)
			if err != nil || len(m) != 2-n {
				t.Fatal(before, n, m, err)
			}
			if n == 0 {
				mustAppend(t, j, "del 2")
			}
			j.Close()
		}
	}
}

// A draft has batches of about 64 KiB, however many records it has.
func TestBatchesOfDraft(t *testing.T) {
	d := newFakeDisk(1)
	long := "put 1 " + strings.Repeat("a", 30<<10)
	openFake(t, d, Options{Initial: records(long, long, long)}).Close()
	if n := bytes.Count(d.octets("book"), []byte(batchWord)); n != 2 {
		t.Errorf("3 records of 30 KiB are in %d batches, want 2", n)
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ file, want string }{
		"another file": {"root:x:0:0\nand so on", `book: the first line is not "journal 1"`},
		"a new version": {"journal 2\n", `book: the first line is not "journal 1". Give the name of a journal of ` +
			"this version, start the version of this program that has written the file, or restore"},
		"a bad record": {string(appendBatch([]byte(header), []byte("got 1\n"))), `"got 1": an unknown word`},
		"damage": {header + "batch 8 1 00000000\nput 1 a\n" + "batch 8 1 00000000\nput 1 a\n",
			"book: damage at offset 10: the records do not match their checksum, and it is not the last " +
				"batch. Restore the file from a copy. To give up all changes from there on instead, save " +
				"the file and run:\n\n  " + cutCommand(runtime.GOOS, "book", 10)},
	} {
		d := fakeFile("book", []byte(tt.file))
		for range 2 { // the lock is released
			_, _, err := open(d, "book", Options{}, table{}.decode)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v, want %q", name, err, tt.want)
			}
		}
		if string(d.octets("book")) != tt.file {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

func TestInUse(t *testing.T) {
	switch runtime.GOOS {
	case "aix", "illumos", "js", "plan9", "solaris", "wasip1":
		t.Skip("skipped: no lock on this system")
	}
	dir := t.TempDir()
	name, link := filepath.Join(dir, "book"), filepath.Join(dir, "link")
	j, _, err := Open(name, Options{}, table{}.decode)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{name}
	if os.Symlink(name, link) == nil {
		names = append(names, link)
	}
	hard := filepath.Join(dir, "hard")
	if runtime.GOOS != "windows" && os.Link(name, hard) == nil {
		names = append(names, hard)
	}
	for _, name := range names {
		if _, _, err := Open(name, Options{}, table{}.decode); !errors.Is(err, ErrInUse) {
			t.Errorf("second Open: %v, want ErrInUse", err)
		}
	}
	j.Close()
	for _, name := range names {
		if j, _, err = Open(name, Options{}, table{}.decode); err != nil {
			t.Fatal(err)
		}
		j.Close()
	}
}

// batches is a file with these batches, and where each of them begins; the last offset is its end.
func batches(all ...[]string) (octets []byte, begins []int) {
	octets = []byte(header)
	for _, texts := range all {
		begins = append(begins, len(octets))
		octets = appendBatch(octets, []byte(strings.Join(texts, "\n")+"\n"))
	}
	return octets, append(begins, len(octets))
}

var sample = [][]string{{"put 1 a", "put 2 b"}, {"del 1"}, {"put 3 c", "put 1 d", "put 4 batch 6 1"},
	{"put 10 " + strings.Repeat("e", 120)}, {"del 3", "put 5 f"}}

// Each prefix of a file opens with the batches that are whole in it.
func TestEachPrefix(t *testing.T) {
	octets, begins := batches(sample...)
	for size := range len(octets) + 1 {
		var want []string
		end := len(header)
		for i, texts := range sample {
			if begins[i+1] <= size {
				want, end = append(want, texts...), begins[i+1]
			}
		}
		d := fakeFile("book", octets[:size])
		notice := mustReopen(t, d, "book", want...)
		if got := d.octets("book"); !bytes.Equal(got, octets[:end]) {
			t.Errorf("cut to %d octets, the file becomes %q", size, got)
		}
		cut := fmt.Sprintf("%d octets at offset %d, was removed: ", size-end, end)
		if size > end && !strings.Contains(notice, cut) || size <= end && notice != "" {
			t.Errorf("cut to %d octets: %q, want %q", size, notice, cut)
		}
	}
}

// No changed octet is taken for data. Before the last batch it is refused.
func TestEachOctetChanged(t *testing.T) {
	foreign.Short(t)
	octets, begins := batches(sample...)
	last := begins[len(sample)-1]
	var whole []string
	for _, texts := range sample[:len(sample)-1] {
		whole = append(whole, texts...)
	}
	for at := range octets {
		for with := range 256 {
			flipped := bits.OnesCount8(octets[at] ^ byte(with))
			if flipped == 0 || flipped > 1 && !foreign.IsLong() {
				continue
			}
			changed := bytes.Clone(octets)
			changed[at] = byte(with)
			d := fakeFile("book", changed)
			got, _, err := reopen(d, "book")
			damage, located := errors.AsType[*DamageError](err)
			switch {
			case at < last && err == nil:
				t.Fatalf("octet %d is %#02x: opened with %q", at, with, got)
			case err != nil && !bytes.Equal(d.octets("book"), changed):
				t.Fatalf("octet %d is %#02x: the file was changed", at, with)
			case err == nil && !slices.Equal(got, whole):
				t.Fatalf("octet %d is %#02x: replayed %q", at, with, got)
			case located && (int(damage.Offset) > at || at >= begins[slices.Index(begins, int(damage.Offset))+1]):
				t.Fatalf("octet %d is %#02x: %v", at, with, err)
			}
		}
	}
}

// Whatever is left out of the middle, or stands twice, is noticed.
func TestMissingPages(t *testing.T) {
	octets, begins := batches(sample...)
	for from := len(header); from < begins[3]; from++ {
		for _, size := range []int{1, 7, 16, 64} {
			zeroed := bytes.Clone(octets)
			copy(zeroed[from:min(from+size, begins[4])], make([]byte, size))
			without := slices.Delete(bytes.Clone(octets), from, min(from+size, begins[4]))
			for _, damaged := range [][]byte{zeroed, without} {
				if slices.Contains(begins, from) && len(damaged) < len(octets) {
					continue // a whole batch may be missing, which nothing shows
				}
				if got, _, err := reopen(fakeFile("book", damaged), "book"); err == nil {
					t.Errorf("%d octets at %d damaged: opened with %q", size, from, got)
				}
			}
		}
	}
}

// Callers that come while the disk is busy are written in one batch, with one sync.
func TestGroups(t *testing.T) {
	t.Run("the disk works", func(t *testing.T) { testGroups(t, false) })
	t.Run("the second sync fails", func(t *testing.T) { testGroups(t, true) })
}

// Callers whose records would make a batch too long to be read are not written together.
func TestFullGroup(t *testing.T) {
	j := openFake(t, newFakeDisk(1), Options{})
	defer j.Close()
	for n := range 2 {
		if _, first := j.join([][]byte{make([]byte, maxRecords/2)}, maxRecords/2+1); !first {
			t.Errorf("caller %d has joined a group", n)
		}
	}
}

func testGroups(t *testing.T, fails bool) {
	const many = 20
	d := newFakeDisk(1)
	j := openFake(t, d, Options{})
	reached, release := make(chan bool), make(chan bool)
	d.blocks = func(op string) {
		if op == "sync book" {
			reached <- true
			<-release
		}
	}
	before := d.syncs
	returned := make(chan int, many+1)
	begin := func(n int) {
		go func() {
			err := j.Append(fmt.Appendf(nil, "put %d a", n))
			if failed := n > 0 && fails; failed != errors.Is(err, ErrUnknown) || !failed && err != nil {
				t.Errorf("caller %d: %v", n, err)
			}
			returned <- n
		}()
	}
	begin(0)
	<-reached
	for n := range many {
		begin(n + 1)
	}
	for joined := 0; joined < many; runtime.Gosched() {
		j.mu.Lock()
		if j.next != nil {
			joined = bytes.Count(j.next.records, []byte("\n"))
		}
		j.mu.Unlock()
	}
	if len(returned) != 0 {
		t.Error("a caller returned before the sync")
	}
	if fails {
		d.failAt, d.times = d.steps+4, 1 // this sync, a look at the file, a write, the second sync
	}
	release <- true
	if n := <-returned; n != 0 {
		t.Errorf("caller %d returned first", n)
	}
	<-reached
	for range 1000 {
		runtime.Gosched() // a caller that can return does so now
	}
	if len(returned) != 0 {
		t.Error("a caller returned before the second sync")
	}
	release <- true
	for range many {
		<-returned
	}
	if records := j.Stats().Records; d.syncs-before != 2 || !fails && records != many+1 ||
		fails && records != 1 {
		t.Errorf("%d syncs for %d records", d.syncs-before, records)
	}
	j.Close()
}

// Changes go on while a compaction writes, and are in the new file.
func TestCompaction(t *testing.T) {
	d := newFakeDisk(1)
	told := make(chan error, 1)
	j := openFake(t, d, Options{Key: keyOf, leastDead: 4, Compacted: func(err error) { told <- err }})
	reached, release := make(chan bool, 100), make(chan bool)
	d.blocks = func(op string) {
		if op == "write book.new" {
			reached <- true
			<-release
		}
	}
	mustAppend(t, j, "put 1 a", "put 2 b", "put 1 c", "put 1 d", "del 1", "put 3 e", "put 3 f")
	mustAppend(t, j, "put 4 g")
	<-reached
	mustAppend(t, j, "put 1 h", "del 2")
	close(release)
	if err := <-told; err != nil {
		t.Fatal(err)
	}
	mustAppend(t, j, "put 5 i")
	if got, want := j.Stats(), (Stats{int64(len(d.octets("book"))), 6, nil}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	j.Close()
	mustReopen(t, d, "book", "put 2 b", "put 3 f", "put 4 g", "put 1 h", "del 2", "put 5 i")
	if d.octets("book.new") != nil {
		t.Error("the temporary file is still there")
	}
}

// openToCompact opens a book that is compacted at four dead records. The channel has the error of each
// compaction, nil if there was none.
func openToCompact(t *testing.T, d *fakeDisk) (*Journal, <-chan error) {
	t.Helper()
	told := make(chan error, 1)
	o := Options{Key: keyOf, leastDead: 4, Compacted: func(err error) { told <- err }}
	return openFake(t, d, o), told
}

// Changes go on while the disk takes a new file, which can be long.
func TestSyncOfCompaction(t *testing.T) {
	d := newFakeDisk(1)
	j, told := openToCompact(t, d)
	defer j.Close()
	var once sync.Once
	reached, release := make(chan bool), make(chan bool)
	d.blocks = func(op string) {
		if op == "sync book.new" {
			once.Do(func() { close(reached); <-release })
		}
	}
	mustAppend(t, j, "put 1 a", "put 1 b", "put 1 c", "put 1 d", "put 1 e")
	<-reached
	appended := make(chan error, 1)
	go func() { appended <- j.Append([]byte("put 2 a")) }()
	select {
	case err := <-appended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("a change waits for the new file")
	}
	close(release)
	if err := <-told; err != nil {
		t.Error(err)
	}
}

// After a compaction that failed, the old file goes on, and a later compaction succeeds.
func TestCompactionAgain(t *testing.T) {
	for _, failing := range []string{"read book", "open book.new", "write book.new", "sync book.new", "rename book.new"} {
		d := newFakeDisk(1)
		j, told := openToCompact(t, d)
		var once sync.Once
		d.blocks = func(op string) {
			if op == failing {
				once.Do(func() { d.failAt, d.times = d.steps+1, 1 })
			}
		}
		for n, want := range []error{errFault, nil} {
			mustAppend(t, j, fmt.Sprint("put 1 ", n), "put 1 b", "put 1 c", "put 1 d", "put 1 e")
			if err := <-told; !errors.Is(err, want) {
				t.Errorf("%s fails, compaction %d: %v, want %v", failing, n, err, want)
			}
		}
		j.Close()
		mustReopen(t, d, "book", "put 1 e")
	}
}

// A rename that has happened although it reports an error, as on NFS, stops the journal at once. The errors do
// not say that another program has changed the file: all changes are in it.
func TestRenamedWithError(t *testing.T) {
	d := newFakeDisk(1)
	j, told := openToCompact(t, d)
	d.blocks = func(op string) {
		if op == "rename book.new" {
			d.failAt, d.times, d.how = d.steps+1, 1, failAfter
		}
	}
	mustAppend(t, j, "put 1 a", "put 1 b", "put 1 c", "put 1 d", "put 1 e")
	for _, err := range []error{<-told, j.Stats().Err, j.Append([]byte("put 1 f"))} {
		if !errors.Is(err, ErrStopped) || !errors.Is(err, errFault) || strings.Contains(err.Error(), "another program") {
			t.Error(err)
		}
	}
	j.Close()
	mustReopen(t, d, "book", "put 1 e")
}

// After the draft was created, a compaction needs no further descriptor. Otherwise the journal would stop if
// clients had taken all of them.
func TestCompactionOpensNothing(t *testing.T) {
	d := newFakeDisk(1)
	j, told := openToCompact(t, d)
	var ops []string
	d.blocks = func(op string) { ops = append(ops, op) }
	mustAppend(t, j, "put 1 a", "put 1 b", "put 1 c", "put 1 d", "put 1 e")
	if err := <-told; err != nil {
		t.Fatal(err)
	}
	j.Close()
	ops = ops[slices.Index(ops, "open book.new")+1:]
	if slices.ContainsFunc(ops, func(op string) bool { return strings.HasPrefix(op, "open") }) {
		t.Errorf("%q", ops)
	}
}

// openCompacted returns an open journal that was compacted, and its name. It is closed when the test ends.
func openCompacted(t *testing.T) (j *Journal, name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "book")
	j, _, err := Open(name, Options{Key: keyOf, leastDead: 2}, table{}.decode)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(j.Close)
	mustAppend(t, j, "put 1 a", "put 1 b", "put 1 c")
	j.background.Wait()
	return j, name
}

// After a compaction the errors of the file have its name, not that of the draft that it was.
func TestErrorsAreNamed(t *testing.T) {
	j, name := openCompacted(t)
	j.f.Close() // so reading it fails
	_, readErr := j.draftOfLive(j.f, j.end)
	for _, err := range []error{readErr, j.checkFile()} {
		if err == nil || !strings.Contains(err.Error(), " "+name+": ") {
			t.Error(err)
		}
	}
}

// A file is compacted when it is opened, if it has enough dead records, and more of them than live ones.
func TestWhenCompacted(t *testing.T) {
	for _, tt := range []struct {
		name       string
		live, dead int
		o          Options
		want       int // records
	}{
		{"too few are dead", 1, 3, Options{Key: keyOf, leastDead: 4}, 4},
		{"enough are dead", 3, 4, Options{Key: keyOf, leastDead: 4}, 3},
		{"half of them are dead", 5, 5, Options{Key: keyOf, leastDead: 4}, 10},
		{"less than 1,000 are dead", 1, 999, Options{Key: keyOf}, 1000},
		{"1,000 are dead", 1, 1000, Options{Key: keyOf}, 1},
		{"no record has a key", 1, 5, Options{leastDead: 4}, 6},
	} {
		d := newFakeDisk(1)
		j := openFake(t, d, Options{})
		all := append([]string{"put x a"}, slices.Repeat([]string{"del x"}, tt.dead-1)...)
		for n := range tt.live {
			all = append(all, fmt.Sprintf("put %d a", n))
		}
		mustAppend(t, j, all...)
		j.Close()
		j = openFake(t, d, tt.o)
		j.background.Wait()
		if got := j.Stats().Records; got != tt.want {
			t.Errorf("%s: %d records, want %d", tt.name, got, tt.want)
		}
		j.Close()
	}
}

// A journal that is closed or stopped during a compaction keeps its file. A Close is not reported as a failure.
func TestEndDuringCompaction(t *testing.T) {
	for _, closed := range []bool{true, false} {
		d := newFakeDisk(1)
		j, told := openToCompact(t, d)
		reached, release, done := make(chan bool, 9), make(chan bool), make(chan bool)
		d.blocks = func(op string) {
			if op == "sync book.new" {
				reached <- true
				<-release
			}
		}
		all := []string{"put 1 a", "put 1 b", "put 1 c", "put 1 d", "put 1 e"}
		mustAppend(t, j, all...)
		<-reached
		if closed {
			go func() { j.Close(); close(done) }()
			for spins := 0; spins < 1000; runtime.Gosched() { // a Close that can return does so now
				if j.Stats().Err != nil {
					spins++
				}
			}
			if j.lock.(*fakeHandle).closed {
				t.Error("the lock is given up during a compaction")
			}
		} else {
			d.failAt, d.times = d.steps+2, 1 // a look at the file, the write
			if err := j.Append([]byte("put 2 a")); !errors.Is(err, ErrStopped) {
				t.Error(err)
			}
			close(done)
		}
		close(release)
		<-done
		j.background.Wait()
		select {
		case err := <-told:
			if closed || !errors.Is(err, errFault) {
				t.Errorf("closed=%t: told %v", closed, err)
			}
		default:
			if !closed {
				t.Error("the failure is not told")
			}
		}
		j.Close()
		mustReopen(t, d, "book", all...)
	}
}

// A file that takes the place of the journal during a compaction stays, and stops the journal.
func TestReplacedDuringCompaction(t *testing.T) {
	d := newFakeDisk(1)
	j, told := openToCompact(t, d)
	restored := append([]byte(header), appendBatch(nil, []byte("put 1 restored\n"))...)
	d.blocks = func(op string) {
		if op == "write book.new" {
			d.mu.Lock()
			d.names["book"] = fakeFile("book", restored).names["book"]
			d.mu.Unlock()
		}
	}
	mustAppend(t, j, "put 1 a", "put 1 b", "put 1 c", "put 1 d", "put 1 e")
	if err := <-told; err == nil {
		t.Error("no error")
	}
	if err := j.Append([]byte("put 1 f")); !errors.Is(err, ErrStopped) {
		t.Errorf("Append: %v", err)
	}
	j.Close()
	if got := d.octets("book"); !bytes.Equal(got, restored) {
		t.Errorf("the file has %q", got)
	}
}

// The real file system: mode and name stay, nothing else is left, and damage is not copied.
func TestCompactionOnDisk(t *testing.T) {
	name := filepath.Join(t.TempDir(), "book")
	told := make(chan error, 100)
	o := Options{Key: keyOf, leastDead: 10, Compacted: func(err error) { told <- err }}
	m := table{}
	if err := os.WriteFile(name+".new", []byte("left over"), 0o600); err != nil {
		t.Fatal(err)
	}
	j, _, err := Open(name, o, m.decode)
	if err != nil {
		t.Fatal(err)
	}
	info, _ := os.Stat(name)
	if runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("a new file has mode %v", info.Mode())
	}
	if err := os.Chmod(name, 0o666); err != nil { // more than most systems give to a new file
		t.Fatal(err)
	}
	info, _ = os.Stat(name)
	for n := range 15 {
		mustAppend(t, j, fmt.Sprint("put 1 ", n))
	}
	if err := <-told; err != nil {
		t.Fatal(err)
	}
	if now, _ := os.Stat(name); now.Mode() != info.Mode() {
		t.Errorf("mode %v, then %v", info.Mode(), now.Mode())
	}
	j.Close()
	if j, _, err = Open(name, o, m.decode); err != nil || m["1"] != "14" {
		t.Fatal(m, err)
	}
	defer j.Close()
	left, _ := filepath.Glob(name + "*")
	if !slices.Equal(left, []string{name, name + ".lock"}) {
		t.Errorf("files %q", left)
	}
	damage(t, name)
	for n := range 30 {
		mustAppend(t, j, fmt.Sprint("put 1 ", n))
	}
	if err := <-told; err == nil || !strings.Contains(err.Error(), "offset 10: the records do not match") {
		t.Errorf("compaction of a damaged file: %v", err)
	}
	if err := j.Stats().Err; err != nil {
		t.Error("changes should go on:", err)
	}
}

// damage changes the last octet of the first record.
func damage(t *testing.T, name string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte{'!'}, int64(len(header)+len("batch 99 99 00000000\nput"))); err != nil {
		t.Fatal(err)
	}
}

// A new file for which there is no space is not made, and the error says so.
func TestNoSpaceForNew(t *testing.T) {
	for _, op := range []string{"open book.lock", "open book.new", "write book.new", "sync book.new"} {
		d := newFakeDisk(1)
		d.how = failNoSpace
		d.blocks = func(next string) {
			if next == op {
				d.failAt, d.times = d.steps+1, 1
			}
		}
		_, _, err := open(d, "book", Options{}, table{}.decode)
		if !errors.Is(err, ErrNoSpace) || !strings.HasPrefix(err.Error(), "book: "+ErrNoSpace.Error()+": ") {
			t.Errorf("%s: %v", op, err)
		}
		if d.octets("book") != nil {
			t.Errorf("%s: there is a file", op)
		}
	}
}

// A missing directory is an error that names it.
func TestNoDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	file := filepath.Join(dir, "book")
	_, _, err := Open(file, Options{}, table{}.decode)
	if err == nil || err.Error() != file+": there is no directory "+dir+": make it, or name another file" {
		t.Error(err)
	}
}

// A journal whose file is removed, replaced or changed in length takes no more changes: they would be lost
// when it is closed, or could not be read again.
func TestFileIsGone(t *testing.T) {
	const gone, changed = " was removed or replaced", " octets instead of 37, because another program has changed it: "
	for _, tt := range []struct {
		name   string
		change func(book string) error
		want   string
	}{
		{"removed", os.Remove, gone},
		{"renamed", func(book string) error { return os.Rename(book, book+"-1") }, gone},
		{"replaced", func(book string) error {
			return errors.Join(os.Rename(book, book+"-1"), os.WriteFile(book, []byte(header), 0o600))
		}, gone},
		{"replaced by a link to it", func(book string) error {
			return errors.Join(os.Rename(book, book+"-1"), os.Symlink(book+"-1", book))
		}, gone},
		{"directory replaced by a file", func(book string) error {
			dir := filepath.Dir(book)
			return errors.Join(os.Rename(dir, dir+"-1"), os.WriteFile(dir, nil, 0o600))
		}, gone},
		{"shorter", func(book string) error { return os.Truncate(book, 12) }, "book has 12" + changed + "restore it from a copy"},
		{"longer", func(book string) error { return os.Truncate(book, 1000) }, "book has 1000" + changed + "start this program again"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "dir")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			book := filepath.Join(dir, "book")
			j, _, err := Open(book, Options{}, table{}.decode)
			if err != nil {
				t.Fatal(err)
			}
			defer j.Close()
			mustAppend(t, j, "put 1 a")
			if err := tt.change(book); err != nil {
				t.Skip("skipped: this system keeps the name of an open file: ", err)
			}
			for range 2 {
				err := j.Append([]byte("put 2 b"))
				if !errors.Is(err, ErrStopped) || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("Append: %v", err)
				}
			}
			if j.Stats().Err == nil {
				t.Error("Stats has no error")
			}
		})
	}
}

// If the system cannot tell which file is open, the journal does not say that another program has replaced it.
func TestFileIsNotKnown(t *testing.T) {
	book := filepath.Join(t.TempDir(), "book")
	f, err := osFiles{}.open(book, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	f.Close() // it has no Stat any more
	if !(osFiles{}).isUnder(book, f) {
		t.Error("the file is not under its name")
	}
}

// The draft that a crash has left is removed, but not a journal that has its name.
func TestDraftIsJournal(t *testing.T) {
	book := filepath.Join(t.TempDir(), "book")
	for _, name := range []string{book, book + ".new"} {
		j, _, err := Open(name, Options{}, table{}.decode)
		if err != nil {
			t.Fatal(err)
		}
		mustAppend(t, j, "put 1 a")
		j.Close()
	}
	if _, _, err := Open(book, Options{}, table{}.decode); err == nil || !strings.Contains(err.Error(), "is a journal of its own") {
		t.Errorf("Open: %v", err)
	}
	mustReopen(t, osFiles{}, book+".new", "put 1 a")
	if err := os.Remove(book + ".new.lock"); err != nil {
		t.Fatal(err)
	}
	mustReopen(t, osFiles{}, book, "put 1 a")
	if _, err := os.Stat(book + ".new"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the draft: %v", err)
	}
}

// A journal of another user is not removed either, although its lock cannot be opened.
func TestDraftOfOther(t *testing.T) {
	d := fakeFile("book.new", []byte(header))
	d.blocks = func(op string) {
		if op == "open book.new.lock" {
			d.failAt, d.times = d.steps+1, 1
		}
	}
	if _, _, err := open(d, "book", Options{}, table{}.decode); !errors.Is(err, errFault) || d.octets("book.new") == nil {
		t.Errorf("%v; the other file has %q", err, d.octets("book.new"))
	}
}

// What follows the last batch and is no batch is removed: octets 0 after a power cut, more than a reader takes
// at once, and records with the right checksum that are not as many as the first line says, or not whole.
func TestEndIsNoBatch(t *testing.T) {
	one := func(records string) []byte {
		line := appendBatchLine(nil, len(records), 1, crc32.Checksum([]byte(records), castagnoli))
		return append(line, records...)
	}
	for _, end := range [][]byte{make([]byte, 5000), one("put 1 a\nput 2 b\n"), one("put 1 a\nput 2 b")} {
		octets, begins := batches(sample...)
		notice := mustReopen(t, fakeFile("book", append(octets, end...)), "book", slices.Concat(sample...)...)
		want := fmt.Sprintf("%d octets at offset %d, was removed", len(end), begins[len(sample)])
		if !strings.Contains(notice, want) {
			t.Errorf("%s, want %q", notice, want)
		}
	}
}

// A last batch with all of its octets is not said to be incomplete: something may have changed it.
func TestNoticeOfMismatch(t *testing.T) {
	octets, begins := batches(sample...)
	changed := bytes.Replace(octets, []byte("put 5 f"), []byte("put 5 g"), 1)
	notice := mustReopen(t, fakeFile("book", changed), "book", slices.Concat(sample[:len(sample)-1]...)...)
	want := fmt.Sprintf("at offset %d, was removed: the records do not match their checksum", begins[len(sample)-1])
	if !strings.Contains(notice, want) {
		t.Errorf("%s, want %q", notice, want)
	}
}

// What is no journal is refused, and nothing beside it is made or removed.
func TestOpenKeepsOtherFiles(t *testing.T) {
	dir := t.TempDir()
	notes, beside := filepath.Join(dir, "notes"), filepath.Join(dir, "notes.new")
	for _, file := range []string{notes, beside} {
		if err := os.WriteFile(file, []byte("precious\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "not-mounted", "book"), link); err != nil {
		t.Skip("skipped: this system has no links: ", err)
	}
	for name, want := range map[string]string{notes: "the first line is not", link: "is a link to a file",
		os.DevNull: "is a device or a pipe"} {
		if name == os.DevNull && os.Getuid() == 0 {
			continue // a fault in the check would destroy the device
		}
		if _, _, err := Open(name, Options{}, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if _, _, err := Open(dir, Options{}, nil); err == nil || !strings.Contains(err.Error(), "is a directory: give") {
		t.Errorf("a directory: %v", err)
	}
	for _, lock := range []string{notes + ".lock", dir + ".lock"} {
		if _, err := os.Stat(lock); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", lock, err)
		}
	}
	if _, err := os.Stat(beside); err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link: %v, %v", info, err)
	}
}

// The command that cuts a file is about one file, whatever its name is, and there is one on each system.
func TestCutCommand(t *testing.T) {
	for _, tt := range [][3]string{
		{"linux", "/books/my book", "truncate -s 10 -- '/books/my book'"},
		{"linux", "anna's", `truncate -s 10 -- 'anna'\''s'`},
		{"windows", `C:\books\anna's`,
			`powershell -Command "(Get-Item -LiteralPath 'C:\books\anna''s').OpenWrite().SetLength(10)"`},
	} {
		if got := cutCommand(tt[0], tt[1], 10); got != tt[2] {
			t.Errorf("%s, %q: %s", tt[0], tt[1], got)
		}
	}
}

// The command in a DamageError makes a damaged file one that opens, with the changes before the damage.
func TestCutDamage(t *testing.T) {
	octets, _ := batches(sample...)
	octets = bytes.Replace(octets, []byte("put 3 c"), []byte("put 3 x"), 1)
	name := filepath.Join(t.TempDir(), "anna's book")
	if err := os.WriteFile(name, octets, 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := reopen(osFiles{}, name)
	damage, ok := errors.AsType[*DamageError](err)
	if !ok {
		t.Fatal(err)
	}
	shell, flag := "sh", "-c"
	if runtime.GOOS == "windows" {
		shell, flag = "cmd", "/C"
	}
	_, command, _ := strings.Cut(damage.Error(), "run:\n\n")
	if out, err := exec.Command(shell, flag, command).CombinedOutput(); err != nil {
		t.Skipf("skipped: this system cannot run %s: %v: %s", command, err, out)
	}
	mustReopen(t, osFiles{}, name, slices.Concat(sample[:2]...)...)
}

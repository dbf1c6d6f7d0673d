package users

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
	"unsafe"
)

// quick returns a line with few iterations, which is fast to check.
func quick(t testing.TB, name, password string) string {
	t.Helper()
	l, err := line(name, password, []byte("saltsalt"), minIterations)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// fileOf returns a File with a list of lines.
func fileOf(t testing.TB, lines ...string) *File {
	t.Helper()
	l, err := parse(strings.Join(lines, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	f := new(File)
	f.list.Store(l)
	return f
}

// deriveBy makes another function derive hashes until the end of the test.
func deriveBy(t *testing.T, f func(password string, salt []byte, iterations int) ([]byte, error)) {
	own := derive
	derive = f
	t.Cleanup(func() { derive = own })
}

func TestCheck(t *testing.T) {
	f := fileOf(t, "# who may", "", quick(t, "alice", "open sesame"), quick(t, "bob", "p:q")+"\r",
		quick(t, "José", "contraseña"), quick(t, "dave", "\x00x"))
	for range 2 { // the second time from memory
		for _, tt := range []struct {
			name, password string
			want           bool
		}{
			{"alice", "open sesame", true},
			{"bob", "p:q", true},
			{"José", "contraseña", true},
			{"alice", "open sesam", false},
			{"alice", "", false},
			{"alice", "p:q", false},
			{"bob", "open sesame", false},
			{"Alice", "open sesame", false},
			{"carol", "open sesame", false},
			{"", "", false},
			{"alice\x00open", " sesame", false},
			{"dave", "\x00x", true},
			{"dave\x00", "x", false},
		} {
			if got, err := f.Check(tt.name, tt.password); got != tt.want || err != nil {
				t.Errorf("%q, %q: %v", tt.name, tt.password, got)
			}
		}
	}
	if n := len(remembered(f)); n != 4 {
		t.Errorf("%d passwords are remembered, want those of the 4 users", n)
	}
}

// RFC 7914 section 11 has a test vector for the function.
func TestKnownAnswer(t *testing.T) {
	s := secret{80000, []byte("NaCl"), nil}
	s.hash = []byte("\x4d\xdc\xd8\xf6\x0b\x98\xbe\x21\x83\x0c\xee\x5e\xf2\x27\x01\xf9" +
		"\x64\x1a\x44\x18\xd0\x4c\x04\x14\xae\xff\x08\x87\x6b\x34\xab\x56")
	l := newList(map[string]secret{"nacl": s})
	if !l.matches(&s, "Password") || l.matches(&s, "password") {
		t.Error("not what RFC 7914 section 11 says")
	}
}

// A hash that cannot be computed, as of a short salt in the FIPS 140-only mode of Go, matches no password.
func TestNoHash(t *testing.T) {
	f := fileOf(t, quick(t, "alice", "a"))
	deriveBy(t, func(string, []byte, int) ([]byte, error) { return nil, errors.New("the salt is too short") })
	for _, name := range []string{"alice", "carol"} {
		if right, err := f.Check(name, "a"); right || err != nil {
			t.Errorf("%s: %v, %v", name, right, err)
		}
	}
}

// The octets of a password do not stay in memory because those of the name beside it do.
func TestPasswordIsNotKept(t *testing.T) {
	f := fileOf(t, quick(t, "a", "b"))
	pair := strings.Clone("a:b")
	if right, err := f.Check(pair[:1], pair[2:]); !right || err != nil {
		t.Fatal(right, err)
	}
	for name := range remembered(f) {
		if unsafe.StringData(name.(string)) == unsafe.StringData(pair) {
			t.Error("the name that is remembered is a part of name:password")
		}
	}
}

// remembered returns what is remembered of the users.
func remembered(f *File) map[any]any {
	all := make(map[any]any)
	f.list.Load().remembered.Range(func(name, digest any) bool {
		all[name] = digest
		return true
	})
	return all
}

// One password of each user is remembered, without the text. PBKDF2 ignores octets 0 at the end of a
// password, so a user has several that are right.
func TestMemoryIsBounded(t *testing.T) {
	f := fileOf(t, quick(t, "a", "b"))
	for _, password := range []string{"b", "b\x00", "b\x00\x00", "x", ""} {
		right, err := f.Check("a", password)
		if want := strings.HasPrefix(password, "b"); right != want || err != nil {
			t.Errorf("%q: %v, %v", password, right, err)
		}
	}
	l := f.list.Load()
	if other := newList(nil); other.digest("b") == l.digest("b") {
		t.Error("the digest of a password is the same for each list")
	}
	if all := remembered(f); len(all) != 1 || all["a"] != l.digest("b\x00\x00") {
		t.Errorf("remembered: %v", all)
	}
}

// A line that was written can be read, and does not contain the password.
func TestLine(t *testing.T) {
	made, err := Line("alice", "open sesame")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(made, "sesame") {
		t.Error(made)
	}
	f := fileOf(t, made)
	if s := f.list.Load().secrets["alice"]; s.iterations != newIterations || len(s.salt) != newSaltSize {
		t.Errorf("%s has %d iterations and a salt of %d octets", made, s.iterations, len(s.salt))
	}
	if !testing.Short() { // each hash takes a tenth of a second
		if again, _ := Line("alice", "open sesame"); made == again {
			t.Errorf("%s twice: the salt is the same", made)
		}
		if ok, _ := f.Check("alice", "open sesame"); !ok {
			t.Error("the line does not let alice in")
		}
	}
	for _, bad := range [][2]string{{"", "p"}, {"a:b", "p"}, {"#a", "p"}, {"a\n", "p"}, {"a", ""},
		{"a", "p\n"}, {"a", "\xff"}, {" a", "p"}, {"a ", "p"}, {"\xff", "p"}, {"a\x7f", "p"}} {
		if l, err := Line(bad[0], bad[1]); err == nil {
			t.Errorf("%q: %s", bad, l)
		}
	}
}

// The error for a faulty list has the number of the line and no secret.
func TestBrokenLists(t *testing.T) {
	good := quick(t, "alice", "p")
	salt, hash := strings.Split(good, "$")[2], strings.Split(good, "$")[3]
	for _, tt := range []struct{ name, line, want string }{
		{"no colon", "alice", "line 3: want name:"},
		{"a password as it is", "bob:secret", "line 3: want name:"},
		{"another algorithm", "bob:md5$1000$" + salt + "$" + hash,
			`line 3: the hash of "bob" is not pbkdf2-sha256`},
		{"a part too many", good + "$x", "line 3: want name:"},
		{"few iterations", "bob:pbkdf2-sha256$999$" + salt + "$" + hash,
			"line 3: the iterations of \"bob\""},
		{"many iterations", "bob:pbkdf2-sha256$10000001$" + salt + "$" + hash, "line 3: the iterations"},
		{"iterations with a sign", "bob:pbkdf2-sha256$+1000$" + salt + "$" + hash,
			"line 3: the iterations"},
		{"zero in front", "bob:pbkdf2-sha256$01000$" + salt + "$" + hash, "line 3: the iterations"},
		{"short salt", "bob:pbkdf2-sha256$1000$QUJD$" + hash, "line 3: the salt of \"bob\""},
		{"salt with padding", "bob:pbkdf2-sha256$1000$" + salt + "=$" + hash, "line 3: the salt"},
		{"unused bits in the salt", "bob:pbkdf2-sha256$1000$" + salt[:10] + "R$" + hash, "line 3: the salt"},
		{"short hash", "bob:pbkdf2-sha256$1000$" + salt + "$" + salt, "line 3: the hash of \"bob\""},
		{"hash of the URL alphabet", "bob:pbkdf2-sha256$1000$" + salt + "$" + strings.Repeat("-", 43),
			"line 3: the hash"},
		{"unused bits in the hash", "bob:pbkdf2-sha256$1000$" + salt + "$" + strings.Repeat("A", 42) + "B", "line 3: the hash"},
		{"no name", good[len("alice"):], "line 3: a name must not be empty"},
		{"a control in the name", "a\x01" + good, "line 3: a name must not contain control"},
		{"a name twice", good, `line 3: the name "alice" is already in line 2`},
		{"a space in front of the name", " " + good, `line 3: white space must not be at the beginning`},
		{"a space after the name", strings.Replace(good, "alice:", "bob\u00a0:", 1), `the end of a name: "bob\u00a0"`},
		{"a space after the hash", strings.Replace(good, "alice:", "bob:", 1) + " ",
			`line 3: white space follows the hash of "bob"`},
		{"a space in front of the hash", strings.Replace(good, "alice:", "bob: ", 1), `the hash of "bob" is not`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse("# users\n" + good + "\n" + tt.line + "\n")
			switch {
			case err == nil || !strings.Contains(err.Error(), tt.want):
				t.Errorf("%v, want %q", err, tt.want)
			case strings.Contains(err.Error(), hash) || strings.Contains(err.Error(), "secret"):
				t.Errorf("it gives away %v", err)
			}
		})
	}
	for _, text := range []string{"", "# no user\n", "\uFEFF" + good} {
		if _, err := parse(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

// The error for a list in UTF-16, as Windows PowerShell writes it, names the encoding and a
// command to convert it.
func TestUTF16(t *testing.T) {
	for name, put := range map[string]func([]byte, uint16) []byte{
		"little": binary.LittleEndian.AppendUint16, "big": binary.BigEndian.AppendUint16,
	} {
		for _, mark := range []string{"\uFEFF", ""} {
			var text []byte
			for _, unit := range utf16.Encode([]rune(mark + quick(t, "alice", "p") + "\r\n")) {
				text = put(text, unit)
			}
			path := filepath.Join(t.TempDir(), "users.txt")
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(path)
			if err == nil || !strings.Contains(err.Error(), "is in UTF-16") ||
				!strings.Contains(err.Error(), "Set-Content -Encoding ascii '"+path+"'") {
				t.Errorf("%s, mark %q: %v", name, mark, err)
			}
		}
	}
}

// Every check computes the same number of iterations: for a user with many, for one with few,
// and for a name that is not in the list.
func TestEveryCheckTakesAsLong(t *testing.T) {
	const many = 3 * minIterations
	long, err := line("alice", "a", []byte("saltsalt"), many)
	if err != nil {
		t.Fatal(err)
	}
	f := fileOf(t, long, quick(t, "bob", "b"))
	done := 0
	own := derive
	deriveBy(t, func(password string, salt []byte, iterations int) ([]byte, error) {
		done += iterations
		return own(password, salt, iterations)
	})
	for _, tt := range []struct {
		name, password string
		right          bool
	}{
		{"alice", "x", false}, {"alice", "a", true}, {"bob", "x", false}, {"bob", "b", true},
		{"carol", "x", false}, {"", "", false},
	} {
		done = 0
		if right, err := f.Check(tt.name, tt.password); right != tt.right || err != nil || done != many {
			t.Errorf("%q, %q: %v, %v, %d iterations, want %d", tt.name, tt.password, right, err, done, many)
		}
	}
}

// A list that is read again replaces the old one. A faulty list changes nothing.
func TestReload(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(quick(t, "alice", "a") + "\n" + quick(t, "bob", "b"))
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string, want bool) {
		t.Helper()
		if right, err := f.Check(name, name[:1]); right != want || err != nil {
			t.Errorf("%s: %v, %v", name, right, err)
		}
	}
	check("alice", true)
	check("bob", true)
	write("alice:sesame\n")
	if n, err := f.Reload(); err == nil || n != 0 ||
		!strings.Contains(err.Error(), path+": line 1: ") {
		t.Errorf("a broken list: %d, %v", n, err)
	}
	check("alice", true)
	check("bob", true)
	write(quick(t, "bob", "b") + "\n" + quick(t, "carol", "c"))
	if n, err := f.Reload(); err != nil || n != 2 {
		t.Errorf("%d users, %v", n, err)
	}
	check("alice", false)
	check("bob", true)
	check("carol", true)
	write(strings.Repeat("#", mostOctets+1))
	if _, err := f.Reload(); err == nil || !strings.Contains(err.Error(), path+" has more than") {
		t.Errorf("a file without an end: %v", err)
	}
	write("")
	if _, err := f.Reload(); err == nil || !strings.Contains(err.Error(), path+": the list has no users") {
		t.Errorf("an empty file: %v", err)
	}
	if _, err := Open(path + "x"); err == nil || !strings.Contains(err.Error(), path+"x") {
		t.Errorf("no file: %v", err)
	}
}

func TestConcurrent(t *testing.T) {
	f := fileOf(t, quick(t, "a", "b"))
	var all sync.WaitGroup
	for i := range f.list.Load().hashing.Cap() {
		all.Go(func() {
			if right, err := f.Check("a", "b"); !right || err != nil {
				t.Error("wrong", err)
			}
			if right, err := f.Check("a", fmt.Sprint(i)); right || err != nil {
				t.Error("right", err)
			}
		})
	}
	all.Wait()
}

// A client that tries passwords cannot make other clients wait for long: when the queue is full,
// Check returns ErrBusy at once. A pair that was right before needs no place in the queue.
func TestBusy(t *testing.T) {
	f := fileOf(t, quick(t, "a", "b"), quick(t, "c", "d"))
	if right, err := f.Check("a", "b"); !right || err != nil {
		t.Fatal(err)
	}
	release, own := make(chan struct{}), derive
	deriveBy(t, func(password string, salt []byte, iterations int) ([]byte, error) {
		<-release
		return own(password, salt, iterations)
	})
	hashing := f.list.Load().hashing
	var waiting sync.WaitGroup
	for i := range hashing.Cap() {
		waiting.Go(func() {
			if right, err := f.Check("a", fmt.Sprint(i)); right || err != nil {
				t.Error("a check that waited:", right, err)
			}
		})
	}
	for hashing.Len() < hashing.Cap() {
		runtime.Gosched()
	}
	if right, err := f.Check("c", "d"); right || err != ErrBusy {
		t.Error("the queue is full:", right, err)
	}
	if right, err := f.Check("a", "b"); !right || err != nil {
		t.Error("right before:", right, err)
	}
	close(release)
	waiting.Wait()
	if right, err := f.Check("c", "d"); !right || err != nil {
		t.Error("afterwards:", right, err)
	}
}

// Every list is read, or refused in a sentence. A list that was read can be written again.
func FuzzParse(f *testing.F) {
	good, _ := line("alice", "p", []byte("saltsalt"), minIterations)
	for _, s := range []string{good, good + "\r\n# x\n\n", "a:b", "", good + "\n" + good} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := parse(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("no sentence: %q", err)
			}
			return
		}
		for name, s := range l.secrets {
			again := name + ":" + s.encode()
			if !strings.Contains(text, again) || CheckName(name) != nil {
				t.Errorf("%q was read from %q", again, text)
			}
		}
	})
}

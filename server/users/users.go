// Package users checks the names and passwords of the users who may change things. A password is
// stored as a hash that is slow to compute (PBKDF2, RFC 8018 section 5.2). So an attacker who
// steals the list needs a long time for each guess.
//
// A list of users is a text with one line for each user:
//
//	name:pbkdf2-sha256$iterations$salt$hash
//
// The salt and the hash are in base64 without padding. Empty lines and lines that begin with # are
// ignored. Any other line is an error, which names the number of the line.
package users

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"rawhttp/server/internal/queue"
)

const (
	algorithm     = "pbkdf2-sha256"
	minIterations = 1000
	maxIterations = 10_000_000
	newIterations = 600_000 // of a new line
	newSaltSize   = 16      // of a new line, in octets
	minSaltSize   = 8
	hashSize      = sha256.Size
)

// A File is the list of users in a file, which can be read again. Its methods may be called from
// many goroutines.
type File struct {
	path string
	list atomic.Pointer[list]
}

// Open reads the list of users in a file. An error names the file and the line.
func Open(path string) (*File, error) {
	f := &File{path: path}
	if _, err := f.Reload(); err != nil {
		return nil, err
	}
	return f, nil
}

// A list is the list of users as it was read.
type list struct {
	secrets map[string]secret
	unknown secret // checked for a name that is not in the list; it has no hash, so no password matches it
	longest int    // the iterations of every check
	hashing *queue.Queue

	// Without this map every request would need a slow hash. So the last valid password of each user is
	// remembered: not the password itself, but an HMAC of it, with a random key that is lost when the
	// program ends.
	key        []byte
	remembered sync.Map // from names to digests
}

// ErrBusy means that a password was not checked because too many others are being checked.
var ErrBusy = errors.New("too many passwords are being checked")

// A secret is what is stored of a password.
type secret struct {
	iterations int
	salt, hash []byte
}

func newList(secrets map[string]secret) *list {
	l := &list{
		secrets: secrets,
		unknown: secret{iterations: minIterations, salt: make([]byte, newSaltSize)},
		longest: minIterations,
		hashing: queue.New(16),
		key:     make([]byte, sha256.Size),
	}
	rand.Read(l.key)
	for _, s := range secrets {
		l.longest = max(l.longest, s.iterations)
	}
	return l
}

// derive returns the hash of a password. It is a variable for the tests.
var derive = func(password string, salt []byte, iterations int) ([]byte, error) {
	return pbkdf2.Key(sha256.New, password, salt, iterations, hashSize)
}

// Check reports whether a password is that of a user. Every check takes as long as one for the user with
// the most iterations, whether the name exists or not, so its time reveals nothing. Only the last valid
// password of a user is checked faster. Checks wait in a queue; if the queue is full, Check returns
// ErrBusy.
func (f *File) Check(name, password string) (right bool, err error) {
	l := f.list.Load()
	digest := l.digest(password)
	if last, _ := l.remembered.Load(name); last == digest {
		return true, nil
	}
	s, known := l.secrets[name]
	if !known {
		s = l.unknown
	}
	if !l.hashing.Do(func() { right = l.matches(&s, password) }) {
		return false, ErrBusy
	}
	if right {
		l.remembered.Store(strings.Clone(name), digest) // the name may share its octets with the password
	}
	return right, nil
}

// matches reports whether a password has the hash of a secret. Its time depends neither on the two
// hashes nor on the iterations of the secret: it always computes the largest number of iterations.
func (l *list) matches(s *secret, password string) bool {
	hash, err := derive(password, s.salt, s.iterations)
	derive(password, s.salt, l.longest-s.iterations) // the iterations that are left
	return err == nil && subtle.ConstantTimeCompare(hash, s.hash) == 1
}

// digest returns what is remembered of a password.
func (l *list) digest(password string) (digest [sha256.Size]byte) {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(password))
	mac.Sum(digest[:0])
	return digest
}

var encoding = base64.RawStdEncoding // without padding

// isUTF16 reports whether a text is in UTF-16: it begins with a byte order mark, or half of its
// first character is NUL.
func isUTF16(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	mark := binary.BigEndian.Uint16(text)
	return mark == 0xFEFF || mark == 0xFFFE || (text[0] == 0) != (text[1] == 0)
}

// mostOctets limits the list of users. The file may be a device that has no end.
const mostOctets = 16 << 20

// Reload reads the file again and returns the number of users. If it returns an error, the list has
// not changed.
func (f *File) Reload() (users int, err error) {
	file, err := os.Open(f.path)
	if err != nil {
		return 0, err // names the file
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, mostOctets+1))
	if err != nil {
		return 0, err // names the file
	}
	if len(text) > mostOctets {
		return 0, fmt.Errorf("%s has more than %d octets, which is too long for a list of users", f.path, mostOctets)
	}
	if isUTF16(text) {
		return 0, fmt.Errorf("%s is in UTF-16, which > in Windows PowerShell writes. "+
			"To save it as ASCII, type in PowerShell:\n"+
			"  (Get-Content '%[1]s') | Set-Content -Encoding ascii '%[1]s'", f.path)
	}
	l, err := parse(string(text))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", f.path, err)
	}
	f.list.Store(l)
	return len(l.secrets), nil
}

// parse reads a list of users. A list without users is an error. An error shows the name in a line
// and nothing else of it.
func parse(text string) (*list, error) {
	if strings.HasPrefix(text, "\uFEFF") {
		return nil, errors.New("line 1: it begins with a byte order mark; save it as UTF-8 without BOM")
	}
	secrets, lines := make(map[string]secret), make(map[string]int)
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		name, s, err := parseLine(line)
		if first, twice := lines[name]; twice {
			err = fmt.Errorf("the name %q is already in line %d", name, first)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		secrets[name], lines[name] = s, i+1
	}
	if len(secrets) == 0 {
		return nil, errors.New("the list has no users; the flag -hash of the server prints a line for one")
	}
	return newList(secrets), nil
}

// parseLine reads name ":" algorithm "$" iterations "$" salt "$" hash.
func parseLine(line string) (name string, s secret, err error) {
	name, rest, _ := strings.Cut(line, ":")
	parts := strings.Split(rest, "$")
	if len(parts) != 4 {
		return "", s, errors.New("want name:" + algorithm + "$iterations$salt$hash, as " +
			"the flag -hash of the server prints it")
	}
	s.iterations, _ = strconv.Atoi(parts[1])
	s.salt, _ = encoding.DecodeString(parts[2])
	s.hash, _ = encoding.DecodeString(parts[3])
	// Writing it again shows what the functions that read ignore: a sign, CR, the unused bits of the last digit.
	again := strings.Split(s.encode(), "$")
	if err = CheckName(name); err != nil {
		return "", s, err
	}
	switch {
	case strings.TrimSpace(line) != line:
		err = fmt.Errorf("white space follows the hash of %q; remove it", name)
	case parts[0] != again[0]:
		err = fmt.Errorf("the hash of %q is not %s", name, algorithm)
	case parts[1] != again[1] || s.iterations < minIterations || s.iterations > maxIterations:
		err = fmt.Errorf("the iterations of %q must be a number from %d to %d",
			name, minIterations, maxIterations)
	case parts[2] != again[2] || len(s.salt) < minSaltSize:
		err = fmt.Errorf("the salt of %q must be %d octets or more in base64, without =",
			name, minSaltSize)
	case parts[3] != again[3] || len(s.hash) != hashSize:
		err = fmt.Errorf("the hash of %q must be %d octets in base64, without =", name, hashSize)
	}
	return name, s, err
}

// encode returns a secret as it is in a list, after the name and the colon.
func (s *secret) encode() string {
	return fmt.Sprintf("%s$%d$%s$%s", algorithm, s.iterations,
		encoding.EncodeToString(s.salt), encoding.EncodeToString(s.hash))
}

// CheckName refuses a name that cannot be in a list or in a request (RFC 7617 section 2), and white space
// around a name, which is hard to see in a list.
func CheckName(name string) error {
	switch {
	case name == "" || name[0] == '#':
		return errors.New("a name must not be empty or begin with #")
	case strings.Contains(name, ":"):
		return errors.New("a name must not contain a colon")
	case strings.TrimSpace(name) != name:
		return fmt.Errorf("white space must not be at the beginning or the end of a name: %q", name)
	}
	return checkText("name", name)
}

func checkText(what, s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("a %s must be UTF-8", what)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7F }) {
		return fmt.Errorf("a %s must not contain control characters", what)
	}
	return nil
}

// Line returns the line of a list for a user, without a line end. It returns an error if a request
// cannot contain the name or the password.
func Line(name, password string) (string, error) {
	if err := CheckName(name); err != nil {
		return "", err
	}
	if err := checkText("password", password); err != nil {
		return "", err
	}
	if password == "" {
		return "", errors.New("a password must not be empty")
	}
	salt := make([]byte, newSaltSize)
	rand.Read(salt)
	return line(name, password, salt, newIterations)
}

func line(name, password string, salt []byte, iterations int) (string, error) {
	hash, err := derive(password, salt, iterations)
	s := secret{iterations, salt, hash}
	return name + ":" + s.encode(), err
}

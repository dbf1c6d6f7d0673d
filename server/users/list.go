package users

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode/utf8"
)

const algorithm = "pbkdf2-sha256"

var encoding = base64.RawStdEncoding // without padding

// readFile reads the list of users in a file. An error names the file and the line.
func readFile(path string) (*Users, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err // names the file
	}
	if isUTF16(text) {
		return nil, fmt.Errorf("%s is in UTF-16, which > in Windows PowerShell writes. "+
			"To save it as ASCII, type in PowerShell:\n"+
			"  (Get-Content '%[1]s') | Set-Content -Encoding ascii '%[1]s'", path)
	}
	u, err := Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return u, nil
}

// isUTF16 reports whether a text is in UTF-16: it begins with a byte order mark, or half of its
// first character is NUL.
func isUTF16(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	mark := binary.BigEndian.Uint16(text)
	return mark == 0xFEFF || mark == 0xFFFE || (text[0] == 0) != (text[1] == 0)
}

// A File is the list of users in a file, which can be read again. Its methods may be called from
// many goroutines.
type File struct {
	path  string
	users atomic.Pointer[Users]
}

// Open reads the list of users in a file. An error names the file and the line.
func Open(path string) (*File, error) {
	f := &File{path: path}
	if _, err := f.Reload(); err != nil {
		return nil, err
	}
	return f, nil
}

// Reload reads the file again and returns the number of users. If it returns an error, the list has
// not changed.
func (f *File) Reload() (users int, err error) {
	u, err := readFile(f.path)
	if err != nil {
		return 0, err
	}
	f.users.Store(u)
	return len(u.secrets), nil
}

// Check does what Users.Check does.
func (f *File) Check(name, password string) (bool, error) {
	return f.users.Load().Check(name, password)
}

// Parse reads a list of users. A list without users is an error. An error shows the name in a line
// and nothing else of it.
func Parse(text string) (*Users, error) {
	if strings.HasPrefix(text, "\uFEFF") {
		return nil, errors.New("line 1: it begins with a byte order mark; save it as UTF-8 without BOM")
	}
	secrets, lines := make(map[string]secret), make(map[string]int)
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		name, s, err := parseLine(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if first, twice := lines[name]; twice {
			return nil, fmt.Errorf("line %d: the name %q is already in line %d", n, name, first)
		}
		secrets[name], lines[name] = s, n
	}
	if len(secrets) == 0 {
		return nil, errors.New("the list has no users; the flag -hash of the server prints a line for one")
	}
	return newUsers(secrets), nil
}

// parseLine reads name ":" algorithm "$" iterations "$" salt "$" hash.
func parseLine(line string) (name string, s secret, err error) {
	name, rest, ok := strings.Cut(line, ":")
	parts := strings.Split(rest, "$")
	if !ok || len(parts) != 4 {
		return "", s, errors.New("want name:" + algorithm + "$iterations$salt$hash, as " +
			"the flag -hash of the server prints it")
	}
	if err := CheckName(name); err != nil {
		return "", s, err
	}
	if parts[0] != algorithm {
		return "", s, fmt.Errorf("the hash of %q is not %s", name, algorithm)
	}
	s.iterations, err = strconv.Atoi(parts[1])
	if err != nil || s.iterations < minIterations || s.iterations > maxIterations ||
		parts[1] != strconv.Itoa(s.iterations) {
		return "", s, fmt.Errorf("the iterations of %q must be a number from %d to %d",
			name, minIterations, maxIterations)
	}
	// To encode again finds what the decoder ignores: CR, LF and the unused bits of the last digit.
	s.salt, _ = encoding.DecodeString(parts[2])
	if len(s.salt) < minSaltSize || encoding.EncodeToString(s.salt) != parts[2] {
		return "", s, fmt.Errorf("the salt of %q must be %d octets or more in base64, without =",
			name, minSaltSize)
	}
	s.hash, _ = encoding.DecodeString(parts[3])
	if len(s.hash) != hashSize || encoding.EncodeToString(s.hash) != parts[3] {
		return "", s, fmt.Errorf("the hash of %q must be %d octets in base64, without =",
			name, hashSize)
	}
	return name, s, nil
}

// CheckName refuses a name that cannot be in a list or in a request (RFC 7617 section 2).
func CheckName(name string) error {
	switch {
	case name == "" || name[0] == '#':
		return errors.New("a name must not be empty or begin with #")
	case strings.Contains(name, ":"):
		return errors.New("a name must not contain a colon")
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
	hash, err := pbkdf2.Key(sha256.New, password, salt, iterations, hashSize)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s:%s$%d$%s$%s", name, algorithm, iterations,
		encoding.EncodeToString(salt), encoding.EncodeToString(hash)), nil
}

// Package users knows who may do what not everybody may: names, and passwords as nobody can read
// them. A password is kept as PBKDF2 makes it of password and salt (RFC 8018 section 5.2), so
// slowly that whoever steals the list still has to guess for a long time.
//
// A list is a text, one line for each user:
//
//	name:pbkdf2-sha256$iterations$salt$hash
//
// with salt and hash in base64 without padding. Empty lines and lines that begin with # are for
// people. There is one reading of it, and a line that is something else is refused by its number.
package users

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"runtime"
	"sync"
)

const (
	fewest, most = 1000, 10_000_000 // iterations that are taken
	iterations   = 600_000          // of a new line
	saltSize     = 16               // of a new line, in octets
	leastSalt    = 8                // that is taken
	hashSize     = sha256.Size
	remembered   = 1024 // pairs of name and password
	queued       = 16   // checks that wait for each one that is hashing
)

// Users are those of a list. Check may be called from many goroutines.
type Users struct {
	secrets map[string]secret
	unknown secret // is checked for a name that is not there
	longest int    // iterations of every check
	derive  func(password string, salt []byte, iterations, size int) ([]byte, error)

	// To hash for every request would be to let every client slow the server down. What was right
	// once is remembered, not as a password: as a digest that is worth nothing without the key, and
	// the key ends with the program.
	key     []byte
	mu      sync.Mutex
	right   map[[sha256.Size]byte]bool
	hashing chan struct{} // has room for the hashes under way; half of the machine serves others
	queue   chan struct{} // has room for those and for the checks that wait for them
}

// ErrBusy is that a password was not checked, because too many others are.
var ErrBusy = errors.New("too many passwords are being checked")

// A secret is what is kept of a password.
type secret struct {
	iterations int
	salt, hash []byte
}

func newUsers(secrets map[string]secret) *Users {
	half := max(1, runtime.GOMAXPROCS(0)/2)
	u := &Users{
		secrets: secrets,
		unknown: secret{fewest, make([]byte, saltSize), make([]byte, hashSize)},
		longest: fewest,
		derive:  pbkdf2SHA256,
		key:     make([]byte, sha256.Size),
		right:   make(map[[sha256.Size]byte]bool),
		hashing: make(chan struct{}, half),
		queue:   make(chan struct{}, half*(1+queued)),
	}
	rand.Read(u.key)
	for _, s := range secrets {
		u.longest = max(u.longest, s.iterations)
	}
	return u
}

func pbkdf2SHA256(password string, salt []byte, iterations, size int) ([]byte, error) {
	return pbkdf2.Key(sha256.New, password, salt, iterations, size)
}

// Check reports whether name and password go together. A check takes as long as one for the user
// with the most iterations, whatever the name and whether it is known, so that its time tells
// nothing. Only a pair that was right before takes less. Checks wait in a queue; when the queue is
// full, the error is ErrBusy.
func (u *Users) Check(name, password string) (bool, error) {
	digest := u.digest(name, password)
	if u.remembers(digest) {
		return true, nil
	}
	select {
	case u.queue <- struct{}{}:
		defer func() { <-u.queue }()
	default:
		return false, ErrBusy
	}
	u.hashing <- struct{}{}
	defer func() { <-u.hashing }()
	s, known := u.secrets[name]
	if !known {
		s = u.unknown
	}
	if !u.matches(&s, password) || !known {
		return false, nil
	}
	u.remember(digest)
	return true, nil
}

// matches compares in a time that does not depend on what is compared, nor on how many iterations
// the secret has: those that it has fewer than the longest are done for nothing.
func (u *Users) matches(s *secret, password string) bool {
	hash, err := u.derive(password, s.salt, s.iterations, len(s.hash))
	if more := u.longest - s.iterations; more > 0 {
		u.derive(password, s.salt, more, len(s.hash))
	}
	return err == nil && subtle.ConstantTimeCompare(hash, s.hash) == 1
}

// digest names a pair of name and password. A name holds no NUL, so no two pairs have the same.
func (u *Users) digest(name, password string) (digest [sha256.Size]byte) {
	mac := hmac.New(sha256.New, u.key)
	mac.Write([]byte(name + "\x00" + password))
	mac.Sum(digest[:0])
	return digest
}

func (u *Users) remembers(digest [sha256.Size]byte) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.right[digest]
}

// remember remembers what was right. When there is no room it forgets some other: map order is as
// good as chance.
func (u *Users) remember(digest [sha256.Size]byte) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for other := range u.right {
		if len(u.right) < remembered {
			break
		}
		delete(u.right, other)
	}
	u.right[digest] = true
}

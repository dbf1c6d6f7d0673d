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
//
//	users.go  checks a name and a password
//	list.go   reads and writes a list of users
package users

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"sync"

	"rawhttp/server/internal/queue"
)

const (
	minIterations = 1000
	maxIterations = 10_000_000
	newIterations = 600_000 // of a new line
	newSaltSize   = 16      // of a new line, in octets
	minSaltSize   = 8
	hashSize      = sha256.Size
	maxRemembered = 1024 // pairs of name and password
)

// Users are the users of a list. Check may be called from many goroutines.
type Users struct {
	secrets map[string]secret
	unknown secret // checked for a name that is not in the list
	longest int    // the iterations of every check
	derive  func(password string, salt []byte, iterations, size int) ([]byte, error)
	hashing *queue.Queue

	// Without a memory every request would need a slow hash. So pairs that were right are remembered:
	// not the password, but an HMAC with a random key that is lost when the program ends.
	key        []byte
	mu         sync.Mutex
	remembered map[[sha256.Size]byte]bool
}

// ErrBusy means that a password was not checked because too many others are being checked.
var ErrBusy = errors.New("too many passwords are being checked")

// A secret is what is stored of a password.
type secret struct {
	iterations int
	salt, hash []byte
}

func newUsers(secrets map[string]secret) *Users {
	u := &Users{
		secrets:    secrets,
		unknown:    secret{minIterations, make([]byte, newSaltSize), make([]byte, hashSize)},
		longest:    minIterations,
		derive:     pbkdf2SHA256,
		hashing:    queue.New(16),
		key:        make([]byte, sha256.Size),
		remembered: make(map[[sha256.Size]byte]bool),
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

// Check reports whether a user has a password. Every check takes as long as one for the user with
// the most iterations, whether the name exists or not, so its time reveals nothing. Only a pair
// that was right before is faster. Checks wait in a queue; if the queue is full, Check returns
// ErrBusy.
func (u *Users) Check(name, password string) (right bool, err error) {
	digest := u.digest(name, password)
	if u.remembers(digest) {
		return true, nil
	}
	s, known := u.secrets[name]
	if !known {
		s = u.unknown
	}
	if !u.hashing.Do(func() { right = u.matches(&s, password) && known }) {
		return false, ErrBusy
	}
	if right {
		u.remember(digest)
	}
	return right, nil
}

// matches reports whether a password has the hash of a secret. Its time depends neither on the two
// hashes nor on the iterations of the secret: it always computes the longest number of iterations.
func (u *Users) matches(s *secret, password string) bool {
	hash, err := u.derive(password, s.salt, s.iterations, len(s.hash))
	if more := u.longest - s.iterations; more > 0 {
		u.derive(password, s.salt, more, len(s.hash))
	}
	return err == nil && subtle.ConstantTimeCompare(hash, s.hash) == 1
}

// digest identifies a pair of name and password. A name in a list has no NUL, so two pairs never
// have the same digest.
func (u *Users) digest(name, password string) (digest [sha256.Size]byte) {
	mac := hmac.New(sha256.New, u.key)
	mac.Write([]byte(name + "\x00" + password))
	mac.Sum(digest[:0])
	return digest
}

func (u *Users) remembers(digest [sha256.Size]byte) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.remembered[digest]
}

// remember remembers a pair that was right. If there is no room, it forgets any other pair.
func (u *Users) remember(digest [sha256.Size]byte) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for other := range u.remembered {
		if len(u.remembered) < maxRemembered {
			break
		}
		delete(u.remembered, other)
	}
	u.remembered[digest] = true
}

package etcd

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	leaseTime = 60 * time.Second
	renewTime = 15 * time.Second // between two renewals
	// A change is begun and believed only this long after a renewal. The rest of the lease is for
	// the attempts of the change, and for clocks that run at different speeds.
	trustTime = 40 * time.Second
)

// A lease owns slots. When it expires, etcd removes the slots, and refuses changes that use them.
type lease struct {
	id int64

	mu      sync.Mutex
	renewed time.Time // zero if the lease is lost
	free    []*slot
	made    int
}

// A slot is a key that one change at a time puts its token into.
type slot struct {
	lease    *lease
	key      []byte
	revision uint64 // of the last token; 0 if there was none
}

// newLease asks etcd for a lease. A repeated request for the same ID is harmless: the second one
// is refused, and the renewal says whether the lease exists.
func (t *Table) newLease() (*lease, error) {
	var id [8]byte
	rand.Read(id[:])
	l := &lease{id: int64(binary.BigEndian.Uint64(id[:])>>1 | 1)}
	began := time.Now()
	request := leaseRequest{ID: l.id, TTL: int64(leaseTime / time.Second)}
	if inDoubt, err := t.client.call("/v3/lease/grant", &request, &struct{}{}, usual); err != nil {
		if !inDoubt {
			return nil, err
		}
		return l, t.renew(l)
	}
	l.renewed = began
	return l, nil
}

// errLeaseLost means that etcd has no such lease.
var errLeaseLost = errors.New("the lease has expired")

// renew makes a lease last for leaseTime from now.
func (t *Table) renew(l *lease) error {
	began := time.Now()
	var response keepAliveResponse
	request := leaseRequest{ID: l.id}
	if _, err := t.client.call("/v3/lease/keepalive", &request, &response, usual); err != nil {
		return err
	}
	if response.Result.TTL == 0 {
		l.lose()
		return errLeaseLost
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.renewed = began
	return nil
}

// keepLease renews the lease until the table is closed, and replaces it if it is lost.
func (t *Table) keepLease() {
	wait := renewTime
	for {
		select {
		case <-t.closed:
			return
		case <-t.leaseLost:
		case <-time.After(wait):
		}
		wait = renewTime
		l := t.lease.Load()
		err := errLeaseLost
		if l.trusted() {
			err = t.renew(l)
		}
		if errors.Is(err, errLeaseLost) {
			if l, err = t.newLease(); err == nil {
				t.lease.Store(l)
			}
		}
		if err != nil {
			wait = time.Second
		}
	}
}

func (l *lease) trusted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.renewed) < trustTime
}

func (l *lease) lose() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.renewed = time.Time{}
}

// takeSlot returns a slot that no other change uses.
func (t *Table) takeSlot() (*slot, error) {
	l := t.lease.Load()
	if !l.trusted() {
		t.replaceLease(l)
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, errLeaseLost)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if last := len(l.free) - 1; last >= 0 {
		s := l.free[last]
		l.free = l.free[:last]
		return s, nil
	}
	l.made++
	return &slot{lease: l, key: fmt.Appendf(nil, "%sslot/%x/%d", t.prefix, l.id, l.made)}, nil
}

// giveBack makes a slot free for the next change. A slot that a delayed attempt may still write to
// is never given back.
func (s *slot) giveBack() {
	s.lease.mu.Lock()
	defer s.lease.mu.Unlock()
	s.lease.free = append(s.lease.free, s)
}

// put returns the operation that puts a token into the slot.
func (s *slot) put(token string) operation {
	return operation{Put: &putRequest{Key: s.key, Value: []byte(token), Lease: s.lease.id}}
}

// replaceLease makes keepLease replace a lease that is lost.
func (t *Table) replaceLease(l *lease) {
	l.lose()
	select {
	case t.leaseLost <- struct{}{}:
	default:
	}
}

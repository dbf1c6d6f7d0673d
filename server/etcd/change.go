package etcd

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

const (
	leaseTime = 60 * time.Second
	// renewTime is how often the table takes a new lease, for the receipts of the changes that begin
	// after that. A change is decided long before its lease expires. Etcd removes 2,000 receipts in
	// about 30 ms, during which changes wait, so a busy server does not collect more of them in one
	// lease.
	renewTime = 5 * time.Second
)

// noLease is an ID that no lease has. Etcd refuses a change with it as it does after a lease has expired.
const noLease = -1

// newLease asks etcd for a lease. If it is called twice, the first lease expires unused.
func (t *Table) newLease() error {
	var granted leaseMessage
	request := leaseMessage{TTL: int64(leaseTime / time.Second)}
	if _, err := t.client.call("/v3/lease/grant", &request, &granted, usual); err != nil {
		return err
	}
	t.lease.Store(granted.ID)
	return nil
}

// renewLease takes a new lease from time to time, until the table is closed. If that fails, the present
// one is used until etcd says that it has expired.
func (t *Table) renewLease() {
	for t.client.ctx.Err() == nil {
		pause(t.client.ctx, renewTime)
		t.newLease()
	}
}

// A receipt is the key that shows what became of one change.
type receipt struct {
	key   []byte
	lease int64
}

// The values of the key.
const (
	made      = "made"      // the change was made
	cancelled = "cancelled" // it was not, and never will be
)

func (r receipt) put(value string) operation {
	return operation{Put: &putRequest{Key: r.key, Value: []byte(value), Lease: r.lease}}
}

func get(key []byte) operation { return operation{Range: &rangeRequest{Key: key}} }

// change makes a change once, if its conditions hold. If not, it returns ErrChanged, and whether
// there is a row. See the documentation of the package.
func (t *Table) change(
	id int64, op operation, conditions []compare,
) (version uint64, there bool, err error) {
	r := receipt{[]byte(t.o.Prefix + "receipt/" + rand.Text()), t.lease.Load()}
	const row, ofReceipt = 0, 1 // the operations that read, if the conditions do not hold
	var response txnResponse
	try := func() (inDoubt bool, err error) {
		return t.client.call(txnPath, &txnRequest{
			Compare: append(conditions, unchanged(r.key, missing)),
			Success: []operation{op, t.putLast(), r.put(made)},
			Failure: []operation{row: get(t.rowKey(id)), ofReceipt: get(r.key)},
		}, &response, usual)
	}
	inDoubt, err := try()
	no, refused := errors.AsType[*refusal](err)
	if refused && no.Code == codeNotFound && !errors.Is(err, ErrUnknown) && t.newLease() == nil {
		// The node does not have the lease, and has changed nothing. Try again, once.
		r.lease = t.lease.Load()
		inDoubt, err = try()
	}
	if err != nil {
		version, err = t.failed(r, err)
		return version, false, err
	}
	if response.Succeeded {
		return response.Header.Revision, false, nil
	}
	if found := response.found(ofReceipt); found != nil { // an earlier attempt has made the change
		return found.ModRevision, false, nil
	}
	if inDoubt {
		version, err = t.cancel(r)
	} else {
		err = ErrChanged
	}
	return version, response.found(row) != nil, err
}

// cancel makes sure that an attempt with an unclear outcome is not made after the change was reported
// as a conflict: it stores the value cancelled in the place of the receipt. If the attempt was faster, the
// change was made, and cancel returns its version.
func (t *Table) cancel(r receipt) (version uint64, err error) {
	request := txnRequest{
		Compare: []compare{unchanged(r.key, missing)},
		Success: []operation{r.put(cancelled)},
		Failure: []operation{get(r.key)},
	}
	var response txnResponse
	if _, err := t.client.call(txnPath, &request, &response, usual); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	if found := response.found(0); found != nil && string(found.Value) == made {
		return found.ModRevision, nil
	}
	return 0, ErrChanged
}

// failed finds out what became of a change that got no decision. When several changes reach the quota of
// space together, etcd can report no space for a change that it has made.
func (t *Table) failed(r receipt, err error) (version uint64, _ error) {
	switch {
	case errors.Is(err, ErrUnavailable), errors.Is(err, ErrUnknown):
		return 0, err
	case !errors.Is(err, ErrNoSpace):
		return 0, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	found, readErr := t.read(r.key, now, usual)
	switch {
	case readErr != nil:
		return 0, fmt.Errorf("%w: %w", ErrUnknown, readErr)
	case found != nil:
		return found.ModRevision, nil
	}
	return 0, err
}

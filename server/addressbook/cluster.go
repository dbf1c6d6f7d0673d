package addressbook

import (
	"encoding/json"
	"fmt"
	"time"

	"rawhttp/server/etcd"
)

// A cluster is a store in etcd, which several servers can share. One address is read from etcd each
// time. The list is made from a copy in memory, which follows every change of the cluster. It has at
// least the changes that were made before the request.
//
// Max limits the addresses as well as it can: servers that create addresses at the same time may
// together exceed it by as many as they create at that time.
type cluster struct {
	table *etcd.Table
	cache *memory
}

// stored is an address as it is kept in etcd.
type stored struct {
	Modified time.Time `json:"modified"`
	Address  address   `json:"address"`
}

func encodeStored(a address, modified time.Time) []byte {
	value, err := json.Marshal(stored{modified.UTC(), a})
	if err != nil {
		panic(err) // an address can always be encoded
	}
	return value
}

// openCluster opens the store that the options say, whose keys in etcd begin with a prefix. The first
// addresses are those of a new store. The cluster follows its changes in cache, which is empty.
func openCluster(o Options, prefix string, first []address, cache *memory) (store, error) {
	c := &cluster{cache: cache}
	cache.modified = time.Time{}
	var rows []etcd.Row
	for _, a := range first {
		rows = append(rows, etcd.Row{ID: a.ID, Value: encodeStored(a, c.cache.clock())})
	}
	var err error
	c.table, err = etcd.Open(etcd.Options{Endpoints: o.Etcd, TLS: o.EtcdTLS, User: o.EtcdUser,
		Prefix: prefix, First: rows, Clock: cache.clock, Apply: c.apply})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// apply makes the cache follow a change of the table. A row that is not an address is not in the list.
func (c *cluster) apply(u etcd.Update) {
	entries := make([]*entry, len(u.Rows))
	for i, row := range u.Rows {
		entries[i], _ = entryOf(row)
	}
	m := c.cache
	m.making.Lock()
	defer m.making.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.latest = nil // even if the table has the same version, after a change by another program
	if u.All {
		clear(m.byID)
	}
	for i, row := range u.Rows {
		if entries[i] == nil {
			delete(m.byID, row.ID)
		} else {
			m.byID[row.ID] = entries[i]
		}
	}
	if u.Modified.After(m.modified) {
		m.modified = u.Modified
	}
	m.changes.Store(u.Version)
}

// entryOf returns the entry of a row, nil if there is no address.
func entryOf(row etcd.Row) (*entry, error) {
	if row.Value == nil {
		return nil, nil
	}
	var s stored
	err := json.Unmarshal(row.Value, &s)
	if err == nil && s.Address.ID != row.ID {
		err = fmt.Errorf("it has the ID %d", s.Address.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("the row %d in etcd is not an address: %w", row.ID, err)
	}
	e := newEntry(s.Address, s.Modified)
	e.version = row.Version
	return e, nil
}

func (c *cluster) get(id int64) (*entry, error) {
	row, err := c.table.Get(id)
	if err != nil {
		return nil, err
	}
	return entryOf(row)
}

func (c *cluster) list() (*list, error) {
	if err := c.table.Sync(); err != nil {
		return nil, err
	}
	return c.cache.list()
}

func (c *cluster) change(id int64, a *address, old *entry, listVersion uint64) (e *entry, err error) {
	var seen, version uint64
	if old != nil {
		seen = old.version
	} else if err := c.checkRoom(id); err != nil {
		return nil, err
	}
	var value []byte
	if a != nil {
		now := c.cache.timeOfChange(old)
		e, value = newEntry(*a, now), encodeStored(*a, now)
	}
	if version, err = c.table.Change(id, value, seen, listVersion); err != nil {
		return nil, translate(err)
	}
	if e != nil {
		e.version = version
	}
	return e, nil
}

// lockList does nothing, because other servers change the list too.
func (c *cluster) lockList() (unlock func()) { return func() {} }

// checkRoom returns errFull if no address may be added. If the copy in memory is full, checkRoom first waits for
// the changes of the other servers. If one of them has added this address, it returns errExists, which says more
// to the client.
func (c *cluster) checkRoom(id int64) error {
	if !c.full() {
		return nil
	}
	if err := c.table.Sync(); err != nil {
		return fmt.Errorf("%w: %w", errUnavailable, err)
	}
	switch old, err := c.get(id); {
	case err != nil:
		return fmt.Errorf("%w: %w", errUnavailable, err)
	case old != nil:
		return errExists
	case c.full():
		return errFull
	}
	return nil
}

func (c *cluster) full() bool {
	c.cache.mu.RLock()
	defer c.cache.mu.RUnlock()
	return c.cache.full()
}

func (c *cluster) ping() error { return c.table.Ping() }

func (c *cluster) close() { c.table.Close() }

func (c *cluster) appendMetrics(dst []byte) []byte { return c.table.AppendMetrics(dst) }

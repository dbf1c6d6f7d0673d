package journal

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing/fstest"
)

// A fakeDisk is a file system in memory that can fail at any step and lose power. It keeps what the
// programs see apart from what is on the disk. A page reaches the disk when it is synced, or by
// chance; so does the length of a file, and so does each change of a name.
type fakeDisk struct {
	mu     sync.Mutex
	rng    *rand.Rand
	names  map[string]*inode // as programs see them
	stable map[string]*inode // as they are on the disk
	loose  []func(map[string]*inode)
	locked map[*inode]*fakeHandle
	closes bool // whether an open file cannot be renamed or replaced

	steps  int // that were taken
	failAt int // the first step that fails; 0 is none
	times  int // how many steps fail, unless the power is off
	how    fault
	failed []string        // what these steps were
	blocks func(op string) // if not nil, called before each operation
	syncs  int
}

type fault int

const (
	failBefore  fault = iota // the operation has no effect
	failPartly               // a part of it has happened
	failAfter                // all of it has happened, but an error is returned
	failNoSpace              // a part or all of it has happened; the error is that of a full disk
	losePower                // nothing works any more
)

var (
	errFault = errors.New("input/output error")
	errFull  = errors.New("the disk is full")
	errPower = errors.New("the power is off")
)

const page = 16

type inode struct {
	seen, stable []byte
	dirty        map[int]bool // pages
	mode         fs.FileMode
}

func newFakeDisk(seed uint64) *fakeDisk {
	return &fakeDisk{rng: rand.New(rand.NewPCG(seed, 1)), names: map[string]*inode{},
		stable: map[string]*inode{}, locked: map[*inode]*fakeHandle{}}
}

// fakeFile returns a disk with a file of these octets.
func fakeFile(name string, octets []byte) *fakeDisk {
	d := newFakeDisk(1)
	n := &inode{seen: slices.Clone(octets), stable: slices.Clone(octets), dirty: map[int]bool{}}
	d.names[name], d.stable[name] = n, n
	return d
}

func (d *fakeDisk) octets(name string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := d.names[name]; n != nil {
		return slices.Clone(n.seen)
	}
	return nil
}

// step takes d.mu, which the caller releases. It returns which error the operation ends with, if
// any, and how much of the operation is done.
func (d *fakeDisk) step(op string) (how fault, err error) {
	if d.blocks != nil {
		d.blocks(op)
	}
	d.mu.Lock()
	d.steps++
	switch {
	case d.failAt == 0 || d.steps < d.failAt || d.steps >= d.failAt+d.times && d.how != losePower:
		return failAfter, nil
	case len(d.failed) < d.times:
		d.failed = append(d.failed, op)
	}
	switch d.how {
	case losePower:
		return failBefore, errPower
	case failNoSpace:
		return failPartly + fault(d.rng.IntN(2)), errFull
	}
	return d.how, errFault
}

// crash is a power cut: what was not synced is on the disk by chance.
func (d *fakeDisk) crash() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, change := range d.loose {
		if d.rng.IntN(2) == 0 {
			change(d.stable)
		}
	}
	d.restart()
	for _, n := range d.stable {
		n.lose(d.rng)
	}
	d.names = maps.Clone(d.stable)
}

// kill ends the programs; the system goes on.
func (d *fakeDisk) kill() {
	d.mu.Lock()
	defer d.mu.Unlock()
	loose := d.loose
	d.restart()
	d.loose = loose
}

func (d *fakeDisk) restart() { d.loose, d.locked, d.failAt = nil, map[*inode]*fakeHandle{}, 0 }

func (n *inode) lose(rng *rand.Rand) {
	size := len(n.stable)
	if rng.IntN(2) == 0 {
		size = len(n.seen)
	}
	for p := range n.dirty {
		if rng.IntN(2) == 0 {
			n.settle(p)
		}
	}
	n.stable = append(n.stable, make([]byte, max(0, size-len(n.stable)))...)[:size]
	n.seen, n.dirty = slices.Clone(n.stable), map[int]bool{}
}

// settle puts a page on the disk.
func (n *inode) settle(p int) {
	from, to := p*page, min(len(n.seen), (p+1)*page)
	if from >= to {
		return
	}
	n.stable = append(n.stable, make([]byte, max(0, to-len(n.stable)))...)
	copy(n.stable[from:to], n.seen[from:to])
}

// settleAll puts the file on the disk, its length too.
func (n *inode) settleAll() {
	for p := range n.dirty {
		n.settle(p)
	}
	size := len(n.seen)
	n.stable = append(n.stable, make([]byte, max(0, size-len(n.stable)))...)[:size]
}

func (d *fakeDisk) isUnder(name string, f file) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.names[name] == f.(*fakeHandle).n
}

func (d *fakeDisk) noSpace(err error) bool { return errors.Is(err, errFull) }

// rename and remove change a name, at once for programs and by chance on the disk.
func (d *fakeDisk) change(how fault, change func(map[string]*inode)) {
	if how == failAfter {
		change(d.names)
		d.loose = append(d.loose, change)
	}
}

func (d *fakeDisk) open(name string, flag int, mode fs.FileMode) (file, error) {
	how, err := d.step("open " + name)
	defer d.mu.Unlock()
	n := d.names[name]
	switch {
	case err == nil && n == nil && flag&os.O_CREATE == 0:
		return nil, fs.ErrNotExist
	case err == nil && n != nil && flag&os.O_EXCL != 0:
		return nil, fs.ErrExist
	case n == nil && flag&os.O_CREATE != 0:
		n = &inode{dirty: map[int]bool{}, mode: mode}
		d.change(how, func(names map[string]*inode) { names[name] = n })
	}
	if err != nil {
		return nil, err
	}
	f := &fakeHandle{d: d, n: n, name: name}
	if flag&os.O_RDWR != 0 {
		if d.locked[n] != nil {
			return nil, ErrInUse
		}
		d.locked[n] = f
	}
	return f, nil
}

func (d *fakeDisk) rename(from, to string) error {
	how, err := d.step("rename " + from)
	defer d.mu.Unlock()
	n := d.names[from]
	switch {
	case err == nil && n == nil:
		return fs.ErrNotExist
	case d.closes && (d.locked[n] != nil || d.locked[d.names[to]] != nil):
		return errors.New("the file is open")
	}
	d.change(how, func(names map[string]*inode) { delete(names, from); names[to] = n })
	return err
}

func (d *fakeDisk) remove(name string) error {
	how, err := d.step("remove " + name)
	defer d.mu.Unlock()
	if err == nil && d.names[name] == nil {
		return fs.ErrNotExist
	}
	d.change(how, func(names map[string]*inode) { delete(names, name) })
	return err
}

func (d *fakeDisk) closesToRename() bool { return d.closes }

func (d *fakeDisk) openDir(name string) (directory, error) {
	_, err := d.step("open directory " + name)
	defer d.mu.Unlock()
	return fakeDirectory{d, name}, err
}

type fakeDirectory struct {
	d    *fakeDisk
	name string
}

func (fakeDirectory) Close() error { return nil }

func (f fakeDirectory) Sync() error {
	d := f.d
	how, err := d.step("sync of directory " + f.name)
	defer d.mu.Unlock()
	if how == failAfter {
		for _, change := range d.loose {
			change(d.stable)
		}
		d.loose = nil
	}
	return err
}

type fakeHandle struct {
	d      *fakeDisk
	n      *inode
	name   string
	closed bool
}

func (f *fakeHandle) Chmod(fs.FileMode) error { return nil }

func (f *fakeHandle) ReadAt(p []byte, off int64) (int, error) {
	_, err := f.d.step("read " + f.name)
	defer f.d.mu.Unlock()
	switch {
	case f.closed:
		return 0, fs.ErrClosed
	case err != nil:
		return 0, err
	case off >= int64(len(f.n.seen)):
		return 0, io.EOF
	}
	n := copy(p, f.n.seen[off:])
	if n < len(p) {
		err = io.EOF
	}
	return n, err
}

func (f *fakeHandle) WriteAt(p []byte, off int64) (int, error) {
	how, err := f.d.step("write " + f.name)
	defer f.d.mu.Unlock()
	if f.closed {
		return 0, fs.ErrClosed
	}
	switch how {
	case failBefore:
		p = nil
	case failPartly:
		p = p[:f.d.rng.IntN(len(p)+1)]
	}
	f.n.seen = append(f.n.seen, make([]byte, max(0, int(off)+len(p)-len(f.n.seen)))...)
	copy(f.n.seen[off:], p)
	for at := int(off) / page * page; at < int(off)+len(p); at += page {
		f.n.dirty[at/page] = true
	}
	if f.d.rng.IntN(4) == 0 { // the system writes everything back, although nothing asks for it
		f.n.settleAll()
	}
	return len(p), err
}

func (f *fakeHandle) Truncate(size int64) error {
	how, err := f.d.step("truncate " + f.name)
	defer f.d.mu.Unlock()
	if how == failAfter {
		f.n.seen = f.n.seen[:size]
		f.n.dirty[int(size)/page] = true
	}
	return err
}

// A sync that fails makes pages clean that are not on the disk: the next sync does not write them.
func (f *fakeHandle) Sync() error {
	how, err := f.d.step("sync " + f.name)
	defer f.d.mu.Unlock()
	f.d.syncs++
	for p := range f.n.dirty {
		if how == failPartly && f.d.rng.IntN(2) == 0 {
			f.n.settle(p)
		}
	}
	if how == failAfter {
		f.n.settleAll()
	}
	if err != errPower {
		f.n.dirty = map[int]bool{}
	}
	return err
}

func (f *fakeHandle) Stat() (fs.FileInfo, error) {
	_, err := f.d.step("stat " + f.name)
	defer f.d.mu.Unlock()
	if err != nil {
		return nil, err
	}
	name := strings.TrimPrefix(filepath.ToSlash(f.name), "/")
	return fs.Stat(fstest.MapFS{name: {Data: f.n.seen, Mode: f.n.mode}}, name)
}

func (f *fakeHandle) Close() error {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	f.closed = true
	if f.d.locked[f.n] == f {
		delete(f.d.locked, f.n)
	}
	return nil
}

package eventlog

import (
	"bytes"
	"io"
	"sync"
	"time"
)

const (
	// Most is how many octets of lines a Buffer keeps that it could not write yet. It may have as many
	// again that are being written.
	Most = 1 << 20

	// delay is how long a line waits for others that are written with it.
	delay = 5 * time.Millisecond
)

// A Buffer collects the lines of a log and writes them to a destination. It may be used by several
// goroutines at once.
type Buffer struct {
	to      io.Writer
	midLine bool // the last write to it ended within a line
	report  func(dropped int64)

	mu      sync.Mutex
	lines   []byte // not yet given to the destination
	spare   []byte // storage for the next lines, while these are being written
	dropped int64  // lines, in all
	closed  bool

	wake chan struct{} // has a value if there are lines
	done chan struct{} // closed when all is written
}

// NewBuffer returns a Buffer that writes to a destination. After lines were dropped it calls report,
// if that is not nil, with their number. report may write to the Buffer.
func NewBuffer(to io.Writer, report func(dropped int64)) *Buffer {
	b := &Buffer{to: to, report: report, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go b.run()
	return b
}

// Write adds one or more whole lines. It does not wait for the destination, and it never fails: lines
// for which there is no room are dropped and counted. After a Close that has written all lines, it
// writes to the destination itself.
func (b *Buffer) Write(lines []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.done:
		return b.write(lines)
	default:
	}
	if len(b.lines)+len(lines) > Most {
		b.dropped += lineEnds(lines)
		return len(lines), nil
	}
	if len(b.lines) == 0 && !b.closed {
		b.wake <- struct{}{} // has room, because run took the last one before it took the lines
	}
	b.lines = append(b.lines, lines...)
	return len(lines), nil
}

// Dropped returns how many lines were dropped since the start.
func (b *Buffer) Dropped() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped
}

// Close writes all lines that the Buffer has. It returns when they are written, or after a time if
// the destination does not take them.
func (b *Buffer) Close(atMost time.Duration) {
	b.mu.Lock()
	if !b.closed {
		b.closed = true
		close(b.wake)
	}
	b.mu.Unlock()
	select {
	case <-b.done:
	case <-time.After(atMost):
	}
}

// run writes lines until the Buffer is closed and all of them are written.
func (b *Buffer) run() {
	var reported int64
	for range b.wake {
		time.Sleep(delay)
		lines, dropped := b.take()
		if n, err := b.write(lines); err != nil {
			b.lose(lines[n:])
		} else if dropped > reported && b.report != nil {
			b.report(dropped - reported)
			reported = dropped
		}
		b.giveBack(lines)
	}
	for !b.end() {
		lines, _ := b.take()
		b.write(lines)
	}
}

// write writes lines to the destination. If the last write ended within a line, as it does when a disk
// is full, write ends that line first.
func (b *Buffer) write(lines []byte) (int, error) {
	if b.midLine {
		if _, err := b.to.Write([]byte("\n")); err != nil {
			return 0, err
		}
	}
	n, err := b.to.Write(lines)
	b.midLine = n > 0 && lines[n-1] != '\n'
	return n, err
}

// end closes done if all lines were given to the destination, and reports whether they were.
func (b *Buffer) end() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.lines) > 0 {
		return false
	}
	close(b.done)
	return true
}

// take returns the lines that came and how many were dropped until now. New lines go elsewhere.
func (b *Buffer) take() (lines []byte, dropped int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	lines = b.lines
	b.lines, b.spare = b.spare[:0], nil
	return lines, b.dropped
}

// giveBack makes the storage of lines that were written available for others.
func (b *Buffer) giveBack(lines []byte) {
	b.mu.Lock()
	b.spare = lines
	b.mu.Unlock()
}

// lose counts lines that the destination did not take.
func (b *Buffer) lose(lines []byte) {
	b.mu.Lock()
	b.dropped += lineEnds(lines)
	b.mu.Unlock()
}

func lineEnds(lines []byte) int64 { return int64(bytes.Count(lines, []byte("\n"))) }

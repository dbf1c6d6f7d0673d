package eventlog

import (
	"bytes"
	"io"
	"sync"
	"time"
)

const (
	// MaxPending is the largest number of octets of lines that wait in a Buffer. In addition, the Buffer may
	// have as many octets that it is writing now.
	MaxPending = 1 << 20

	// delay is how long a line waits for others that are written with it. Each write costs a wakeup: with 5 ms,
	// a request on a kept-alive connection takes a tenth more CPU time (go run ./examples/speed).
	delay = 20 * time.Millisecond
)

// A Buffer collects the lines of a log and writes them to a destination. It may be used by several
// goroutines at the same time.
type Buffer struct {
	to     io.Writer
	report func(dropped int64)
	timer  *time.Timer // calls writeLines

	writing  chan struct{} // has a value while a goroutine writes to the destination
	midLine  bool          // the last write ended within a line
	reported int64         // how many dropped lines were reported

	mu      sync.Mutex
	lines   []byte // not yet given to the destination
	spare   []byte // storage for the next lines, while these are being written
	dropped int64  // lines, in all
}

// NewBuffer returns a Buffer that writes to a destination. After lines were dropped it calls report,
// if that is not nil, with their number. report may write to the Buffer.
func NewBuffer(to io.Writer, report func(dropped int64)) *Buffer {
	b := &Buffer{to: to, report: report, writing: make(chan struct{}, 1)}
	b.timer = time.AfterFunc(delay, func() { b.writeLines() })
	return b
}

// Write adds one or more whole lines. It does not wait for the destination, and it never fails: lines
// that do not fit are dropped and counted.
func (b *Buffer) Write(lines []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case len(b.lines)+len(lines) > MaxPending:
		b.dropped += lineEnds(lines)
		return len(lines), nil
	case len(b.lines) == 0:
		b.timer.Reset(delay)
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

// Flush writes all lines that the Buffer has. It returns when they are written, or after a time if
// the destination does not take them. The Buffer can be used after that.
func (b *Buffer) Flush(atMost time.Duration) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for b.writeLines() {
		}
	}()
	select {
	case <-done:
	case <-time.After(atMost):
	}
}

// writeLines writes the lines that have come, and reports whether there were any. Lines that the destination
// does not take are dropped.
func (b *Buffer) writeLines() bool {
	b.writing <- struct{}{}
	defer func() { <-b.writing }()
	b.mu.Lock()
	lines, dropped := b.lines, b.dropped
	if len(lines) == 0 {
		b.mu.Unlock()
		return false
	}
	b.lines, b.spare = b.spare[:0], nil
	b.mu.Unlock()

	n, err := b.write(lines)
	if err == nil && dropped > b.reported && b.report != nil {
		b.report(dropped - b.reported)
		b.reported = dropped
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dropped += lineEnds(lines[n:])
	b.spare = lines
	return true
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

func lineEnds(lines []byte) int64 { return int64(bytes.Count(lines, []byte("\n"))) }

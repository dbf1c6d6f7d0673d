package eventlog

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// definition is what a Handler must agree with: slog.TextHandler, without the date and without the level
// of records that report no trouble.
func definition(to io.Writer) slog.Handler {
	return slog.NewTextHandler(to, &slog.HandlerOptions{Level: slog.LevelDebug,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			switch {
			case len(groups) > 0:
			case a.Key == slog.TimeKey:
				return slog.String(a.Key, a.Value.Time().Format(time.TimeOnly))
			case a.Key == slog.LevelKey && a.Value.Any() == slog.LevelInfo:
				return slog.Attr{}
			}
			return a
		}})
}

// request is what the line of a request says.
type request struct {
	peer, line string
	took       time.Duration
}

func (r *request) LogValue() slog.Value {
	return slog.GroupValue(slog.String("peer", r.peer), slog.String("line", r.line), slog.Duration("took", r.took))
}

func (r *request) AppendAttrs(b []byte) []byte {
	b = AppendString(append(b, " peer="...), r.peer)
	b = AppendString(append(b, " line="...), []byte(r.line))
	return append(append(b, " took="...), r.took.String()...)
}

// noText is a value that has no text.
type noText struct{}

func (noText) MarshalText() ([]byte, error) { return nil, errors.New("no text") }

func sameAsDefinition(t *testing.T, log func(slog.Handler)) {
	t.Helper()
	var got, want bytes.Buffer
	log(NewHandler(&got, slog.LevelDebug))
	log(definition(&want))
	// TextHandler leaves DEL as it is, and a Handler writes no control character.
	if w := strings.ReplaceAll(want.String(), "\x7f", `\x7f`); got.String() != w {
		t.Errorf("got  %q\nwant %q", got.String(), w)
	}
}

var noon = time.Date(2026, 11, 26, 12, 0, 59, 999, time.Local)

func TestHandler(t *testing.T) {
	for _, attrs := range [][]slog.Attr{
		nil,
		{slog.Uint64("id", 1), slog.Int("status", 200), slog.Int64("in", -5), slog.Bool("ok", true)},
		{slog.Any("", get), slog.Any("named", get), slog.Group("g", slog.Any("", get))},
		{slog.String("line", get.line), slog.String("empty", ""), slog.String("a key", "a=b")},
		{slog.Duration("took", 54*time.Microsecond), slog.Duration("took", 1500*time.Microsecond),
			slog.Duration("took", 0), slog.Duration("took", -time.Microsecond), slog.Duration("took", 1)},
		{slog.Any("none", noText{}), slog.Any("some", netip.IPv6Loopback()), slog.Int("after", 1)},
		{slog.Any("", struct{ slog.LogValuer }{get})}, // has no AppendAttrs
		{slog.Any("error", errors.New("it is broken")), slog.Any("error", nil),
			slog.Any("value", []int{1, 2}), slog.Any("octets", []byte("GET")), slog.Float64("f", 1.5), slog.Time("t", noon.UTC())},
		{slog.Group("g", slog.Int("a", 1), slog.Group("h", slog.Int("b", 2)), slog.Group("none"))},
		{{Value: slog.GroupValue(slog.Int("inline", 1), slog.String("x", "y z"))}, {}},
	} {
		for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, 2} {
			sameAsDefinition(t, func(h slog.Handler) {
				r := slog.NewRecord(noon, level, "a request", 0)
				r.AddAttrs(attrs...)
				h.Handle(context.Background(), r)
				r = slog.NewRecord(time.Time{}, level, "request", 0)
				r.AddAttrs(attrs...)
				from := h.WithAttrs([]slog.Attr{slog.String("peer", "a b"), slog.Int("port", 80)}).WithGroup("g")
				h = from.WithAttrs([]slog.Attr{slog.Int("n", 1)})
				from.WithAttrs([]slog.Attr{slog.Int("not", 1)}) // stands in no line of h
				h.Handle(context.Background(), r)
				next := noon.Add(time.Second)
				for _, at := range []time.Time{noon, next, next.In(time.FixedZone("", 3600))} {
					h.Handle(context.Background(), slog.NewRecord(at, level, "the next", 0))
				}
			})
		}
	}
	if NewHandler(nil, slog.LevelInfo).Enabled(context.Background(), slog.LevelDebug) {
		t.Error("a record below the level is enabled")
	}
}

func FuzzHandler(f *testing.F) {
	for _, s := range []string{"GET / HTTP/1.0", "", `a"b`, "\x00\x1b[31m", "\u009b\u202e\U000e0001é", `"\ `, "\\ ",
		"\\", "\xff", "a\x7f=b", "µs\u00a0"} {
		f.Add(s, s, s, int64(len(s)))
	}
	f.Fuzz(func(t *testing.T, msg, key, value string, n int64) {
		if strings.ContainsRune(msg+key+value, 0x7f) {
			t.Skip("TextHandler writes DEL as it is")
		}
		sameAsDefinition(t, func(h slog.Handler) {
			r := slog.NewRecord(noon, slog.LevelInfo, msg, 0)
			r.AddAttrs(slog.String(key, value), slog.Any("", &request{key, value, time.Duration(n)}),
				slog.Group(key, slog.Int64(key, n)))
			h.Handle(context.Background(), r)
		})
	})
}

// nesting is a destination that gets another line while it writes one.
type nesting struct {
	bytes.Buffer
	h slog.Handler
}

func (n *nesting) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("outer")) {
		handle(n.h, slog.String("peer", "inner"))
	}
	return n.Buffer.Write(line)
}

// A line that is being written does not change when another one is made.
func TestLinesAtOnce(t *testing.T) {
	n := new(nesting)
	n.h = NewHandler(n, slog.LevelInfo)
	handle(n.h, slog.String("peer", "outer"))
	want := "time=12:00:59 msg=request peer=inner\ntime=12:00:59 msg=request peer=outer\n"
	if n.String() != want {
		t.Errorf("got %q, want %q", n, want)
	}
}

// handle handles the record of a request.
func handle(h slog.Handler, attrs ...slog.Attr) {
	r := slog.NewRecord(noon, slog.LevelInfo, "request", 0)
	r.AddAttrs(attrs...)
	h.Handle(context.Background(), r)
}

var get = &request{"127.0.0.1:51658", "GET /address_book/api/v1.0/addresses HTTP/1.0", 54 * time.Microsecond}

func TestAllocs(t *testing.T) {
	build, _ := debug.ReadBuildInfo()
	if slices.Contains(build.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("skipped: with -race a sync.Pool drops some of what it gets")
	}
	b := NewBuffer(io.Discard, nil)
	defer b.Flush(time.Second)
	h := NewHandler(b, slog.LevelInfo)
	log := func() {
		handle(h, slog.Any("", get))
		handle(h, slog.Uint64("id", 123456), slog.String("peer", get.peer), slog.Duration("took", 12345*get.took))
	}
	log()
	if n := testing.AllocsPerRun(1000, log); n > 0 {
		t.Errorf("%v allocations a line", n)
	}
}

func BenchmarkLine(b *testing.B) {
	buffer := NewBuffer(io.Discard, nil)
	defer buffer.Flush(time.Second)
	h, whole := NewHandler(buffer, slog.LevelInfo), slog.Any("", get)
	for _, bench := range []struct {
		name  string
		h     slog.Handler
		attrs []slog.Attr
	}{
		{"Attrs", h, []slog.Attr{whole}},
		{"LogValue", h, get.LogValue().Group()},
		{"slog.TextHandler", definition(buffer), []slog.Attr{whole}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				handle(bench.h, bench.attrs...)
			}
		})
	}
}

// destination takes octets only while it is open, and counts its calls.
type destination struct {
	sync.Mutex
	bytes.Buffer
	calls int
	err   error
	takes int           // octets of a Write that returns err
	gate  chan struct{} // Write waits until it is closed
}

func (d *destination) Write(p []byte) (int, error) {
	if d.gate != nil {
		<-d.gate
	}
	d.Lock()
	defer d.Unlock()
	d.calls++
	if d.err != nil {
		d.Buffer.Write(p[:d.takes])
		return d.takes, d.err
	}
	return d.Buffer.Write(p)
}

// Lines that come together are written together, soon, and in their order.
func TestBuffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := new(destination)
		b := NewBuffer(d, nil)
		for range 3 {
			b.Write([]byte("one\n"))
			time.Sleep(delay / 2)
			b.Write([]byte("two\n"))
			time.Sleep(delay / 2)
			synctest.Wait()
		}
		if want := strings.Repeat("one\ntwo\n", 3); d.String() != want || d.calls != 3 {
			t.Errorf("got %q in %d calls", d.String(), d.calls)
		}
		b.Write([]byte("last\n"))
		b.Flush(time.Minute)
		if !strings.HasSuffix(d.String(), "two\nlast\n") {
			t.Errorf("after Flush: %q", d.String())
		}
		b.Write([]byte("later\n"))
		b.Flush(time.Minute)
		if !strings.HasSuffix(d.String(), "last\nlater\n") {
			t.Errorf("after Flush: %q", d.String())
		}
	})
}

// A destination that takes nothing does not stop the writers. Lines beyond Most are dropped, and their
// number is reported when the destination takes octets again.
func TestStuckDestination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &destination{gate: make(chan struct{})}
		var reported []int64
		var b *Buffer
		b = NewBuffer(d, func(n int64) { reported = append(reported, n); b.Write([]byte("dropped\n")) })
		b.Write([]byte("first\n"))
		time.Sleep(2 * delay) // the destination has it
		synctest.Wait()
		line := []byte(strings.Repeat("x", 1<<10-1) + "\n")
		for range MaxPending/len(line) + 3 {
			b.Write(line)
		}
		if b.Dropped() != 3 || len(b.lines) != MaxPending {
			t.Errorf("%d dropped, %d octets kept", b.Dropped(), len(b.lines))
		}
		start := time.Now()
		close(d.gate)
		time.Sleep(10 * delay)
		synctest.Wait()
		b.Flush(time.Minute)
		if want := len("first\n") + MaxPending + len("dropped\n"); d.Len() != want || time.Since(start) > time.Second {
			t.Errorf("%d octets written, want %d, after %v", d.Len(), want, time.Since(start))
		}
		if len(reported) != 1 || reported[0] != 3 {
			t.Errorf("reported %v", reported)
		}
	})
}

func TestFlushOfStuckDestination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &destination{gate: make(chan struct{})}
		b := NewBuffer(d, nil)
		b.Write([]byte("line\n"))
		start := time.Now()
		b.Flush(time.Second)
		if took := time.Since(start); took != time.Second {
			t.Errorf("Flush took %v", took)
		}
		b.Write([]byte("later\n"))                      // does not wait for the destination, nor overtake
		b.Write(bytes.Repeat([]byte("\n"), MaxPending)) // is dropped, with nothing to report it to
		close(d.gate)
		b.Flush(time.Minute)
		if d.String() != "line\nlater\n" {
			t.Errorf("written: %q", d.String())
		}
	})
}

// Lines that a destination refuses are counted, and so are lines for which there is no room.
func TestBrokenDestination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := new(destination)
		var reported []int64
		b := NewBuffer(d, func(n int64) { reported = append(reported, n) })
		for _, step := range []struct {
			err     error
			takes   int
			lines   string
			dropped int64 // so far: the lines that were not taken as a whole
		}{
			{os.ErrClosed, 0, "none\n", 1},
			{os.ErrClosed, len("one\nt"), "one\ntwo\nthree\n", 3},
			{os.ErrClosed, 0, "none\n", 4},
			{nil, 0, "four\n", 4}, // a disk that was full has room again
		} {
			d.err, d.takes = step.err, step.takes
			b.Write([]byte(step.lines))
			time.Sleep(2 * delay)
			synctest.Wait()
			if b.Dropped() != step.dropped {
				t.Errorf("after %q %d are dropped, want %d", step.lines, b.Dropped(), step.dropped)
			}
		}
		if want := "one\nt\nfour\n"; d.String() != want || !slices.Equal(reported, []int64{4}) {
			t.Errorf("got %q, want %q; reported %d", d.String(), want, reported)
		}
		b.Write(bytes.Repeat([]byte("\n"), MaxPending+1))
		if b.Dropped() != 4+MaxPending+1 {
			t.Errorf("%d dropped, %d of them without room", b.Dropped(), MaxPending+1)
		}
		b.Flush(time.Second)
	})
}

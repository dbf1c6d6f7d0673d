// Package metrics writes numbers in the text format of Prometheus.
package metrics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// AppendFamily appends the two lines that come before the samples of a metric. The kind is counter,
// gauge or histogram.
func AppendFamily(dst []byte, name, kind, help string) []byte {
	return fmt.Appendf(dst, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// AppendNumber appends a metric that has one sample. It is a counter if its name ends in _total, as
// those of Prometheus do, and a gauge if not.
func AppendNumber(dst []byte, name, help string, n int64) []byte {
	kind := "gauge"
	if strings.HasSuffix(name, "_total") {
		kind = "counter"
	}
	return fmt.Appendf(AppendFamily(dst, name, kind, help), "%s %d\n", name, n)
}

// A Histogram counts durations. The zero Histogram is empty and ready to use, by many goroutines.
type Histogram struct {
	counts [len(bounds) + 1]atomic.Uint64
	sum    atomic.Int64
}

// bounds are the upper bounds of the buckets. The last bucket has none.
var bounds = [...]time.Duration{
	100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond, time.Millisecond,
	2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 500 * time.Millisecond, time.Second, 10 * time.Second, time.Minute,
}

// Observe counts n durations of d each.
func (h *Histogram) Observe(n int, d time.Duration) {
	i, _ := slices.BinarySearch(bounds[:], d)
	h.counts[i].Add(uint64(n))
	h.sum.Add(int64(n) * int64(d))
}

// Append appends the histogram, in seconds.
func (h *Histogram) Append(dst []byte, name, help string) []byte {
	dst = AppendFamily(dst, name, "histogram", help)
	total := uint64(0)
	for i := range h.counts {
		total += h.counts[i].Load()
		bound := "+Inf"
		if i < len(bounds) {
			bound = strconv.FormatFloat(bounds[i].Seconds(), 'g', -1, 64)
		}
		dst = fmt.Appendf(dst, "%s_bucket{le=%q} %d\n", name, bound, total)
	}
	sum := time.Duration(h.sum.Load()).Seconds()
	return fmt.Appendf(dst, "%s_sum %g\n%s_count %d\n", name, sum, name, total)
}

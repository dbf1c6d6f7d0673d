// Package ratio measures two pieces of code against each other in one run, turn by turn. Machines
// differ, and one machine differs from minute to minute; the ratio of the medians stays almost the
// same.
package ratio

import (
	"slices"
	"testing"
	"time"
)

// Report runs ours and other in turn, as often as the benchmark allows. Each call does the same number of
// operations. Report reports the time of one operation of ours. Under the given unit it reports the ratio:
// the time of other divided by the time of ours.
func Report(b *testing.B, operations int, unit string, ours, other func()) {
	var mine, theirs []time.Duration
	for b.Loop() {
		mine = append(mine, timed(ours))
		theirs = append(theirs, timed(other))
	}
	m, t := median(mine), median(theirs)
	b.ReportMetric(0, "ns/op") // of both together: of no use
	b.ReportMetric(m/float64(operations), "ns/ours")
	b.ReportMetric(t/m, unit)
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// median returns the median in nanoseconds.
func median(ds []time.Duration) float64 {
	slices.Sort(ds)
	return float64(ds[len(ds)/2])
}

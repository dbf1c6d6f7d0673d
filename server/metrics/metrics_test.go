package metrics

import (
	"testing"
	"time"
)

func TestHistogram(t *testing.T) {
	var h Histogram
	h.Observe(3, time.Millisecond)
	h.Observe(2, time.Millisecond+1)
	h.Observe(1, time.Hour)
	const want = `# HELP took_seconds How long it took.
# TYPE took_seconds histogram
took_seconds_bucket{le="0.0001"} 0
took_seconds_bucket{le="0.00025"} 0
took_seconds_bucket{le="0.0005"} 0
took_seconds_bucket{le="0.001"} 3
took_seconds_bucket{le="0.0025"} 5
took_seconds_bucket{le="0.005"} 5
took_seconds_bucket{le="0.01"} 5
took_seconds_bucket{le="0.05"} 5
took_seconds_bucket{le="0.1"} 5
took_seconds_bucket{le="0.5"} 5
took_seconds_bucket{le="1"} 5
took_seconds_bucket{le="10"} 5
took_seconds_bucket{le="60"} 5
took_seconds_bucket{le="+Inf"} 6
took_seconds_sum 3600.005000002
took_seconds_count 6
`
	if got := string(h.Append(nil, "took_seconds", "How long it took.")); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestAppendNumber(t *testing.T) {
	const want = "# HELP n Numbers.\n# TYPE n gauge\nn -7\n" +
		"# HELP n_total Sum.\n# TYPE n_total counter\nn_total 7\n"
	if got := string(AppendNumber(AppendNumber(nil, "n", "Numbers.", -7), "n_total", "Sum.", 7)); got != want {
		t.Errorf("got %q", got)
	}
}

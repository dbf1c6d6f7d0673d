package etcd

import "rawhttp/server/metrics"

// AppendMetrics appends counters in the text format of Prometheus.
func (t *Table) AppendMetrics(dst []byte) []byte {
	s := &t.client.stats
	for _, row := range []struct {
		name, help string
		n          int64
	}{
		{"connections_total", "Connections made to etcd.", s.dials.Load()},
		{"attempts_total", "Requests sent to etcd, each attempt counted.", s.attempts.Load()},
		{"failed_attempts_total", "Attempts without a response that decides.", s.failures.Load()},
		{"unavailable_total", "Calls that failed because no node responded.", s.unavailable.Load()},
		{"unknown_total", "Calls whose outcome is not known.", s.unknown.Load()},
	} {
		dst = metrics.AppendNumber(dst, "rawhttp_etcd_"+row.name, "counter", row.help, row.n)
	}
	return s.responses.Append(dst, "rawhttp_etcd_response_seconds", "Time until etcd responded.")
}

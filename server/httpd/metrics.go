package httpd

import (
	"fmt"
	"sync/atomic"

	"rawhttp/httpwire"
	"rawhttp/server/metrics"
)

// counters are what the server counts. A response costs one addition. Octets are added when they are read or
// sent, and times when responses are sent, because the server reads the clock then in any case.
type counters struct {
	responses   [600]atomic.Uint64 // by status code
	brokenRules [256]atomic.Uint64 // requests that broke a rule, by rule
	refused     atomic.Int64       // connections
	evicted     atomic.Int64       // connections
	received    atomic.Int64       // octets
	sent        atomic.Int64       // octets

	times metrics.Histogram // from the first octet of a request to its response
}

// Stopping reports whether the server has begun to stop.
func (s *Server) Stopping() bool { return s.stopping.Load() }

// AppendMetrics appends what the server has counted, in the text format of Prometheus. The time of a
// response runs from the first octet of its request until the response is sent. If several are sent
// together, each has the time of the last.
func (s *Server) AppendMetrics(dst []byte) []byte {
	m := &s.metrics
	dst = metrics.AppendFamily(dst, "rawhttp_requests_total", "counter", "Responses, by status code.")
	for code := range m.responses {
		if n := m.responses[code].Load(); n > 0 {
			dst = fmt.Appendf(dst, "rawhttp_requests_total{status=\"%d\"} %d\n", code, n)
		}
	}
	dst = metrics.AppendFamily(dst, "rawhttp_refused_total", "counter",
		"Requests that broke a rule, by rule.")
	for i := range m.brokenRules {
		rule := httpwire.Rule(i)
		if n := m.brokenRules[i].Load(); n > 0 {
			dst = fmt.Appendf(dst, "rawhttp_refused_total{rule=%q,status=\"%d\"} %d\n",
				rule.String(), statusOfRule(rule), n)
		}
	}
	number := func(name, help string, n int64) { dst = metrics.AppendNumber(dst, name, help, n) }
	number("rawhttp_received_bytes_total", "Octets of requests.", m.received.Load())
	number("rawhttp_sent_bytes_total", "Octets of responses.", m.sent.Load())
	number("rawhttp_connections", "Connections that are open.", s.open.Load())
	number("rawhttp_connections_refused_total",
		"Connections that were refused because there were too many.", m.refused.Load())
	number("rawhttp_connections_evicted_total",
		"Connections that were ended to make room for new ones.", m.evicted.Load())
	if s.LogDropped != nil {
		number("rawhttp_log_lines_dropped_total",
			"Lines of the log that were lost because it could not be written, or not fast enough.", s.LogDropped())
	}
	return m.times.Append(dst, "rawhttp_request_duration_seconds",
		"Time from the first octet of a request to its response.")
}

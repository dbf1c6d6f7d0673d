package httpd

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"rawhttp/httpwire"
)

// What the server counts. A response costs one addition. Octets and times are added when responses
// are sent, because the server reads the clock then in any case.
type metrics struct {
	responses [600]atomic.Uint64 // by status code
	broken    [256]atomic.Uint64 // requests that broke a rule, by rule
	refused   atomic.Uint64      // connections
	evicted   atomic.Uint64      // connections
	received  atomic.Int64       // octets
	sent      atomic.Int64       // octets

	took [len(times) + 1]atomic.Uint64 // responses by time
	sum  atomic.Int64                  // of those times
}

// times are the upper bounds of the histogram.
var times = [...]time.Duration{
	100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond, time.Millisecond,
	2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 500 * time.Millisecond, time.Second, 10 * time.Second, time.Minute,
}

// responded counts a response.
func (m *metrics) responded(code int) {
	if 0 <= code && code < len(m.responses) {
		m.responses[code].Add(1)
	}
}

// observe counts n responses and their time.
func (m *metrics) observe(n int, took time.Duration) {
	i := 0
	for i < len(times) && took > times[i] {
		i++
	}
	m.took[i].Add(uint64(n))
	m.sum.Add(int64(n) * int64(took))
}

// count counts the octets that have come, and the responses that are sent next.
func (c *conn) count() {
	m := &c.srv.metrics
	if n := c.in.Count() - c.counted; n > 0 {
		m.received.Add(n)
		c.counted += n
	}
	if c.unsent > 0 {
		m.observe(c.unsent, c.now.Sub(c.began))
		c.unsent = 0
	}
}

// Stopping reports whether the server has begun to stop.
func (s *Server) Stopping() bool { return s.stopping.Load() }

// AppendMetrics appends what the server has counted, in the text format of Prometheus. The time of a
// response runs from the first octet of its request until the response is sent. If several are sent
// together, each has the time of the last.
func (s *Server) AppendMetrics(dst []byte) []byte {
	m := &s.metrics
	dst = appendFamily(dst, "requests_total", "counter", "Responses, by status code.")
	for code := range m.responses {
		if n := m.responses[code].Load(); n > 0 {
			dst = fmt.Appendf(dst, "rawhttp_requests_total{status=\"%d\"} %d\n", code, n)
		}
	}
	dst = appendFamily(dst, "refused_total", "counter",
		"Requests that broke a rule, by rule.")
	for i := range m.broken {
		rule := httpwire.Rule(i)
		if n := m.broken[i].Load(); n > 0 {
			dst = fmt.Appendf(dst, "rawhttp_refused_total{rule=%q,status=\"%d\"} %d\n",
				rule.String(), statusOfRule(rule), n)
		}
	}
	dst = appendNumber(dst, "received_bytes_total", "counter", "Octets of requests.",
		m.received.Load())
	dst = appendNumber(dst, "sent_bytes_total", "counter", "Octets of responses.", m.sent.Load())
	dst = appendNumber(dst, "connections", "gauge", "Connections that are open.", s.open.Load())
	dst = appendNumber(dst, "connections_refused_total", "counter",
		"Connections that got a 503 because there were too many.", int64(m.refused.Load()))
	dst = appendNumber(dst, "connections_evicted_total", "counter",
		"Connections that were ended to make room for new ones.",
		int64(m.evicted.Load()))
	if s.LogDropped != nil {
		dst = appendNumber(dst, "log_lines_dropped_total", "counter",
			"Lines of the log that were lost because it was too slow.", s.LogDropped())
	}
	return m.appendTimes(dst)
}

// appendTimes appends the histogram. Its count is that of its last bucket, so that they agree.
func (m *metrics) appendTimes(dst []byte) []byte {
	const name = "request_duration_seconds"
	dst = appendFamily(dst, name, "histogram", "Time from the first octet of a request to its response.")
	total := uint64(0)
	for i := range m.took {
		total += m.took[i].Load()
		bound := "+Inf"
		if i < len(times) {
			bound = strconv.FormatFloat(times[i].Seconds(), 'g', -1, 64)
		}
		dst = fmt.Appendf(dst, "rawhttp_%s_bucket{le=%q} %d\n", name, bound, total)
	}
	sum := time.Duration(m.sum.Load()).Seconds()
	return fmt.Appendf(dst, "rawhttp_%s_sum %g\nrawhttp_%s_count %d\n", name, sum, name, total)
}

func appendNumber(dst []byte, name, kind, help string, n int64) []byte {
	return fmt.Appendf(appendFamily(dst, name, kind, help), "rawhttp_%s %d\n", name, n)
}

// appendFamily appends the two lines that precede the numbers of one name.
func appendFamily(dst []byte, name, kind, help string) []byte {
	return fmt.Appendf(dst, "# HELP rawhttp_%s %s\n# TYPE rawhttp_%s %s\n", name, help, name, kind)
}

package cli

import (
	"time"

	"rawhttp/httpwire/explain"
	"rawhttp/rawclient/report"
)

// appendJSON appends the document of -json.
func (c *client) appendJSON(b []byte) ([]byte, error) {
	request := report.NewMessage(explain.Request(c.req.Octets), int64(len(c.req.Octets)))
	x := report.Exchange{Version: report.Version, Server: c.exchange.Conn.RemoteAddr().String(),
		Request: *request, Framing: c.framing(), Timing: c.timing.report()}
	if c.out.total > 0 {
		x.Response = report.NewMessage(c.listResponse(), c.out.total)
	}
	x.Exit = c.exitCode()
	x.Notices = append(append([]string{}, c.said...), c.notes...)
	return x.Append(b)
}

// framing returns where the final response ends.
func (c *client) framing() *report.Framing {
	h := c.final
	if h == nil {
		return nil
	}
	return &report.Framing{Status: c.status, Ending: h.Framing.String(), Head: int64(len(h.Octets)),
		Body: c.out.total - c.bodyStart - c.closed.Surplus, Surplus: c.closed.Surplus, Complete: c.cut == nil}
}

// report returns the times in milliseconds since the start.
func (t *timing) report() report.Timing {
	since := func(at time.Time) *float64 { return report.Milliseconds(t.start, at) }
	return report.Timing{Connected: since(t.connected), Secured: since(t.secured), Sent: since(t.sent),
		First: since(t.first), Head: since(t.head), End: since(t.body), Closed: since(t.closed)}
}

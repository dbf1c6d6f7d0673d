package cli

import (
	"time"

	"rawhttp/httpwire/explain"
	"rawhttp/rawclient/report"
)

// moments are the times of -json. A time is zero if that has not happened.
type moments struct{ began, connected, head, end, closed time.Time }

// appendJSON appends the document of -json.
func (c *client) appendJSON(b []byte) ([]byte, error) {
	request := report.NewMessage(explain.Request(c.req.Octets), int64(len(c.req.Octets)))
	x := report.Exchange{Version: report.Version, Server: c.exchange.Conn.RemoteAddr().String(),
		Request: *request, Framing: c.framing(), Timing: c.moments.timing()}
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
		Body: c.out.total - c.bodyStart - c.surplus, Surplus: c.surplus, Complete: c.cut == nil}
}

func (m *moments) timing() report.Timing {
	since := func(t time.Time) *float64 { return report.Milliseconds(m.began, t) }
	return report.Timing{Connected: since(m.connected), Head: since(m.head), End: since(m.end),
		Closed: since(m.closed)}
}

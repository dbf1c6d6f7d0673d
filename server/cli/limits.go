package cli

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"
	"unicode"

	"rawhttp/httpwire/commandline"
	"rawhttp/server/httpd"
)

// limitFlags defines a flag for each limit. Its default is the present value. The help and the README are made from
// these flags.
func limitFlags(fs *flag.FlagSet, l *httpd.Limits) {
	number := func(to *int, name, help string) { fs.IntVar(to, name, *to, help) }
	octets := func(to *int64, name, help string) { fs.Int64Var(to, name, *to, "`octets` "+help) }
	duration := func(to *time.Duration, name, help string) { fs.Var((*commandline.Duration)(to), name, "`time` "+help) }

	number(&l.Line, "line", "`octets` of a request-line; 414")
	number(&l.Head, "head", "`octets` of a head; 431")
	number(&l.Fields, "fields", "`number` of fields in a head; 431")
	octets(&l.Body, "body", "of the body of a request; 413")
	duration(&l.HeadTime, "head-time", "for a head, from its first octet; 408; a connection on which nothing "+
		"comes is closed after the same time")
	duration(&l.BusyTime, "busy-time", "for a head, and for the first octet of a body, if more than half of -conns "+
		"are taken; 408")
	duration(&l.BodyTime, "body-time", "for a body, from the end of its head; 408")
	duration(&l.IdleTime, "idle-time", "between two requests; then the server closes the connection")
	duration(&l.SendTime, "send-time", "that a response may wait until its client takes it; then the server closes "+
		"the connection")
	octets(&l.SendRate, "send-rate", "of a response that give a client one second of -send-time back")
	octets(&l.InFlight, "in-flight", "of all long responses and events that clients have not taken yet; then a "+
		"response is a 503, and a page with events, such as /wall, has to connect again")
	octets(&l.Drain, "drain", "that are read and dropped after the last response, so that the response arrives; "+
		"then the server closes the connection")
	duration(&l.DrainTime, "drain-time", "for reading the octets of -drain; then the server closes the connection")
	number(&l.Conns, "conns", "`number` of connections at a time; the next one takes the place of one that has "+
		"waited for a second, or gets a 503")
}

// flagOf returns the name of the flag for a field of httpd.Limits, such as head-time for HeadTime.
func flagOf(limit string) string {
	var name strings.Builder
	for i, r := range limit {
		if i > 0 && unicode.IsUpper(r) {
			name.WriteByte('-')
		}
		name.WriteRune(unicode.ToLower(r))
	}
	return name.String()
}

// checkLimits returns an error, a sentence, if a limit cannot be used.
func checkLimits(l *httpd.Limits) error {
	err := l.Check()
	e, ok := errors.AsType[*httpd.LimitError](err)
	switch {
	case !ok:
		return err
	case e.TooLarge:
		return fmt.Errorf("-%s %s takes too much memory: write %s or less", flagOf(e.Limit), e.Value, e.Bound)
	}
	return fmt.Errorf("-%s %s is too little to serve anything: write %s or more", flagOf(e.Limit), e.Value, e.Bound)
}

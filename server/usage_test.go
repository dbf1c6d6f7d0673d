package main

import (
	"flag"
	"strings"
	"testing"

	"rawhttp/server/httpd"
)

// The page of help has each flag and its default, in its group, and fits a terminal.
func TestUsage(t *testing.T) {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.String("addr", "localhost:1", "listen on `host:port`, and then on many other ports as well, "+
		"one after the other")
	fs.Bool("v", false, "say more")
	limits := httpd.DefaultLimits
	limits.Flags(fs)
	page := usage(fs)
	general, limit, _ := strings.Cut(page, "Limits")
	for name, group := range map[string]string{"addr host:port": general, "v": general,
		"body octets": limit} {
		if !strings.Contains(group, "\n  -"+name+" ") {
			t.Errorf("-%s is not where it belongs", name)
		}
	}
	fs.VisitAll(func(f *flag.Flag) {
		if f.DefValue != "false" && !strings.Contains(page, "("+f.DefValue+")\n") {
			t.Errorf("the default of -%s is missing", f.Name)
		}
	})
	for line := range strings.Lines(page) {
		if len(line) > 80 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
}

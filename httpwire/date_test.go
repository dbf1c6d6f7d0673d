package httpwire_test

import (
	"regexp"
	"testing"
	"time"

	. "rawhttp/httpwire"
)

const article = 784111777 // Sun, 06 Nov 1994 08:49:37 GMT

// The mark precedes the octet at fault. It is at the start if each octet is allowed, but there is
// no such date. now is a year, or a time if that matters; if it is empty, the year is 2025.
var dates = []struct {
	name, in, now string
	unix          int64
}{
	{name: "9110-5.6.7-a IMF-fixdate", in: "Sun, 06 Nov 1994 08:49:37 GMT", unix: article},
	{name: "9110-5.6.7-a RFC 850", in: "Sunday, 06-Nov-94 08:49:37 GMT", unix: article},
	{name: "9110-5.6.7-a asctime", in: "Sun Nov  6 08:49:37 1994", unix: article},
	{name: "asctime, two digits", in: "Wed Nov 16 08:49:37 1994", unix: article + 10*86400},
	{name: "first second", in: "Thu, 01 Jan 1970 00:00:00 GMT", unix: 0},
	{name: "last second", in: "Fri, 31 Dec 9999 23:59:59 GMT", unix: 253402300799},
	{name: "leap day", in: "Tue, 29 Feb 2000 00:00:00 GMT", unix: 951782400},
	{name: "Wednesday", in: "Wednesday, 09-Nov-94 08:49:37 GMT", unix: article + 3*86400},
	{name: "9110-5.6.7-e leap second", in: "Sat, 31 Dec 2016 23:59:60 GMT", unix: 1483228800},
	{name: "9110-5.6.7-c 94 in 2025", in: "Sunday, 06-Nov-94 08:49:37 GMT", now: "2025",
		unix: article},
	{name: "9110-5.6.7-c 69 in 2025 is 2069", in: "Wednesday, 06-Nov-69 08:49:37 GMT", now: "2025",
		unix: 3150953377},
	{name: "9110-5.6.7-c 68 in 2010 is 1968", in: "Wednesday, 06-Nov-68 08:49:37 GMT", now: "2010",
		unix: -36342623},
	{name: "9110-5.6.7-c 00 in 1999 is 2000", in: "Saturday, 01-Jan-00 00:00:00 GMT", now: "1999",
		unix: 946684800},
	{name: "9110-5.6.7-c 50 years to the second", now: "2025-11-06 08:49:37",
		in: "Wednesday, 06-Nov-75 08:49:37 GMT", unix: 3340255777},
	{name: "9110-5.6.7-c 50 years and a second", now: "2025-11-06 08:49:36",
		in: "Thursday, 06-Nov-75 08:49:37 GMT", unix: 184495777},

	{name: "9110-5.6.7-d small letters", in: "‸sun, 06 nov 1994 08:49:37 gmt"},
	{name: "9110-5.6.7-d small month", in: "Sun, 06 ‸nov 1994 08:49:37 GMT"},
	{name: "9110-5.6.7-d PST", in: "Sun, 06 Nov 1994 08:49:37 ‸PST"},
	{name: "9110-5.6.7-d UTC", in: "Sun, 06 Nov 1994 08:49:37 ‸UTC"},
	{name: "9110-5.6.7-d offset", in: "Sun, 06 Nov 1994 08:49:37 ‸+0000"},
	{name: "9110-5.6.7-d two spaces", in: "Sun, ‸ 06 Nov 1994 08:49:37 GMT"},
	{name: "9110-5.6.7-d two spaces before the time", in: "Sun, 06 Nov 1994 ‸ 08:49:37 GMT"},
	{name: "9110-5.6.7-d HTAB", in: "Sun,‸\t06 Nov 1994 08:49:37 GMT"},
	{name: "9110-5.6.7-d wrong weekday", in: "‸Mon, 06 Nov 1994 08:49:37 GMT"},
	{name: "wrong weekday in full", in: "‸Monday, 06-Nov-94 08:49:37 GMT"},
	{name: "wrong weekday in asctime", in: "‸Mon Nov  6 08:49:37 1994"},
	{name: "short weekday in RFC 850", in: "Sun‸-day, 06-Nov-94 08:49:37 GMT"},
	{name: "other end of a weekday", in: "Sun‸sday, 06-Nov-94 08:49:37 GMT"},
	{name: "one digit", in: "Sun, 6‸ Nov 1994 08:49:37 GMT"},
	{name: "one digit in asctime", in: "Sun Nov 6‸ 08:49:37 1994"},
	{name: "0 in asctime", in: "‸Sun Nov  0 08:49:37 1994"},
	{name: "zone after asctime", in: "Sun Nov  6 08:49:37 1994‸ GMT"},
	{name: "octet after", in: "Sun, 06 Nov 1994 08:49:37 GMT‸ "},
	{name: "second date", in: "Sun, 06 Nov 1994 08:49:37 GMT‸, Sun, 06 Nov 1994 08:49:37 GMT"},
	{name: "day 0", in: "‸Sun, 00 Nov 1994 08:49:37 GMT"},
	{name: "day 32", in: "‸Sun, 32 Nov 1994 08:49:37 GMT"},
	{name: "30 February", in: "‸Wed, 30 Feb 1994 08:49:37 GMT"},
	{name: "29 February of no leap year", in: "‸Thu, 29 Feb 1900 08:49:37 GMT"},
	{name: "hour 24", in: "‸Sun, 06 Nov 1994 24:49:37 GMT"},
	{name: "minute 60", in: "‸Sun, 06 Nov 1994 08:60:37 GMT"},
	{name: "leap second before the year 10000", in: "‸Fri, 31 Dec 9999 23:59:60 GMT"},
	{name: "year before 0", in: "‸Sunday, 06-Nov-94 08:49:37 GMT", now: "0001"},
	{name: "second 61", in: "‸Sun, 06 Nov 1994 08:49:61 GMT"},
	{name: "sign", in: "Sun, ‸+6 Nov 1994 08:49:37 GMT"},
	{name: "month without a name", in: "Sun, 06 ‸Abc 1994 08:49:37 GMT"},
	{name: "half of two months", in: "Sun, 06 ‸anF 1994 08:49:37 GMT"},
	{name: "two digits of the year", in: "Sun, 06 Nov 94‸ 08:49:37 GMT"},
	{name: "four digits in RFC 850", in: "Sunday, 06-Nov-19‸94 08:49:37 GMT"},
	{name: "ISO 8601", in: "‸1994-11-06T08:49:37Z"},
	{name: "banana", in: "‸banana"},
}

// clock returns the time that now gives.
func clock(t *testing.T, now string) time.Time {
	t.Helper()
	const layout = "2006-01-02 15:04:05"
	if now == "" {
		now = "2025"
	}
	c, err := time.Parse(layout[:len(now)], now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParseDate(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*60*60)
	for _, d := range dates {
		t.Run(d.name, func(t *testing.T) {
			b, at := point(d.in)
			now := clock(t, d.now)
			got, err := ParseDate(b, now.In(tokyo))
			if at >= 0 {
				fault(t, err, b, at, RuleHTTPDate)
				return
			}
			if err != nil || got.Unix() != d.unix || got.Location() != time.UTC {
				t.Fatalf("%v (%d), %v, want %d", got, got.Unix(), err, d.unix)
			}
			for k := range b { // a date that breaks off is none
				got, err := ParseDate(b[:k:k], now)
				fault(t, err, b[:k], k, RuleHTTPDate)
				if !got.IsZero() {
					t.Errorf("%q: %v", b[:k], got)
				}
			}
		})
	}
}

// The time zone of the argument does not matter: 1945-3.3-c, 9110-5.6.7-b.
func TestAppendDate(t *testing.T) {
	form := regexp.MustCompile(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} ` +
		`\d\d:\d\d:\d\d GMT$`)
	start := time.Unix(article, 999)
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("JST", 9*60*60),
		time.FixedZone("", -12*60*60), time.Local} {
		got := string(AppendDate([]byte("Date: "), start.In(zone)))
		if got != "Date: Sun, 06 Nov 1994 08:49:37 GMT" {
			t.Errorf("%v: %s", zone, got)
		}
	}
	for day := range 3 * 366 {
		want := start.AddDate(0, 0, day).Truncate(time.Second)
		b := AppendDate(nil, want)
		if got, err := ParseDate(b, want); err != nil || !got.Equal(want) || !form.Match(b) {
			t.Errorf("%s: %v, %v", b, got, err)
		}
	}
}

package httpwire

import "time"

// Dates. There are three forms to read and one to write. time.Parse would accept a wrong weekday,
// any time zone and small letters, and it reads a year of two digits as one from 1969 to 2068.

const (
	dayNames   = "SunMonTueWedThuFriSat"
	monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec"
	imfFixdate = "Mon, 02 Jan 2006 15:04:05 GMT"
)

// AppendDate appends t in GMT to dst, in the form Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 section
// 5.6.7). Fractions of a second are left out. The year must be from 0 to 9999, because the form has four
// digits for it.
func AppendDate(dst []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(dst, imfFixdate)
}

// ParseDate reads a date in any of the three forms that RFC 9110 section 5.6.7 allows, and returns it
// in UTC. If the year has two digits, the date is at most 50 years after now. The second 60, a leap
// second, becomes the second 0 of the next minute. AppendDate can write every date that ParseDate returns.
//
// The error is a *SyntaxError, or an *IncompleteError if the date breaks off. The offset counts from
// the start of v. A recipient ignores a condition whose date is invalid (RFC 9110 section 13.1.3).
func ParseDate(v []byte, now time.Time) (time.Time, error) {
	s := scanner{b: v}
	t := s.date(now)
	if s.pos < len(v) {
		s.halt(RuleHTTPDate)
	}
	if err := s.err(); err != nil {
		return time.Time{}, err
	}
	return t, nil
}

// HTTP-date = IMF-fixdate / rfc850-date / asctime-date
//
// IMF-fixdate = day-name "," SP 2DIGIT SP month SP 4DIGIT SP time-of-day SP GMT
//
// rfc850-date = day-name-l "," SP 2DIGIT "-" month "-" 2DIGIT SP time-of-day SP GMT
//
// asctime-date = day-name SP month SP ( 2DIGIT / ( SP DIGIT ) ) SP time-of-day SP 4DIGIT
//
// time-of-day = 2DIGIT ":" 2DIGIT ":" 2DIGIT
func (s *scanner) date(now time.Time) time.Time {
	day := time.Weekday(s.nameOf(dayNames))
	last := now.UTC().AddDate(50, 0, 0)
	var d calendar
	switch o := s.peek(RuleHTTPDate); o {
	case ',':
		s.calendar(&d, ", %d %b %Y %H:%M:%S GMT")
	case ' ':
		s.calendar(&d, " %b %e %H:%M:%S %Y")
	default:
		s.expect(RuleHTTPDate, day.String()[len("Sun"):])
		s.calendar(&d, ", %d-%b-%y %H:%M:%S GMT")
		if d.year = last.Year() - (last.Year()-d.year)%100; d.time().After(last) {
			d.year -= 100
		}
	}
	if s.rule != 0 {
		return time.Time{}
	}
	midnight := time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC)
	t := d.time() // a leap second may be in the next year
	if midnight.Day() != d.day || midnight.Weekday() != day ||
		d.hour > 23 || d.minute > 59 || d.second > 60 || t.Year() < 0 || t.Year() > 9999 {
		s.pos = 0 // each octet is allowed, but there is no such date
		s.halt(RuleHTTPDate)
	}
	return t
}

// A calendar is a date as it is written. The second is 60 in a leap second.
type calendar struct {
	year                      int
	month                     time.Month
	day, hour, minute, second int
}

func (d *calendar) time() time.Time {
	return time.Date(d.year, d.month, d.day, d.hour, d.minute, d.second, 0, time.UTC)
}

// calendar reads a date in the given form. A percent sign and a letter stand for a part of the date, as
// in strftime of C. Any other octet stands for itself.
func (s *scanner) calendar(d *calendar, form string) {
	for i := 0; i < len(form); i++ {
		if form[i] != '%' {
			s.expect(RuleHTTPDate, form[i:i+1])
			continue
		}
		i++
		switch form[i] {
		case 'Y':
			d.year = s.number(4)
		case 'y':
			d.year = s.number(2)
		case 'b':
			d.month = time.Month(s.nameOf(monthNames) + 1)
		case 'd':
			d.day = s.number(2)
		case 'e': // SP stands for the first digit of a small number
			if s.at(' ') {
				s.pos++
				d.day = s.number(1)
			} else {
				d.day = s.number(2)
			}
		case 'H':
			d.hour = s.number(2)
		case 'M':
			d.minute = s.number(2)
		case 'S':
			d.second = s.number(2)
		}
	}
}

// number reads exactly n digits.
func (s *scanner) number(n int) (v int) {
	for range n {
		v = v*10 + int(s.digit(RuleHTTPDate))
	}
	return v
}

// nameOf reads one of the three-letter names in names, and returns its number.
func (s *scanner) nameOf(names string) int {
	for i := 0; i < len(names); i += 3 {
		name := names[i : i+3]
		n := min(len(name), len(s.b)-s.pos)
		if string(s.b[s.pos:s.pos+n]) != name[:n] {
			continue
		}
		if s.pos += n; n == len(name) {
			return i / 3
		}
		break // the octets end within the name
	}
	s.halt(RuleHTTPDate)
	return 0
}

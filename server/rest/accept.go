package rest

import (
	"bytes"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

// Prefer returns which of the media types the client would rather have, by its Accept fields (RFC
// 9110 section 12.5.1). In doubt, and when none of them will do, it is the first one: an answer in
// another form is more use than a 406 (section 12.4.1).
func Prefer(fs httpwire.Fields, types ...string) int {
	best, most := 0, 0.0
	for i, typ := range types {
		if q := quality(fs, typ); q > most {
			best, most = i, q
		}
	}
	return best
}

// quality returns how much the client wants a media type, from 0 to 1. Of the ranges that it falls
// into the most specific one counts.
func quality(fs httpwire.Fields, typ string) (q float64) {
	major, minor, _ := strings.Cut(typ, "/")
	specific := 0
	for list := range fs.Values("Accept") {
		for len(list) > 0 {
			var member []byte
			member, list = nextRange(list)
			m, err := httpwire.ParseMediaType(member)
			if err != nil {
				continue // what cannot be read is as good as not said
			}
			how := 0
			switch {
			case m.Is(major, minor):
				how = 3
			case m.Is(major, "*"):
				how = 2
			case m.Is("*", "*"):
				how = 1
			}
			if how > specific {
				specific, q = how, weight(&m)
			}
		}
	}
	return q
}

// nextRange cuts the first member off a list. A comma between quotes parts nothing.
func nextRange(list []byte) (member, rest []byte) {
	quoted := false
	for i, o := range list {
		switch {
		case o == '"' && (i == 0 || list[i-1] != '\\'):
			quoted = !quoted
		case o == ',' && !quoted:
			return bytes.Trim(list[:i], " \t"), list[i+1:]
		}
	}
	return bytes.Trim(list, " \t"), nil
}

// weight returns the q of a range, 1 if it has none, 0 if it is ill-formed:
//
//	qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
func weight(m *httpwire.MediaType) float64 {
	v, ok := m.Param("q")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(v, 64)
	if err != nil || len(v) > len("0.000") || strings.Trim(v, "0123456789.") != "" || q > 1 {
		return 0
	}
	return q
}

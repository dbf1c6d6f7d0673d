package httpwire_test

import (
	"strings"
	"testing"

	. "rawhttp/httpwire"
)

var mediaTypes = []struct {
	name, in string
	charset  string // of a type application/json that is well formed
}{
	{"1945-3.6-a capitals", "Application/JSON; Charset=UTF-8", "UTF-8"},
	{"1945-3.6-c unknown parameter", "application/json; foo=bar", ""},
	{"1945-3.6-c unknown parameter first", "application/json;foo=bar;charset=utf-8", "utf-8"},
	{"1945-2.1-b white space before the semicolon", "application/json \t;\t charset=utf-8", "utf-8"},
	{"9110-5.6.6-a quoted", `application/json; charset="utf-8"`, "utf-8"},
	{"9110-5.6.4-a quoted pair", `application/json; charset="utf\-8"`, "utf-8"},
	{"9110-5.6.4-a quoted quote", `application/json; a="\";charset=x"; charset="\"\\"`, `"\`},
	{"semicolon in quotes", `application/json; a=";charset=x"; charset=y`, "y"},
	{"empty quotes", `application/json; charset=""`, ""},
	{"obs-text in quotes", "application/json; charset=\"caf\xe9\"", "caf\xe9"},
	{"first of two", "application/json; charset=a; charset=b", "a"},
	{"missing parameters", "application/json;; ;charset=a;", "a"},

	{"nothing", "‸", ""},
	{"no slash", "application‸", ""},
	{"no type", "‸/json", ""},
	{"no subtype", "application/‸", ""},
	{"space before the slash", "application‸ /json", ""},
	{"space after the slash", "application/‸ json", ""},
	{"two types", "application/json‸, text/plain", ""},
	{"word after", "application/json ‸x", ""},
	{"9110-5.6.6-a space before =", "application/json; charset‸ = utf-8", ""},
	{"9110-5.6.6-a space after =", "application/json; charset=‸ utf-8", ""},
	{"parameter without value", "application/json; charset‸", ""},
	{"parameter with empty value", "application/json; charset=‸", ""},
	{"parameter without name", "application/json; ‸=utf-8", ""},
	{"quotes not closed", `application/json; charset="utf-8‸`, ""},
	{"quoted pair not closed", `application/json; charset="utf-8\‸`, ""},
	{"word after the quotes", `application/json; charset="utf"‸-8`, ""},
	{"NUL in quotes", "application/json; charset=\"‸\x00\"", ""},
	{"quoted NUL", "application/json; charset=\"\\‸\x00\"", ""},
}

func TestMediaType(t *testing.T) {
	for _, c := range mediaTypes {
		t.Run(c.name, func(t *testing.T) {
			b, at := point(c.in)
			m, err := ParseMediaType(b)
			if at >= 0 {
				fault(t, err, b, at, RuleMediaType)
				if m.Type != nil || m.Subtype != nil {
					t.Errorf("%q/%q", m.Type, m.Subtype)
				}
				return
			}
			charset, count := m.Param("CHARSET")
			want := strings.Count(strings.ToLower(strings.ReplaceAll(c.in, `;charset=x`, "")), "charset=")
			if err != nil || !m.Is("application", "json") || charset != c.charset || count != want {
				t.Errorf("%s/%s, charset %q, %d times, %v", m.Type, m.Subtype, charset, count, err)
			}
			if _, count := m.Param(""); count > 0 {
				t.Error("a parameter without a name has a value")
			}
			if _, count := m.Param("char"); count > 0 || m.Is("application", "jso") || m.Is("text", "json") {
				t.Error("it is what it is not")
			}
		})
	}
	if v, count := new(MediaType).Param(""); count > 0 {
		t.Errorf("no parameters hold %q", v)
	}
	buffer := []byte("a/b;c=d")
	m, _ := ParseMediaType(buffer)
	copy(buffer, "a/b;c= ")
	m.Param("c") // must not panic, although the value is gone
}

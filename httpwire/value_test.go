package httpwire

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The caret, ‸, precedes the first octet that does not fit. A value without a caret is valid.
var valueRows = []struct {
	name   string
	values []string
}{
	{"Content-Length", []string{"0", "42", "007", "99999999999999999999", "‸", "‸+1", "‸-1",
		"42‸x", "4‸ 2", "4‸,4", "‸x", "0‸x10", "1‸_0"}},
	{"Host", []string{"", "a", "a.example:80", "a:", "[::1]", "[::1]:80", "127.0.0.1",
		"%41", "‸:80", "a‸/", "a‸ b", "a:80‸x", "a,b", "u‸@a", "%4‸", "http:‸//a", "[‸]"}},
	{"Accept", []string{"", ",", " , ", "*/*", "text/*", "text/html;level=1;q=0.5",
		"text/html;q=0", "text/html;q=1.", "text/html;q=1.000", "text/html;q=0.123 , */*;q=0.1,",
		`text/html;a="x,\"y";q=0.5`, "text/html;;q=1", "text/html;q=1; ,*/*;,", "text/html ; q=1", "*‸", "text‸", "text/‸",
		"text/html;q‸", "text/html;q=‸", "text/html;q=‸2", "text/html;q=‸.5", "text/html;q=‸0.1234",
		"text/html;q=‸1.001", "text/html;q=‸00", "text/html;q=‸0.a", "text/html;q=0,5‸", "text/html ‸text/plain",
		"text/html;a=\"x‸", "a/b, *‸;q=.2", "a/b, ‸/c"}},
	{"Link", []string{"", ",", "</>;rel=a", "<>;rel=a", `<a>; rel="a b"`,
		"</>;rel=a,</>;REL=b", "<a>;;rel=x;", "<a>;x;rel=y", `<a>;title="<,>";rel=b , , <b>;rel=c,`,
		"<http://[::1]:80/a?b#c>;rel=d", "<a,b;c>;rel=d", "<%41>; rel=a", "<a> ; rel = a",
		"‸/;rel=a", "<‸", "<a‸ b>;rel=a", "<a‸<>;rel=a", "<a‸", "<%4‸>;rel=a", "<a>‸", "<a>;title=b‸",
		"<a>; rel=‸", "<a>; ‸=b", "<a>;rel=\"b‸", "<a>;rel=b ‸<c>;rel=d", "<a>‸,<b>;rel=c",
		"<a>;rel=b,‸c", "<‸\xE9"}},
	{"Location", []string{"", "/", "http://h:80/a?b#c", "a", "//h/", "#x", "?a=b",
		"http://[::1]/", "/%41", "/a‸ b", "/‸\xE9", "/%4‸", "/%‸zz", "/a‸<b>", "http://h/a‸\\b"}},
	{"Allow", []string{"", "GET", "GET, HEAD", ",GET,,PUT ,", "M-SEARCH", "GET ‸HEAD",
		"GET‸;HEAD", "‸\"GET\"", "GET, ‸/"}},
	{"Range", []string{"bytes=0-", "bytes=0-499", "bytes=-500", "Bytes=0-0 , 5-9,-1",
		"bytes=,0-1", "bytes= ,0-1", "bytes= \t, , 0-1", "bytes=‸ ", "bytes=‸ \t0-1", "lines=x", "‸", "bytes‸", "bytes‸ =0-1", "bytes=‸", "bytes=,‸", "bytes=‸a-b", "bytes=5‸",
		"bytes=-‸", "bytes=0-‸x", "bytes=9-‸5", "bytes=0-1‸;2-3", "bytes=‸ 0-1", "bytes=‸\t0-1", "bytes=5-,7-9", "bytes=5- ,7-9", "bytes=0‸ -1", "‸=0-1"}},
	{"Content-Range", []string{"bytes 0-499/1234", "bytes 0-0/*", "bytes */1234",
		"BYTES 0-499/500", "lines x", "‸", "bytes‸", "bytes ‸", "bytes‸=0-499/1234", "bytes 0‸", "bytes 0-‸/5",
		"bytes 0-4‸", "bytes 0-4/‸", "bytes 9-‸5/10", "bytes 0-499/‸499",
		"bytes 0-9223372036854775807/‸5", "bytes 0-9223372036854775807/9223372036854775808", "bytes */‸*", "bytes */5‸ ", "bytes ‸ 0-1/2"}},
	{"Transfer-Encoding", []string{"", "chunked", "gzip, chunked", ",Chunked,,gzip ,",
		"x;a=b", "x ; a = \"b,c\";d=e, chunked", "chunked‸;q=1", "chunked ‸; q=1", "x;‸", "x;a‸", "x;a=‸", "x;‸=b",
		"gzip ‸chunked", "‸\"chunked\"", "chunked‸\x00"}},
	{"ETag", []string{`"a"`, `W/"a"`, `""`, `‸`, `‸a`, `‸w/"a"`, `W/‸a`, `W/‸`, `W‸`, `W‸"a"`, `"a‸`, `"a‸ b"`,
		`"a"‸, "b"`, `‸*`, "\"a\x80\"", "\"‸\x7F\""}},
	{"If-Match", []string{``, `,`, `*`, ` "a" , ,W/"b",`, `"a,b"`, `"a"‸;x`, `"a", ‸b`, `"a", W/‸b`, `"a", "b‸`, `*, ‸"a"`,
		`"a", ‸*`, `*, ‸*`, `*‸*`, `, *,`}},
	{"Content-Type", []string{"a/b", "a/b;c=d", "a/b;;", "a‸", "‸", "a/b; c‸", "a/b; c‸ =d", "a/b;‸,c/d"}},
	{"X-Unknown", []string{"", "anything \x00"}},
	{"WWW-Authenticate", []string{"Basic", `Basic realm="a"`, "Basic realm=a, charset=UTF-8",
		`Digest realm="a,b\"", qop="auth", Basic realm=x`, "Negotiate abc+/=", "Negotiate , NTLM",
		"Basic realm = a", ",Basic,", "‸", ",‸", `‸"a"`, `Basic ‸"a"`, "realm‸=a", "Basic realm=a ‸charset=b",
		"Basic realm=\"a‸", "Basic realm=a, Digest, ‸=", "Negotiate abc==‸d", "Negotiate abc=", "Negotiate abc=,Basic", "Negotiate abc=d", "Basic a‸:b", "Basic realm=‸@", "NTLM‸/abc", "NTLM‸\tabc",
		"NTLM ‸\tabc", "NTLM ‸\t a=b", "NTLM   abc", "NTLM \t,a=b",
		"Negotiate abc, realm‸=a", "Basic , realm=a", "Basic,realm‸=a", "Basic\t,realm‸=a"}},
	{"Proxy-Authenticate", []string{`Basic realm="a"`, "‸"}},
}

func TestValueFaults(t *testing.T) {
	for _, row := range valueRows {
		for _, marked := range row.values {
			value, want := strings.Replace(marked, "‸", "", 1), strings.Index(marked, "‸")
			for _, name := range []string{row.name, strings.ToLower(row.name), strings.ToUpper(row.name)} {
				if got := ValueFault(name, []byte(value)); got != want {
					t.Errorf("%s: %q has the fault %d, want %d", name, value, got, want)
				}
			}
		}
	}
}

// Each grammar in ValueFault has its values in valueRows, and its names in the documentation.
func TestEveryGrammarHasValues(t *testing.T) {
	src, err := os.ReadFile("value.go")
	if err != nil {
		t.Fatal(err)
	}
	hasRow := make(map[string]bool)
	for _, row := range valueRows {
		hasRow[strings.ToLower(row.name)] = true
	}
	cases := regexp.MustCompile(`(?m)^\tcase "([^:]*)":`).FindAllStringSubmatch(string(src), -1)
	if len(cases) < 10 {
		t.Fatalf("ValueFault has only %d cases", len(cases))
	}
	doc, _, _ := strings.Cut(string(src), "\nfunc ValueFault")
	for _, c := range cases {
		names := strings.Split(c[1], `", "`)
		for _, name := range names {
			if !regexp.MustCompile(`(?i)[ (]` + name + `[,.\s]`).MatchString(doc) {
				t.Errorf("%s is not in the documentation of ValueFault", name)
			}
		}
		if !slices.ContainsFunc(names, func(name string) bool { return hasRow[name] }) {
			t.Errorf("%s: add its values to valueRows", names)
		}
	}
}

// FuzzValues checks that a fault is an index in the value or its end. Octets after the fault, and
// an empty element at the start of a list, do not change it. Each member of a valid list is valid.
func FuzzValues(f *testing.F) {
	for _, row := range valueRows {
		for _, marked := range row.values {
			f.Add([]byte(strings.Replace(marked, "‸", "", 1)))
		}
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		value = trim(value) // the parser trims each value that it reads
		for _, row := range valueRows {
			at := ValueFault(row.name, value)
			if at < -1 || at > len(value) {
				t.Fatalf("%s: %q has the fault %d", row.name, value, at)
			}
			if at < 0 || at == len(value) || row.name == "Accept" { // a q is judged as a whole
				continue
			}
			cut := value[: at+1 : at+1]
			if got := ValueFault(row.name, cut); got != at && !fold.has(value[at]) {
				t.Fatalf("%s: %q has the fault %d, cut after the fault %d", row.name, value, at, got)
			}
		}
		for _, name := range []string{"Accept", "Link"} {
			valid := ValueFault(name, value) == -1
			if valid != (ValueFault(name, append([]byte(" , "), value...)) == -1) {
				t.Fatalf("%s: %q: an empty element in front changes the verdict", name, value)
			}
		}
		for _, name := range []string{"Accept", "Transfer-Encoding"} {
			for _, member := range (Fields{}).Add([]byte(name), value).Members(name) {
				if ValueFault(name, value) < 0 && ValueFault(name, member) >= 0 {
					t.Fatalf("%s: %q has the ill-formed member %q", name, value, member)
				}
			}
		}
	})
}

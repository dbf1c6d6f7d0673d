package condition_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/condition"
)

const (
	earlier = "Sun, 06 Nov 1994 08:49:36 GMT"
	same    = "Sun, 06 Nov 1994 08:49:37 GMT"
	later   = "Sun, 06 Nov 1994 08:49:38 GMT"
	future  = "Sun, 06 Nov 1994 08:49:51 GMT"
)

var (
	modified = time.Date(1994, 11, 6, 8, 49, 37, 0, time.UTC)
	there    = condition.State{ETag: []byte(`"a"`), Modified: modified}
	tagged   = condition.State{ETag: []byte(`"a"`)}
	dated    = condition.State{Modified: modified}
	nothing  condition.State
)

func clock() time.Time { return modified.Add(10 * time.Second) }

func request(t testing.TB, method string, fields ...string) *httpwire.Request {
	t.Helper()
	head := strings.Join(append([]string{method + " / HTTP/1.0"}, fields...), "\r\n") + "\r\n\r\n"
	req := new(httpwire.Request)
	if _, err := httpwire.ConsumeRequestHead([]byte(head), req); err != nil {
		t.Fatalf("%q: %v", head, err)
	}
	return req
}

func TestEvaluate(t *testing.T) {
	const proceed, notModified, failed = condition.Proceed, condition.NotModified, condition.Failed
	for _, tt := range []struct {
		name, method, fields string // the fields parted by "|"
		state                condition.State
		want                 condition.Verdict
	}{
		{"no condition", "GET", "", there, proceed},
		{"a field that looks like one", "GET", "If-: 1|If-Range: \"a\"", there, proceed},

		{"If-Match, the tag", "PUT", `If-Match: "a"`, there, proceed},
		{"If-Match, another tag", "PUT", `If-Match: "b"`, there, failed},
		{"If-Match, the tag among others", "PUT", `If-Match: "b" , "a"`, there, proceed},
		{"If-Match, the tag before another", "PUT", `If-Match: "a", "b"`, there, proceed},
		{"If-Match, the tag in a second line", "PUT", `If-Match: "b"|if-match: "a"`, there, proceed},
		{"If-Match compares strongly", "PUT", `If-Match: W/"a"`, there, failed},
		{"If-Match, any", "PUT", "If-Match: *", there, proceed},
		{"If-Match, any, and nothing is there", "PUT", "If-Match: *", nothing, failed},
		{"If-Match, nothing is there", "PUT", `If-Match: "a"`, nothing, failed},
		{"If-Match with GET", "GET", `If-Match: "b"`, there, failed},
		{"If-Match, empty members", "PUT", `If-Match: , "a",,`, there, proceed},
		{"If-Match, a comma in a tag", "PUT", `If-Match: "b,"`, there, failed},
		{"If-Match, a tag that begins alike", "PUT", `If-Match: "ab"`, there, failed},

		{"If-Unmodified-Since, the same time", "PUT", "If-Unmodified-Since: " + same, there, proceed},
		{"If-Unmodified-Since, earlier", "PUT", "If-Unmodified-Since: " + earlier, there, failed},
		{"If-Unmodified-Since, later", "PUT", "If-Unmodified-Since: " + later, there, proceed},
		{"If-Unmodified-Since, nothing there", "PUT", "If-Unmodified-Since: " + earlier, nothing,
			proceed},
		{"If-Unmodified-Since, no date", "PUT", "If-Unmodified-Since: yesterday", there, proceed},
		{"If-Unmodified-Since, two", "PUT",
			"If-Unmodified-Since: " + earlier + "|If-Unmodified-Since: " + earlier, there, proceed},
		{"If-Unmodified-Since in the form of asctime", "PUT",
			"If-Unmodified-Since: Sun Nov  6 08:49:36 1994", there, failed},
		{"If-Match outdoes If-Unmodified-Since", "PUT",
			"If-Unmodified-Since: " + earlier + `|If-Match: "a"`, there, proceed},

		{"If-None-Match, the tag", "GET", `If-None-Match: "a"`, there, notModified},
		{"If-None-Match, HEAD", "HEAD", `If-None-Match: "a"`, there, notModified},
		{"If-None-Match compares weakly", "GET", `If-None-Match: W/"a"`, there, notModified},
		{"If-None-Match, another", "GET", `If-None-Match: "b"`, there, proceed},
		{"If-None-Match, an empty tag", "GET", `If-None-Match: ""`, there, proceed},
		{"If-None-Match, PUT", "PUT", `If-None-Match: "a"`, there, failed},
		{"If-None-Match, any", "PUT", "If-None-Match: *", there, failed},
		{"If-None-Match, any, nothing is there", "PUT", "If-None-Match: *", nothing, proceed},
		{"If-None-Match, any, GET", "GET", "If-None-Match: *", there, notModified},
		{"If-Match goes first", "GET", `If-None-Match: "a"|If-Match: "b"`, there, failed},
		{"both hold", "GET", `If-None-Match: "b"|If-Match: "a"`, there, proceed},

		{"9110-13.1.3-a If-Modified-Since, the same time", "GET",
			"If-Modified-Since: " + same, there, notModified},
		{"If-Modified-Since, later", "GET", "If-Modified-Since: " + later, there, notModified},
		{"If-Modified-Since, earlier", "GET", "If-Modified-Since: " + earlier, there, proceed},
		{"If-Modified-Since, not yet", "GET", "If-Modified-Since: " + future, there, proceed},
		{"If-Modified-Since, no date", "GET", "If-Modified-Since: 0", there, proceed},
		{"9110-13.1.3-a If-Modified-Since, no date of the state", "GET", "If-Modified-Since: " + same,
			tagged, proceed},
		{"If-Unmodified-Since, no date of the state", "PUT", "If-Unmodified-Since: " + earlier, tagged,
			proceed},
		{"If-Modified-Since, no tag of the state", "GET", "If-Modified-Since: " + same, dated,
			notModified},
		{"If-Match, any, no tag of the state", "PUT", "If-Match: *", dated, proceed},
		{"If-Match, any, no date of the state", "PUT", "If-Match: *", tagged, proceed},
		{"If-Match, no tag of the state", "PUT", `If-Match: "a"`, dated, failed},
		{"If-None-Match, any, no tag of the state", "PUT", "If-None-Match: *", dated, failed},
		{"If-Modified-Since, two", "GET",
			"If-Modified-Since: " + same + "|If-Modified-Since: " + same, there, proceed},
		{"1945-8.2-b If-Modified-Since, HEAD", "HEAD", "If-Modified-Since: " + same, there, proceed},
		{"If-Modified-Since, POST", "POST", "If-Modified-Since: " + same, there, proceed},
		{"If-Modified-Since, nothing there", "GET", "If-Modified-Since: " + same, nothing, proceed},
		{"If-None-Match outdoes If-Modified-Since", "GET",
			"If-Modified-Since: " + same + `|If-None-Match: "b"`, there, proceed},
		{"If-Unmodified-Since fails before", "GET",
			"If-Unmodified-Since: " + earlier + "|If-Modified-Since: " + same, there, failed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var fields []string
			if tt.fields != "" {
				fields = strings.Split(tt.fields, "|")
			}
			got, err := condition.Evaluate(request(t, tt.method, fields...), tt.state, clock)
			if got != tt.want || err != nil {
				t.Errorf("%v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

// An invalid list is an error, and neither matches nor fails to match.
func TestBadLists(t *testing.T) {
	for _, value := range []string{`a`, `"a`, `a"`, `w/"a"`, `W/a`, `W "a"`, `"a" "b"`, `*, "a"`,
		`"a", *`, `*, *`, `**`, `"a b"`, `"a";x`, ``, `,`, "'a'", "\"a\tb\"", `"a", b`} {
		for name, want := range map[string]error{
			"If-Match": condition.ErrMatch, "If-None-Match": condition.ErrNoneMatch,
		} {
			req := request(t, "GET", name+": "+value)
			if _, err := condition.Evaluate(req, there, clock); !errors.Is(err, want) {
				t.Errorf("%s: %s: %v", name, value, err)
			}
		}
	}
	req := request(t, "PUT", "If-Match: *", `If-Match: "a"`)
	if _, err := condition.Evaluate(req, there, clock); err == nil {
		t.Error("* and a tag in two lines")
	}
}

func TestNoAllocs(t *testing.T) {
	for _, field := range []string{"X: y", `If-None-Match: "b", W/"a"`, "If-Modified-Since: " + same} {
		req := request(t, "GET", "Host: x", field)
		if n := testing.AllocsPerRun(100, func() {
			_, _ = condition.Evaluate(req, there, clock)
		}); n != 0 {
			t.Errorf("%s: %v allocations", field, n)
		}
	}
}

// FuzzTags checks that both fields accept the same lists, that a strong match is also a weak match,
// and that a tag in a list is found.
func FuzzTags(f *testing.F) {
	for _, s := range []string{`"a"`, `W/"a", "b"`, `*`, `"a,b"`, `, ,`, `"a", *`, `W/`} {
		f.Add([]byte(s), []byte(`"a"`))
	}
	f.Fuzz(func(t *testing.T, value, tag []byte) {
		var req httpwire.Request
		set := func(name string, values ...[]byte) {
			req = httpwire.Request{RequestLine: httpwire.RequestLine{Method: []byte("PUT")}}
			for _, v := range values {
				req.Fields = req.Fields.Add([]byte(name), v)
			}
		}
		evaluate := func(s condition.State) (condition.Verdict, error) {
			return condition.Evaluate(&req, s, clock)
		}
		if bytes.HasPrefix(tag, []byte("W/")) {
			return // a state has a strong one
		}
		state := condition.State{ETag: tag, Modified: modified}
		set("If-None-Match", value)
		none, err := evaluate(state)
		set("If-Match", value)
		match, err2 := evaluate(state)
		if (err == nil) != (err2 == nil) {
			t.Fatalf("%q: %v, %v", value, err, err2)
		}
		if err == nil && tag != nil && match == condition.Proceed && none != condition.Failed {
			t.Errorf("%q matches %q strongly and not weakly", value, tag)
		}
		if v, _ := evaluate(nothing); v != condition.Failed {
			t.Errorf("%q matches nothing", value)
		}
		if err != nil || bytes.IndexByte(tag, '"') >= 0 {
			return
		}
		for _, o := range tag {
			if o <= ' ' || o == 0x7F {
				return
			}
		}
		quoted := append(append([]byte{'"'}, tag...), '"')
		set("If-Match", []byte(`"x", `), quoted)
		if v, err := evaluate(condition.State{ETag: quoted}); v != condition.Proceed || err != nil {
			t.Errorf("%q is not found: %v", quoted, err)
		}
	})
}

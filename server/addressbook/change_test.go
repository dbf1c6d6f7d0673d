package addressbook

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/httpwire"
)

// at returns a book whose clock shows *now.
func at(t testing.TB, now *time.Time, o Options) *service {
	t.Helper()
	o.Clock = func() time.Time { return *now }
	return serve(t, o)
}

// with returns a request with a JSON body.
func with(method, path, body string, fields ...string) string {
	fields = append(fields, "Content-Type: application/json", fmt.Sprint("Content-Length: ",
		len(body)))
	return bare(method, path, fields...) + body
}

const noIDThere = `{"number": 5, "post_code": "PY13 5PY"}`

// field returns the value of a field of a response.
func field(resp *httpwire.Response, name string) string { return string(resp.Fields.Get(name)) }

// A sequence of changes to one book, each with the IDs that the list has after it.
func TestChanges(t *testing.T) {
	const early, same = "Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 06 Nov 1994 08:49:37 GMT"
	now := time.Date(1994, 11, 6, 8, 49, 37, 999, time.UTC)
	b := at(t, &now, Options{Max: 3})
	for _, tt := range []struct {
		name, request string
		code          int
		ids           []int64
	}{
		{"PUT creates", with("PUT", base+"/3", noIDThere), 201, []int64{1, 2, 3}},
		{"PUT replaces", with("PUT", base+"/3", noIDThere), 200, []int64{1, 2, 3}},
		{"PUT into a full book", with("PUT", base+"/4", noIDThere), 507, []int64{1, 2, 3}},
		{"POST into a full book", postJSON(strings.Replace(valid, "3", "4", 1)), 507, []int64{1, 2, 3}},
		{"POST of what is there, into a full book", postJSON(valid), 409, []int64{1, 2, 3}},
		{"PUT replaces in a full book", with("PUT", base+"/3", valid), 200, []int64{1, 2, 3}},
		{"PUT of another ID", with("PUT", base+"/2", valid), 400, []int64{1, 2, 3}},
		{"PUT to ID 0", with("PUT", base+"/0", noIDThere), 400, []int64{1, 2, 3}},
		{"PUT of ID 0 to ID 0", with("PUT", base+"/0", `{"ID":0,"number":1,"post_code":""}`), 400,
			[]int64{1, 2, 3}},
		{"PUT to an ID too large", with("PUT", base+"/9007199254740992", noIDThere), 400, []int64{1, 2,
			3}},
		{"PUT of null for ID", with("PUT", base+"/3", `{"ID":null,"number":1,"post_code":""}`), 400,
			[]int64{1, 2, 3}},
		{"PUT to no ID", with("PUT", base+"/x", noIDThere), 404, []int64{1, 2, 3}},
		{"PUT without a type", bare("PUT", base+"/3", "Content-Length: 2") + "{}", 415, []int64{1, 2, 3}},
		{"PUT of a part", with("PUT", base+"/3", noIDThere, "Content-Range: bytes 0-1/9"), 400,
			[]int64{1, 2, 3}},
		{"DELETE", bare("DELETE", base+"/3"), 204, []int64{1, 2}},
		{"DELETE again", bare("DELETE", base+"/3"), 404, []int64{1, 2}},
		{"DELETE of no ID", bare("DELETE", base+"/x"), 404, []int64{1, 2}},
		{"GET of what is gone", get(base + "/3"), 404, []int64{1, 2}},

		{"DELETE with another tag", bare("DELETE", base+"/2", `If-Match: "x"`), 412, []int64{1, 2}},
		{"DELETE with a date before", bare("DELETE", base+"/2", "If-Unmodified-Since: "+early), 412,
			[]int64{1, 2}},
		{"DELETE of nothing with a tag: 404 first", bare("DELETE", base+"/3", `If-Match: "x"`), 404,
			[]int64{1, 2}},
		{"DELETE with a broken tag", bare("DELETE", base+"/2", "If-Match: x"), 400, []int64{1, 2}},
		{"DELETE of the same date", bare("DELETE", base+"/2", "If-Unmodified-Since: "+same), 204,
			[]int64{1}},
		{"PUT only if new, and it is", with("PUT", base+"/2", noIDThere, "If-None-Match: *"), 201,
			[]int64{1, 2}},
		{"PUT only if new, and it is not", with("PUT", base+"/2", noIDThere, "If-None-Match: *"), 412,
			[]int64{1, 2}},
		{"PUT only if there, and it is", with("PUT", base+"/2", noIDThere, "If-Match: *"), 200,
			[]int64{1, 2}},
		{"PUT only if there, and it is not", with("PUT", base+"/3", noIDThere, "If-Match: *"), 412,
			[]int64{1, 2}},
		{"PUT with a broken body: 400 first", with("PUT", base+"/2", "{", "If-Match: \"x\""), 400,
			[]int64{1, 2}},
		{"POST with a tag of another list", with("POST", base, valid, `If-Match: "x"`), 412, []int64{1,
			2}},
		{"POST of what is there with a tag of another list", with("POST", base,
			strings.Replace(valid, "3", "2", 1), `If-Match: "x"`), 412, []int64{1, 2}},
		{"POST into any list", with("POST", base, valid, "If-Match: *"), 201, []int64{1, 2, 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			resp := send(t, b, tt.request)
			if resp.Code != tt.code {
				t.Errorf("code %d, want %d: %s", resp.Code, tt.code, resp.Body)
			}
			if got := idsOf(t, send(t, b, get(base)).Body); !slices.Equal(got, tt.ids) {
				t.Errorf("the book has %v, want %v", got, tt.ids)
			}
			if strings.HasPrefix(tt.request, "PUT") && field(resp, "ETag") != "" {
				t.Error("the response to PUT has an ETag, although the octets were not stored unchanged")
			}
		})
	}
}

// The advice of a 412, sent as a request, succeeds.
func TestAdviceOfConditions(t *testing.T) {
	tag := regexp.MustCompile(`If-Match: "[0-9a-f]+"`)
	for _, c := range []struct{ name, method, path, field, says string }{
		{"only if new, and it is not", "PUT", base + "/1", "If-None-Match: *", "to another ID"},
		{"a tag that changed", "PUT", base + "/1", `If-Match: "x"`, "try again with If-Match"},
		{"a tag that changed, and only if new", "PUT", base + "/1",
			"If-Match: \"x\"\r\nIf-None-Match: *", "try again with If-Match"},
		{"a date that passed", "PUT", base + "/1",
			"If-Unmodified-Since: Sun, 06 Nov 1904 08:49:37 GMT", "try again with If-Match"},
		{"only if there, and it is not", "PUT", base + "/7", "If-Match: *", "leave out If-Match"},
		{"POST only if the list is new", "POST", base, "If-None-Match: *", "instead of If-None-Match"},
		{"DELETE unless it is there", "DELETE", base + "/1", "If-None-Match: *", "instead of If-None-Match"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, body := newBook(t), noIDThere
			if c.method == "POST" {
				body = valid
			}
			resp := send(t, b, with(c.method, c.path, body, c.field))
			if resp.Code != 412 || !strings.Contains(detail(resp), c.says) {
				t.Errorf("%d %s", resp.Code, resp.Body)
			}
			advised := tag.FindString(detail(resp))
			if advised == "" {
				advised = "X: y"
			}
			if resp := send(t, b, with(c.method, c.path, body, advised)); httpwire.Class(resp.Code) != 2 {
				t.Errorf("with %s: %d %s", advised, resp.Code, resp.Body)
			}
		})
	}
}

// The body that an error proposes for a PUT to another ID is accepted.
func TestAdviceOfID(t *testing.T) {
	b := newBook(t)
	resp := send(t, b, with("PUT", base+"/5", valid))
	if resp.Code != 400 || !strings.Contains(detail(resp), "as in "+noIDExample) ||
		!strings.Contains(detail(resp), base+"/3") {
		t.Errorf("%d %s", resp.Code, resp.Body)
	}
	resp = send(t, b, with("PUT", base+"/5", strings.Replace(valid, "3", "null", 1)))
	if resp.Code != 400 || detail(resp) != "The member ID is null and must be an integer." {
		t.Errorf("%d %s", resp.Code, resp.Body)
	}
	for path, body := range map[string]string{base + "/5": noIDExample, base + "/3": valid} {
		if resp := send(t, b, with("PUT", path, body)); resp.Code != 201 {
			t.Errorf("%s: %d %s", path, resp.Code, resp.Body)
		}
	}
}

// GET returns what PUT stored, at the path of the PUT.
func TestPutIsSeen(t *testing.T) {
	b := newBook(t)
	resp := send(t, b, with("PUT", base+"/7", noIDThere))
	if got := field(resp, "Location"); got != "http://localhost:12345"+base+"/7" {
		t.Errorf("Location: %q", got)
	}
	send(t, b, with("PUT", base+"/7", `{"number": 6, "post_code": "é", "line_1": "x"}`))
	want := `"ID": 7,
      "line_1": "x",
      "line_2": "",
      "number": 6,
      "post_code": "é"`
	for _, path := range []string{base + "/7", base} {
		if got := send(t, b, get(path)); !strings.Contains(string(got.Body), want) {
			t.Errorf("%s: %s", path, got.Body)
		}
	}
}

// 9110-8.8.2-a, 1945-9.3-d, 9110-15.4.5-a: every representation has validators. Sent back, they get
// a 304 without a body and with few fields. They change when the representation changes.
func TestValidators(t *testing.T) {
	now := time.Date(1994, 11, 6, 8, 49, 37, 0, time.UTC)
	b := at(t, &now, Options{})
	paths := []string{"/", Root, Root + "/openapi.json", Root + "/docs", base, base + "/1",
		base + "?limit=1", base + "?post_code=PY11+0PY"}
	before := make(map[string]string)
	for _, path := range paths {
		resp := send(t, b, get(path))
		tag, date := field(resp, "ETag"), field(resp, "Last-Modified")
		if tag == "" || tag[0] != '"' || date == "" {
			t.Fatalf("%s: ETag %s, Last-Modified %s", path, tag, date)
		}
		before[path] = tag
		now = time.Now().Add(time.Hour) // documents are as old as the program
		for _, condition := range []string{"If-None-Match: W/" + tag, "If-Modified-Since: " + date} {
			same := send(t, b, bare("GET", path, condition))
			if same.Code != 304 || same.Body != nil || field(same, "ETag") != tag ||
				field(same, "Content-Type") != "" || field(same, "Last-Modified") != "" ||
				field(same, "Vary") != field(resp, "Vary") {
				t.Errorf("%s, %s: %d %v", path, condition, same.Code, same.Fields)
			}
		}
		head := send(t, b, bare("HEAD", path, "If-None-Match: "+tag))
		if head.Code != 304 {
			t.Errorf("HEAD %s: %d", path, head.Code)
		}
		now = time.Date(1994, 11, 6, 8, 49, 38, 0, time.UTC)
	}
	send(t, b, with("PUT", base+"/1", noIDThere))
	for _, path := range paths {
		resp := send(t, b, get(path))
		changed := strings.HasPrefix(path, base)
		if (field(resp, "ETag") != before[path]) != changed {
			t.Errorf("%s: ETag was %s and is %s", path, before[path], field(resp, "ETag"))
		}
		if changed && field(resp, "Last-Modified") != "Sun, 06 Nov 1994 08:49:38 GMT" &&
			path != base+"?post_code=PY11+0PY" {
			t.Errorf("%s: Last-Modified %s", path, field(resp, "Last-Modified"))
		}
	}
}

// The addresses of each page of the list, and its links.
func TestPages(t *testing.T) {
	b := filled(t, 5)
	send(t, b, with("PUT", base+"/4", `{"number": 1, "post_code": "a&b é"}`))
	const self = `>; rel="self"`
	for _, tt := range []struct {
		query string
		ids   []int64
		link  string // with ~ for the path
	}{
		{"", []int64{1, 2, 3, 4, 5}, "<~" + self},
		{"?x=1&limits=2", []int64{1, 2, 3, 4, 5}, "<~" + self},
		{"?", []int64{1, 2, 3, 4, 5}, "<~" + self},
		{"?limit=2", []int64{1, 2}, "<~?limit=2" + self + `, <~?limit=2&offset=2>; rel="next"`},
		{"?offset=2&limit=2", []int64{3, 4}, "<~?limit=2&offset=2" + self +
			`, <~?limit=2&offset=4>; rel="next", <~?limit=2>; rel="prev"`},
		{"?limit=2&offset=4", []int64{5},
			"<~?limit=2&offset=4" + self + `, <~?limit=2&offset=2>; rel="prev"`},
		{"?limit=2&offset=1", []int64{2, 3}, "<~?limit=2&offset=1" + self +
			`, <~?limit=2&offset=3>; rel="next", <~?limit=1>; rel="prev"`},
		{"?offset=1&limit=10", []int64{2, 3, 4, 5}, "<~?limit=10&offset=1" + self +
			`, <~?limit=1>; rel="prev"`},
		{"?post_code=x&offset=1&limit=10", nil, "<~?post_code=x&limit=10&offset=1" + self},
		{"?limit=2&offset=99", nil, "<~?limit=2&offset=99" + self + `, <~?limit=2&offset=3>; rel="prev"`},
		{"?limit=5", []int64{1, 2, 3, 4, 5}, "<~?limit=5" + self},
		{"?limit=9007199254740991&offset=3", []int64{4, 5},
			"<~?limit=9007199254740991&offset=3" + self + `, <~?limit=3>; rel="prev"`},
		{"?offset=3", []int64{4, 5}, "<~?offset=3" + self},
		{"?offset=0&limit=02", []int64{1, 2}, "<~?limit=2" + self + `, <~?limit=2&offset=2>; rel="next"`},
		{"?post_code=PY13+5PY", []int64{3, 5}, "<~?post_code=PY13+5PY" + self},
		{"?post%5Fcode=PY13%205PY&limit=1", []int64{3}, "<~?post_code=PY13+5PY&limit=1" + self +
			`, <~?post_code=PY13+5PY&limit=1&offset=1>; rel="next"`},
		{"?post_code=a%26b+%C3%A9", []int64{4}, "<~?post_code=a%26b+%C3%A9" + self},
		{"?post_code=", nil, "<~?post_code=" + self},
		{"?post_code=py13+5py", nil, "<~?post_code=py13+5py" + self},
	} {
		t.Run(tt.query, func(t *testing.T) {
			resp := send(t, b, get(base+tt.query))
			if resp.Code != 200 {
				t.Fatalf("%d %s", resp.Code, resp.Body)
			}
			if got := idsOf(t, resp.Body); !slices.Equal(got, tt.ids) {
				t.Errorf("IDs %v, want %v", got, tt.ids)
			}
			if got := strings.ReplaceAll(field(resp, "Link"), base, "~"); got != tt.link {
				t.Errorf("Link\n%s\nwant\n%s", got, tt.link)
			}
		})
	}
	for _, query := range []string{"?limit=0", "?limit=", "?limit=x", "?limit=-1", "?limit=%2B1", "?limit=x&offset=1",
		"?limit=1.5", "?limit=%D9%A1", "?limit=9007199254740992", "?offset=-1", "?offset=", "?limit",
		"?limit=1&limit=1", "?post_code=%FF", "?post_code=a&post_code=a", "?offset=1_0",
		"?post_code=" + strings.Repeat("a", maxText+1)} {
		resp := send(t, b, get(base+query))
		if resp.Code != 400 {
			t.Errorf("%s: %d", query, resp.Code)
		}
		if body := string(resp.Body); strings.Contains(body, "in digits") &&
			!strings.Contains(body, fmt.Sprint("to ", int64(maxInteger))) {
			t.Errorf("%s: no word of the largest number in %s", query, body)
		}
	}
}

// The ETag of the list changes if two addresses are exchanged, or if one is replaced by another.
func TestListTags(t *testing.T) {
	b := newBook(t)
	seen := make(map[string]string)
	for _, change := range []string{get("/"), with("PUT", base+"/1", noIDThere), with("PUT",
		base+"/2", noIDThere),
		bare("DELETE", base+"/1"), bare("DELETE", base+"/2"), with("PUT", base+"/3", noIDThere)} {
		send(t, b, change)
		resp := send(t, b, get(base))
		tag := field(resp, "ETag")
		if body, there := seen[tag]; there && body != string(resp.Body) {
			t.Errorf("%s is the tag of\n%s\nand of\n%s", tag, body, resp.Body)
		}
		seen[tag] = string(resp.Body)
	}
	if len(seen) != 6 {
		t.Errorf("%d tags of 6 lists", len(seen))
	}
}

// A page with the same addresses has another ETag when another page comes after it: with a 304 the client
// would not get the link to that page.
func TestTagOfPage(t *testing.T) {
	b := newBook(t)
	full := send(t, b, get(base+"?limit=2"))
	send(t, b, postJSON(valid))
	resp := send(t, b, bare("GET", base+"?limit=2", "If-None-Match: "+field(full, "ETag")))
	if !strings.Contains(field(resp, "Link"), `rel="next"`) || string(resp.Body) != string(full.Body) {
		t.Errorf("%d, Link: %s", resp.Code, field(resp, "Link"))
	}
}

// 64 editors increment the number of an address with If-Match until all have succeeded. Exactly one
// of them succeeds for each version, and no increment is lost.
func TestEditorsLoseNothing(t *testing.T) {
	const editors, each = 64, 20
	b := newBook(t)
	send(t, b, with("PUT", base+"/1", `{"number": 0, "post_code": ""}`))
	var mu sync.Mutex
	won := make(map[string]int) // by the tag that was seen
	var all sync.WaitGroup
	for range editors {
		all.Go(func() {
			for done := 0; done < each; {
				tag, number := look(t, b)
				body := fmt.Sprintf(`{"number": %d, "post_code": ""}`, number+1)
				switch code := send(t, b, with("PUT", base+"/1", body, "If-Match: "+tag)).Code; code {
				case 200:
					done++
					mu.Lock()
					won[tag]++
					mu.Unlock()
				case 412:
				default:
					t.Errorf("code %d", code)
					return
				}
			}
		})
	}
	all.Wait()
	if _, number := look(t, b); number != editors*each {
		t.Errorf("the number is %d after %d additions", number, editors*each)
	}
	for tag, n := range won {
		if n != 1 {
			t.Errorf("%s had %d winners", tag, n)
		}
	}
}

// Many goroutines add addresses with the ETag of the list that they have seen. Exactly one of them
// succeeds for each list.
func TestListHasOneWinner(t *testing.T) {
	const adders, each = 16, 10
	b := newBook(t)
	var mu sync.Mutex
	won := make(map[string]int) // by the tag that was seen
	var all sync.WaitGroup
	for a := range adders {
		all.Go(func() {
			for done := 0; done < each; {
				tag := field(send(t, b, bare("HEAD", base)), "ETag")
				body := fmt.Sprintf(`{"ID": %d, "number": 1, "post_code": ""}`, 100+a*each+done)
				if send(t, b, with("POST", base, body, "If-Match: "+tag)).Code == 201 {
					done++
					mu.Lock()
					won[tag]++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	if len(won) != adders*each {
		t.Errorf("%d lists had a winner, and %d addresses were added", len(won), adders*each)
	}
}

// If the clock is set back, or that of another server is ahead, a client that has the time of an address or
// of the list sees each later change.
func TestClockSetBack(t *testing.T) {
	start := time.Date(1994, 11, 6, 8, 49, 37, 0, time.UTC)
	const before = "Sun, 06 Nov 1994 08:49:37 GMT"
	replace := with("PUT", base+"/2", noIDThere)
	for _, tt := range []struct {
		change, request string
		code            int
	}{
		{replace, bare("GET", base+"/2", "If-Modified-Since: "+before), 200},
		{replace, with("PUT", base+"/2", noIDThere, "If-Unmodified-Since: "+before), 412},
		{replace, bare("GET", base+"/1", "If-Modified-Since: "+before), 304},
		{replace, bare("GET", base, "If-Modified-Since: "+before), 200},
		{bare("DELETE", base+"/2"), bare("GET", base, "If-Modified-Since: "+before), 200},
		{postJSON(valid), bare("GET", base, "If-Modified-Since: "+before), 200},
	} {
		now := start
		b := at(t, &now, Options{})
		now = start.Add(-time.Hour)
		send(t, b, tt.change)
		now = start.Add(time.Hour)
		if got := send(t, b, tt.request).Code; got != tt.code {
			t.Errorf("%q, then %q: %d, want %d", tt.change, tt.request, got, tt.code)
		}
	}
}

// Times have no monotonic reading. With it, Before and After would not see that the clock was set back.
func TestNoMonotonicReading(t *testing.T) {
	m := newMemory(time.Now, 1)
	add(t, m, address{ID: 1})
	if got := listOf(t, m).modified; got != got.Round(0) {
		t.Errorf("the time of the list is %v", got)
	}
}

// The time of a change is that of the clock. After the clock was set back, changes move the time of the list by a
// second once, not once for each change, until a client has that time.
func TestListNotFarAhead(t *testing.T) {
	now := time.Date(1994, 11, 6, 8, 49, 37, 0, time.UTC)
	b := at(t, &now, Options{})
	now = now.Add(time.Minute)
	send(t, b, with("PUT", base+"/2", noIDThere))
	if list, one := listOf(t, b.store).modified, find(t, b.store, 2).State().Modified; list != now || one != now {
		t.Errorf("changed at %v: the list has %v, and the address has %v", now, list, one)
	}
	start := now
	now = start.Add(-time.Hour)
	for id := range int64(20) {
		send(t, b, get(base)) // a response with a time ahead of its Date has that of Date instead
		add(t, b.store, address{ID: id + 3})
		send(t, b, with("PUT", base+"/2", fmt.Sprintf(`{"number":%d,"post_code":"x"}`, id+1)))
	}
	if got := listOf(t, b.store).modified.Sub(start); got != time.Second {
		t.Errorf("the time of the list is %v ahead", got)
	}
	for n := range time.Duration(3) { // a client gets the time, and then the clock is set back again
		now = start.Add(time.Minute)
		send(t, b, get(base))
		now = start.Add(-time.Hour)
		add(t, b.store, address{ID: int64(n) + 30})
		if got := listOf(t, b.store).modified.Sub(start); got != (n+2)*time.Second {
			t.Errorf("set back again: the time of the list is %v ahead, want %v", got, (n+2)*time.Second)
		}
	}
}

// look returns the ETag and the number of address 1.
func look(t testing.TB, b *service) (tag string, number int) {
	resp := send(t, b, get(base+"/1"))
	var got struct {
		Address []struct {
			Number int `json:"number"`
		} `json:"address"`
	}
	if err := json.Unmarshal(resp.Body, &got); err != nil {
		t.Fatal(err)
	}
	return field(resp, "ETag"), got.Address[0].Number
}

func TestEmptyBook(t *testing.T) {
	b := serve(t, Options{Empty: true})
	if got := string(send(t, b, get(base)).Body); got != "{\n  \"addresses\": []\n}\n" {
		t.Errorf("%q", got)
	}
}

// Every query gets an error or a page. The link of a page to itself leads to the same
// addresses, and its other links lead to other addresses.
func FuzzSelection(f *testing.F) {
	for _, s := range []string{"limit=2", "limit=2&offset=1", "post_code=PY13+5PY&limit=1",
		"offset=99",
		"%6Cimit=1", "limit=%31", "&&=&limit", "post_code=%00",
		"offset=9007199254740991&limit=9007199254740991"} {
		f.Add(s)
	}
	b := filled(f, 5)
	f.Fuzz(func(t *testing.T, query string) {
		req := new(httpwire.Request)
		line := []byte("GET " + base + "?" + query + " HTTP/1.0\r\n\r\n")
		if _, err := httpwire.ConsumeRequestHead(line, req); err != nil || !req.Version.AtLeast(1, 0) {
			return
		}
		resp := new(httpwire.Response)
		b.Handle(req, resp)
		if resp.Code == 400 {
			return
		}
		join(t, resp)
		for part := range strings.SplitSeq(field(resp, "Link"), ", ") {
			href, rel, _ := strings.Cut(strings.TrimPrefix(part, "<"), ">; ")
			there := send(t, b, get(href))
			if there.Code != 200 {
				t.Fatalf("%q: %s has the code %d", query, href, there.Code)
			}
			if rel == `rel="self"` && (string(there.Body) != string(resp.Body) ||
				field(there, "ETag") != field(resp, "ETag")) {
				t.Errorf("%q: %s shows\n%s\nand not\n%s", query, href, there.Body, resp.Body)
			}
			here := idsOf(t, resp.Body)
			if rel != `rel="self"` && slices.ContainsFunc(idsOf(t, there.Body),
				func(id int64) bool { return slices.Contains(here, id) }) {
				t.Errorf("%q: %s overlaps:\n%s\nand\n%s", query, href, there.Body, resp.Body)
			}
		}
	})
}

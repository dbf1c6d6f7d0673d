package inspect

import (
	"runtime"
	"slices"
	"sync"
	"testing"

	"rawhttp/httpwire"
	"rawhttp/server/rest"
)

// While as many listings are made as the queue allows, another request for one gets 503 at once and
// does not keep its connection. All other requests are served.
func TestListingsAreLimited(t *testing.T) {
	routes := Routes(nil, nil)
	post := slices.IndexFunc(routes, func(r rest.Route) bool { return r.Method == "POST" && r.Path == "/explain" })
	request := func() *httpwire.Response {
		resp := new(httpwire.Response)
		routes[post].Handle(0, &httpwire.Request{Body: []byte("GET / HTTP/1.0\r\n\r\n")}, resp)
		return resp
	}
	release := make(chan struct{})
	var all sync.WaitGroup
	for range listings.Cap() {
		all.Go(func() { listings.Do(func() { <-release }) })
	}
	for listings.Len() < listings.Cap() {
		runtime.Gosched()
	}
	resp := request()
	if resp.Code != 503 || string(resp.Fields.Get("Retry-After")) != "1" {
		t.Errorf("%d %s", resp.Code, resp.Body)
	}
	resp = new(httpwire.Response)
	if raw(0, &httpwire.Request{}, resp); resp.Code != 200 {
		t.Errorf("/raw: %d", resp.Code)
	}
	close(release)
	all.Wait()
	if resp := request(); resp.Code != 200 || listings.Len() > 0 {
		t.Errorf("afterwards %d, %d in the queue", resp.Code, listings.Len())
	}
}

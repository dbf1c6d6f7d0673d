package inspect

import (
	"runtime"
	"sync"
	"testing"

	"rawhttp/httpwire"
)

// While as many listings are made as the queue allows, another request for one gets 503 at once and
// does not keep its connection. All other requests are served.
func TestListingsAreLimited(t *testing.T) {
	request := func() *httpwire.Response {
		resp := new(httpwire.Response)
		list(0, &httpwire.Request{Body: []byte("GET / HTTP/1.0\r\n\r\n")}, resp)
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

package inspect

import (
	"runtime"
	"testing"

	"rawhttp/httpwire"
)

// A crowd that asks for listings does not wait for long: all but a few get a 503 at once. So they
// do not keep their places at the server.
func TestListQueue(t *testing.T) {
	for range cap(listQueue) {
		listQueue <- struct{}{}
	}
	resp := new(httpwire.Response)
	listing(0, &httpwire.Request{Body: []byte("GET / HTTP/1.0\r\n\r\n")}, resp)
	if resp.Code != 503 || string(resp.Fields.Get("Retry-After")) != "1" {
		t.Errorf("%d %s", resp.Code, resp.Body)
	}
	for range cap(listQueue) {
		<-listQueue
	}
	resp = new(httpwire.Response)
	listing(0, &httpwire.Request{Body: []byte("GET / HTTP/1.0\r\n\r\n")}, resp)
	if resp.Code != 200 || len(listQueue) > 0 {
		t.Errorf("afterwards %d, %d in the queue", resp.Code, len(listQueue))
	}
}

// While as many listings are being made as may be, whoever wants one waits, and nobody else does.
func TestListers(t *testing.T) {
	for range cap(listers) {
		listers <- struct{}{}
	}
	made := make(chan *httpwire.Response, 1)
	go func() {
		resp := new(httpwire.Response)
		listing(0, &httpwire.Request{Body: []byte("GET / HTTP/1.0\r\n\r\n")}, resp)
		made <- resp
	}()
	for range 1000 {
		runtime.Gosched()
	}
	raw(0, &httpwire.Request{}, new(httpwire.Response))
	if len(made) > 0 {
		t.Error("it did not wait")
	}
	for range cap(listers) {
		<-listers
	}
	if resp := <-made; resp.Code != 200 || len(listers) > 0 {
		t.Errorf("%d, %d listers left", resp.Code, len(listers))
	}
}

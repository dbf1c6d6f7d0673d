//go:build unix

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rawhttp/examples/foreign"
)

// A server with -book is killed again and again while clients add and remove addresses. What it has
// acknowledged is there afterwards: no address is lost, and none comes back.
func TestBookSurvivesKills(t *testing.T) {
	foreign.Long(t)
	kills, writers := 20, 8
	if testing.Short() {
		kills = 3
	}
	path, book := ownProgram(t), filepath.Join(t.TempDir(), "book")
	there := make(map[int]bool) // by ID: added, or removed, and acknowledged
	var mu sync.Mutex
	next := 100
	for kill := range kills {
		p := startProgram(t, path, "-book", book, "-max", "1000000")
		checkBook(t, p, there)
		var all sync.WaitGroup
		acknowledged := make(chan struct{}, 1<<16)
		for range writers {
			all.Go(func() {
				for {
					mu.Lock()
					id := next
					next++
					mu.Unlock()
					body := fmt.Sprintf(`{"ID":%d,"number":%d,"post_code":"x"}`, id, kill)
					post := fmt.Sprintf("POST "+base+" HTTP/1.0\r\nContent-Type: application/json\r\n"+
						"Content-Length: %d\r\n\r\n%s", len(body), body)
					if codeOf(p.addr, post) != "201" {
						return // the server is gone, and what became of this address is not known
					}
					mu.Lock()
					there[id] = true
					mu.Unlock()
					acknowledged <- struct{}{}
					if id%3 != 0 {
						continue
					}
					mu.Lock()
					delete(there, id) // not known until the response
					mu.Unlock()
					if codeOf(p.addr, fmt.Sprintf("DELETE "+base+"/%d HTTP/1.0\r\n\r\n", id)) != "204" {
						return
					}
					mu.Lock()
					there[id] = false
					mu.Unlock()
				}
			})
		}
		for range 50 + 10*kill {
			<-acknowledged
		}
		p.cmd.Process.Kill()
		p.cmd.Wait()
		all.Wait()
	}
	p := startProgram(t, path, "-book", book)
	checkBook(t, p, there)
	waitFor(t, "the log says how many addresses there are", func() bool { return strings.Contains(p.log.String(), "The book is in ") })
	added, removed := 0, 0
	for _, is := range there {
		if is {
			added++
		} else {
			removed++
		}
	}
	t.Logf("%d kills; %d addresses added and %d removed, all acknowledged: 0 lost, 0 back", kills, added, removed)
}

// checkBook checks that the book has the addresses that are there, and none that is not.
func checkBook(t *testing.T, p *program, there map[int]bool) {
	t.Helper()
	list := p.send(t, "GET "+base+" HTTP/1.0\r\n\r\n")
	for id, is := range there {
		if has := strings.Contains(list, fmt.Sprintf("\"ID\": %d,", id)); has != is {
			t.Fatalf("address %d: in the book %v, acknowledged %v", id, has, is)
		}
	}
}

// codeOf sends a request and returns the status code, "" if no response comes.
func codeOf(addr, request string) string {
	response, _ := exchange(addr, request)
	return code(response)
}

package rest

import "testing"

// JSON uses the memory of an encoder again, so it allocates the octets that it returns, and nothing else. With
// -race a sync.Pool drops some of what it gets, which makes 5 allocations. A new encoder each time makes 7.
func TestJSONAllocates(t *testing.T) {
	v := any(problem{"Not Found", 404, "There is nothing at /."})
	if n := testing.AllocsPerRun(1000, func() { JSON(v) }); n > 5 {
		t.Errorf("%v allocations", n)
	}
}

package inspect

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"

	"rawhttp/httpwire"
)

// health responds with 200, or with 503 if the server is stopping or the store does not answer.
func health(s Server, resp *httpwire.Response) {
	state := "serving\n"
	if s.Stopping() {
		state = "stopping\n"
	} else if s.Ping() != nil {
		state = "the store of the addresses does not answer\n"
	}
	respond(resp, "text/plain; charset=utf-8", []byte(state))
	if state != "serving\n" {
		resp.Code = 503
		resp.Fields = resp.Fields.Add([]byte("Retry-After"), []byte("1"))
	}
}

// appendProcess appends metrics of the process, with the names that the client libraries of
// Prometheus use. The number of open files is left out on systems without /proc.
func appendProcess(dst []byte) []byte {
	dst = appendGauge(dst, "go_goroutines", "Goroutines that exist.", uint64(runtime.NumGoroutine()))
	for _, row := range []struct{ name, from, help string }{
		{"go_memstats_alloc_bytes", "/memory/classes/heap/objects:bytes", "Octets of heap in use."},
		{"go_memstats_stack_inuse_bytes", "/memory/classes/heap/stacks:bytes",
			"Octets of stacks in use."},
	} {
		sample := []metrics.Sample{{Name: row.from}}
		if metrics.Read(sample); sample[0].Value.Kind() == metrics.KindUint64 {
			dst = appendGauge(dst, row.name, row.help, sample[0].Value.Uint64())
		}
	}
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		n := uint64(len(files) - 1) // without the directory itself
		dst = appendGauge(dst, "process_open_fds", "Files and connections that are open.", n)
	}
	return dst
}

func appendGauge(dst []byte, name, help string, n uint64) []byte {
	return fmt.Appendf(dst, "# HELP %s %s\n# TYPE %s gauge\n%s %d\n", name, help, name, name, n)
}

package inspect

import (
	"os"
	"runtime"
	rtmetrics "runtime/metrics"

	"rawhttp/httpwire"
	"rawhttp/server/metrics"
	"rawhttp/server/rest"
)

// health responds with 200, or with 503 if the server is stopping or the store does not respond.
func health(s Server, resp *httpwire.Response) {
	const plainText = "text/plain; charset=utf-8"
	switch {
	case s.Stopping():
		rest.Respond(resp, 503, plainText, []byte("stopping\n"))
	case s.Ping() != nil:
		rest.Respond(resp, 503, plainText, []byte("the store of the addresses does not respond\n"))
	default:
		rest.Respond(resp, 200, plainText, []byte("serving\n"))
	}
}

// appendProcess appends metrics of the process, with the names that the client libraries of
// Prometheus use. The number of open files is left out on systems without /proc.
func appendProcess(dst []byte) []byte {
	gauge := func(name, help string, n int64) { dst = metrics.AppendNumber(dst, name, "gauge", help, n) }
	gauge("go_goroutines", "Goroutines that exist.", int64(runtime.NumGoroutine()))
	for _, row := range []struct{ name, from, help string }{
		{"go_memstats_alloc_bytes", "/memory/classes/heap/objects:bytes", "Octets of heap in use."},
		{"go_memstats_stack_inuse_bytes", "/memory/classes/heap/stacks:bytes",
			"Octets of stacks in use."},
	} {
		sample := []rtmetrics.Sample{{Name: row.from}}
		if rtmetrics.Read(sample); sample[0].Value.Kind() == rtmetrics.KindUint64 {
			gauge(row.name, row.help, int64(sample[0].Value.Uint64()))
		}
	}
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		n := int64(len(files) - 1) // without the directory itself
		gauge("process_open_fds", "Files and connections that are open.", n)
	}
	return dst
}

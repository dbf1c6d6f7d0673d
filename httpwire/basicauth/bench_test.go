package basicauth

import "testing"

// BenchmarkRedact redacts what the log has of each request.
func BenchmarkRedact(b *testing.B) {
	line := []byte("GET /address_book/api/v1.0/addresses HTTP/1.0")
	b.ReportAllocs()
	for b.Loop() {
		Redact(line)
	}
}

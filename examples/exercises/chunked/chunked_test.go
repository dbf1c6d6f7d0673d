package chunked

import (
	"testing"

	"rawhttp/examples/grader"
)

func TestExercise9Chunked(t *testing.T) {
	grader.Report(t, "chunked", grader.Chunked(Chunked))
}

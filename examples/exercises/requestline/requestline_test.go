package requestline

import (
	"testing"

	"rawhttp/examples/grader"
)

func TestExercise2RequestLine(t *testing.T) {
	grader.Report(t, "requestline", grader.RequestLine(RequestLine))
}

package response

import (
	"testing"

	"rawhttp/examples/grader"
)

func TestExercise6Response(t *testing.T) {
	grader.Report(t, "response", grader.Response(Response))
}

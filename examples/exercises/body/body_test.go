package body

import (
	"testing"

	"rawhttp/examples/grader"
)

func TestExercise3Body(t *testing.T) {
	grader.Report(t, "body", grader.Body(Body))
}

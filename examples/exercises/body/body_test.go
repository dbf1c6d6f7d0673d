package body

import (
	"testing"

	"rawhttp/examples/grader"
)

func TestExercise4Body(t *testing.T) {
	grader.Report(t, "body", grader.Body(Body))
}

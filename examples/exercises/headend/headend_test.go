package headend

import (
	"testing"

	"rawhttp/examples/grader"
)

func TestExercise1HeadEnd(t *testing.T) {
	grader.Report(t, "headend", grader.HeadEnd(HeadEnd))
}

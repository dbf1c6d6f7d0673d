package statusline

import (
	"testing"

	"rawhttp/examples/grader"
)

func TestExercise5StatusLine(t *testing.T) {
	grader.Report(t, "statusline", grader.StatusLine(StatusLine))
}

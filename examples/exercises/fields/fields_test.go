package fields

import (
	"testing"

	"rawhttp/examples/grader"
)

func TestExercise3Fields(t *testing.T) {
	grader.Report(t, "fields", grader.Fields(Fields))
}

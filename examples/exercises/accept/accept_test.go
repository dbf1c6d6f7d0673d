package accept

import (
	"testing"

	"rawhttp/examples/grader"
)

func TestExercise7Accept(t *testing.T) {
	grader.Report(t, "accept", grader.Accept(Serve))
}

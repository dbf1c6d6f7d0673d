package client

import (
	"testing"

	"rawhttp/examples/grader"
)

func TestExercise10Client(t *testing.T) {
	grader.Report(t, "client", grader.Client(Get))
}

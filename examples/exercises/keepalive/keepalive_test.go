package keepalive

import (
	"testing"

	"rawhttp/examples/grader"
)

func TestExercise8KeepAlive(t *testing.T) {
	grader.Report(t, "keepalive", grader.KeepAlive(Serve))
}

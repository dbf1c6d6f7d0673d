// Package summary says how many exercises are begun and how many are done.
package summary

import (
	"testing"

	"rawhttp/examples/foreign"
	"rawhttp/examples/grader"
)

func TestSummary(t *testing.T) {
	foreign.Short(t)
	grader.Summary(t, "..")
}

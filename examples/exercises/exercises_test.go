// Package exercises checks all exercises.
package exercises

import (
	"os"
	"testing"

	"rawhttp/examples/exercises/accept"
	"rawhttp/examples/exercises/body"
	"rawhttp/examples/exercises/chunked"
	"rawhttp/examples/exercises/client"
	"rawhttp/examples/exercises/fields"
	"rawhttp/examples/exercises/headend"
	"rawhttp/examples/exercises/keepalive"
	"rawhttp/examples/exercises/requestline"
	"rawhttp/examples/exercises/response"
	"rawhttp/examples/exercises/statusline"
	"rawhttp/examples/grader"
)

func TestMain(m *testing.M) { os.Exit(grader.Run(m)) }

func TestExercise1HeadEnd(t *testing.T) {
	grader.Report(t, "headend", grader.HeadEnd(headend.HeadEnd))
}

func TestExercise2RequestLine(t *testing.T) {
	grader.Report(t, "requestline", grader.RequestLine(requestline.RequestLine))
}

func TestExercise3Fields(t *testing.T) {
	grader.Report(t, "fields", grader.Fields(fields.Fields))
}

func TestExercise4Body(t *testing.T) {
	grader.Report(t, "body", grader.Body(body.Body))
}

func TestExercise5StatusLine(t *testing.T) {
	grader.Report(t, "statusline", grader.StatusLine(statusline.StatusLine))
}

func TestExercise6Response(t *testing.T) {
	grader.Report(t, "response", grader.Response(response.Response))
}

func TestExercise7Accept(t *testing.T) {
	grader.Report(t, "accept", grader.Accept(accept.Serve))
}

func TestExercise8KeepAlive(t *testing.T) {
	grader.Report(t, "keepalive", grader.KeepAlive(keepalive.Serve))
}

func TestExercise9Chunked(t *testing.T) {
	grader.Report(t, "chunked", grader.Chunked(chunked.Chunked))
}

func TestExercise10Client(t *testing.T) {
	grader.Report(t, "client", grader.Client(client.Get))
}

package client

import "rawhttp/examples/grader"

// errNotBegun is what the function returns until you have written it.
var errNotBegun = grader.NotBegun("client")

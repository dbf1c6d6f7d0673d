// Rawhttpd is the server under a name of its own. A program that go build and go install make has
// the name of its directory.
package main

import "rawhttp/server/cli"

func main() { cli.Main() }

// Rawclient sends exactly the request that it is given, and shows every octet of the response.
// Package cli does the work.
package main

import (
	"os"

	"rawhttp/rawclient/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:])) }

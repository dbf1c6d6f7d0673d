// Server serves an address book over HTTP/1.0. Package cli does the work.
package main

import "rawhttp/server/cli"

func main() { cli.Main() }

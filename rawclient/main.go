// Rawclient sends exactly the request that it is given, and shows every octet of the response.
// Package cli does the work.
package main

import (
	"context"
	"os"
	"os/signal"

	"rawhttp/rawclient/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once, even in a write that does not end
	os.Exit(cli.Run(ctx, os.Args[1:], cli.Standard()))
}

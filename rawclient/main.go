// Rawclient sends literally the request it is given and shows every octet of the answer.
// Its work is done by package exchange.
package main

import (
	"context"
	"os"
	"os/signal"

	"rawhttp/rawclient/exchange"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(exchange.Run(ctx, os.Args[1:], exchange.Standard()))
}

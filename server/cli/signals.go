package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"rawhttp/httpwire/commandline"
	"rawhttp/server/httpd"
	"rawhttp/server/users"
)

// serve serves until ctx ends because a signal such as Ctrl-C has arrived. Then it waits, for a limited time, until
// the requests that have begun have their responses. A second Ctrl-C ends the program at once. The log says which
// signal it was, unless it was Ctrl-C.
func serve(ctx context.Context, stop func(), server *httpd.Server, listeners []net.Listener, out io.Writer) error {
	const grace = 10 * time.Second
	ended := make(chan struct{})
	context.AfterFunc(ctx, func() {
		stop() // from now on a signal ends the program
		select {
		case <-ended:
		case <-time.After(grace / 50): // say why stopping takes so long
			fmt.Fprintf(out, "\nStopping. Requests that have begun have %v to finish. "+
				"Ctrl-C ends them now.\n", grace)
		}
	})
	defer close(ended)
	err := server.Serve(ctx, grace, listeners...)
	cause := context.Cause(ctx)
	if err == nil && !strings.HasPrefix(cause.Error(), os.Interrupt.String()) { // a person knows about Ctrl-C
		server.Log.Info("stopped", slog.Any("cause", cause))
	}
	return err
}

// stopSignals returns the signals that stop the server. Without a list of users SIGHUP is one of
// them: otherwise a server whose terminal was closed would keep its port and be hard to find. A
// server that nohup has started ignores SIGHUP and goes on.
func stopSignals(list *users.File) []os.Signal {
	stop := []os.Signal{os.Interrupt, syscall.SIGTERM}
	for _, s := range commandline.Hangup {
		if list == nil && !signal.Ignored(s) {
			stop = append(stop, s)
		}
	}
	return stop
}

// reloadUsers reads the list of users again at each SIGHUP and logs the result. If the file has an
// error, the list does not change.
func reloadUsers(log *slog.Logger, list *users.File) {
	if list == nil || len(commandline.Hangup) == 0 {
		return
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, commandline.Hangup...)
	go func() {
		for range signals {
			n, err := list.Reload()
			if err != nil {
				log.Warn("SIGHUP: the file has an error, so the list of users was not changed",
					slog.Any("error", err))
				continue
			}
			log.Info("SIGHUP: the list of users was read again", slog.Int("users", n))
		}
	}()
}

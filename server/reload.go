package main

import (
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"rawhttp/server/users"
)

// stopSignals returns the signals that stop the server. SIGHUP does if there is no list of users: a
// server whose terminal was closed would otherwise keep its port and be hard to find.
func stopSignals(list *users.File) []os.Signal {
	stop := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if list == nil {
		stop = append(stop, hangup...)
	}
	return stop
}

// reloadUsers reads the list of users anew at each SIGHUP and logs what came of that. A list that
// cannot be read changes nothing.
func reloadUsers(log *slog.Logger, list *users.File) {
	if list == nil || len(hangup) == 0 {
		return
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, hangup...)
	go func() {
		for range signals {
			n, err := list.Reload()
			if err != nil {
				log.Warn("SIGHUP: the list of users stays as it was, since the file cannot be used",
					slog.Any("error", err))
				continue
			}
			log.Info("SIGHUP: the list of users was read anew", slog.Int("users", n))
		}
	}()
}

package main

import (
	"log/slog"
	"os"

	"rawhttp/server/users"
)

// reload reads the list of users anew at each signal and logs what came of that. A list that cannot
// be read changes nothing. Without a list there is nothing to do.
func reload(signals <-chan os.Signal, log *slog.Logger, list *users.File) {
	for range signals {
		if list == nil {
			log.Info("SIGHUP: there is no list of users to read anew; -users FILE names one")
			continue
		}
		n, err := list.Reload()
		if err != nil {
			log.Warn("SIGHUP: the list of users stays as it was, since the file cannot be used",
				slog.Any("error", err))
			continue
		}
		log.Info("SIGHUP: the list of users was read anew", slog.Int("users", n))
	}
}

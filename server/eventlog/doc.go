// Package eventlog writes the log of a server that handles many requests a second.
//
// There is a line for each request, so the log is part of what a request costs. Two things make it
// cheap. A [Handler] formats a line without reflection and without an allocation. A [Buffer] collects
// lines and writes many of them with one system call, at most a few milliseconds after they came.
//
// The log never stops the server. If its destination takes nothing, as a pipe does whose reader is
// stuck, the Buffer keeps [Most] octets and drops the lines that come after that. It counts them, and
// reports their number as soon as the destination takes octets again.
//
//	handler.go  a slog.Handler: how a line reads
//	buffer.go   when lines are written, and which are dropped
package eventlog

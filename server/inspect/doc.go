// Package inspect is what the server shows of itself, as a table of routes: to people the octets that
// they sent, as they came and explained, and to machines how it is doing. It knows no socket and no
// address book.
//
//	wire.go      /raw and /explain
//	machine.go   /healthz and /metrics
//	browser.go   /favicon.ico
package inspect

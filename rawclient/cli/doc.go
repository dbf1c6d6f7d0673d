// Package cli is the command rawclient: it turns a command line into a request, and shows people
// what package wireclient reports of the response.
//
// The request is what the command line says, even if it breaks rules. Only for a URL does the
// client write a conforming request itself. The response is printed as it was received. Notices
// next to it say what is irregular.
//
//	cli.go                        Ctrl-C, what the command line asks for, the notices and the exit codes
//	exchange.go                   one exchange after the other, from connecting to the verdict
//	flags.go                      the table of flags, the help, and how the command line is taken apart
//	checks.go                     mistakes in the command line, and what to write instead
//	target.go                     command lines that name the server in the wrong place
//	completion.go                 the same table as scripts that complete flags in a shell
//	habits.go                     what to type instead of flags of curl, wget and nc
//	compose.go, url.go, typed.go  the four ways to a request
//	connect.go                    the connection, what to do if there is none, and how -repeat keeps it
//	tls.go                        TLS on it, the certificate, and what to do about its faults
//	trace.go                      when octets were sent and received, and the capture of them (-pcap)
//	timing.go                     when each part of an exchange came (-time, -json)
//	receive.go                    the events of the response, and the notices about them
//	output.go, screen.go          where the octets go: files, pipes, and what a terminal shows
//	files.go                      the files that flags name, read and written
//	diff.go                       -diff: two responses compared
//	listen.go                     -listen: where package rawserver listens, and the response, typed or given
//	listing.go, color_*.go        the listing, as text, as a page or as JSON; whether it has colors
//
// A new flag is a field of options and a row of its table, both in flags.go; a row with no kind of value is a
// switch. The help, the completion and the errors about its value are made from the row. What the flag does
// goes into the file that the map above names for it. If the flag does not go with another one, or needs
// another one, add rows to the tables in checks.go: -diff and -listen take only the flags that are named there.
// A flag that lists messages in another form is in listings as well. Write a test that gives the flag. Then
// go test ./rawclient/cli -run Transcripts -update shows the completion.
package cli

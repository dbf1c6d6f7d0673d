// Package etcd keeps a table of rows in an etcd cluster, which many servers can share. It sends
// literal HTTP/1.0 requests to the JSON gateway of etcd, with the wire format of this project:
// package httpwire writes them, and package stream reads the responses.
//
// A row has an ID and a value, which this package does not look into. The version of a row is the
// revision of etcd that changed it last.
//
// # Keys
//
// All keys begin with a prefix:
//
//	a/0000000000000003   the row with the ID 3; the order of the keys is the order of the IDs
//	last                 the time of the last change; its revision is the version of the table
//	slot/LEASE/1         the token of a change (see below)
//
// # A change happens once
//
// The response to a change can be lost, with its connection or with its node. Then the change is
// sent again, often to another node. Without more, that is wrong: a create that was made would find
// its own row and report a conflict, and a delete that was delayed could remove a newer row.
//
// So each change uses a slot, a key that no other change uses at the same time. The transaction
// compares the revision of the slot with the known one, and puts a fresh token into it:
//
//	if    the row is as expected, and the revision of the slot is the known one
//	then  put or delete the row; put the time into last; put the token into the slot
//	else  return the row and the slot
//
// An attempt that finds the token in the slot knows that an earlier attempt was made. An attempt
// that is delayed finds another revision and does nothing. Slots have a lease. Those of a server
// that has ended go away, and etcd refuses a transaction whose lease has expired.
//
// # An attempt
//
// An attempt may take one second. After a failure the next attempt goes to the next endpoint, for
// six seconds in all.
//
//	           no connection
//	 start ───────────────────────► not sent ──┐
//	   │ connected, or taken from the pool     │
//	   ▼                                       │
//	sending ── error ──────────► unclear ──┐   │
//	   │                            ▲      │   │
//	   ▼                            │      ▼   ▼
//	waiting ── error, timeout ──────┤     next attempt, while there is time
//	   │                            │      │
//	   ▼                            │      ▼ no time left
//	response ── 5xx, cut off ───────┘     ErrUnavailable  if no attempt was unclear
//	   │                                  ErrUnknown      otherwise
//	   ├── 200 ──► made, or a conflict
//	   └── 4xx ──► refused: ErrNoSpace, ErrUnavailable;
//	               ErrUnknown if an earlier attempt was unclear
//
// After ErrUnavailable nothing was changed and nothing will be. After ErrUnknown the change may
// have been made, or may still be made. A request that only reads never gets ErrUnknown.
//
// # Keep-alive, seen from the client
//
// An HTTP/1.0 client that wants to use a connection again sends Connection: keep-alive. It may do
// so if the response has Connection: keep-alive too, and a Content-Length, because otherwise only
// the close marks the end of the body. The gateway announces a length only for bodies of less than
// 2 KiB. So short responses share a few connections, and a long page of rows costs one of its own.
//
// The server may close an idle connection at any time. A request on it then fails before an octet of
// a response arrives, and the client sends it again on a new connection. For a change that is an
// unclear attempt like any other, which its slot makes harmless.
//
// # Safety
//
// The gateway sends Access-Control-Allow-Origin: * and asks for no password unless etcd was told to. Do
// not let other networks reach it. With TLS and client certificates, only programs that have a
// certificate reach it. With a user, requests carry a token that etcd gives for the password; use TLS
// too, or others can read both.
//
// # Map
//
//	table.go    rows: read, create, replace, delete
//	slot.go     slots and their lease
//	follow.go   all rows at the start, and every change after that
//	client.go   attempts, endpoints and deadlines; counters
//	pool.go     connections, and one request and response on them
//	access.go   certificates, and a name and a password
//	message.go  the JSON of the gateway
package etcd

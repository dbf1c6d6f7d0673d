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
//	receipt/RANDOM       the receipt of a change (see below)
//
// # A change happens once
//
// The response to a change can be lost, with its connection or with its node. Then the change is
// sent again, often to another node. That alone would be wrong: a create that was made would find its
// own row and report a conflict, and a delete that was delayed could remove a newer row.
//
// So each change has a receipt, a key that no other change uses. The transaction of the change looks
// for the receipt, and puts it:
//
//	if    the row is as expected, and there is no receipt
//	then  put or delete the row; put the time into last; put the receipt
//	else  return the row and the receipt
//
// If an attempt finds the receipt, an earlier attempt has made the change, and this one changes nothing. If
// a later attempt finds no receipt and a row that was not expected, an earlier attempt may still be under
// way. Then a second transaction stores the word "cancelled" under the key of the receipt, unless the
// receipt is there. So either the change or its cancellation happens: the one that reaches etcd first.
//
// Receipts have a lease of a minute. When etcd removes a lease, it removes its receipts, and refuses
// every later transaction that has this lease. So an attempt that is delayed for longer changes nothing.
//
// # An attempt
//
// An attempt may take one second. After a failure the next attempt goes to the next endpoint, for
// six seconds in all.
//
//	           no connection, no token for the user
//	 start ───────────────────────► not made ──┐
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
//	   └── 4xx ──► refused: ErrNoSpace, ErrRefused;
//	               ErrUnknown if an earlier attempt was unclear
//
// After ErrUnavailable and ErrRefused nothing was changed and nothing will be. After ErrUnknown the
// change may have been made, or may still be made. A request that only reads never gets ErrUnknown.
//
// # Keep-alive, seen from the client
//
// An HTTP/1.0 client that wants to use a connection again sends Connection: keep-alive. It may do
// so if the response has Connection: keep-alive too, and a Content-Length, because otherwise only
// the close marks the end of the body. The gateway announces a length only for bodies of less than
// 2 KiB. So short responses share a few connections, and a long page of rows costs one of its own.
//
// The server may close an idle connection at any time. A request on it then fails before an octet of
// a response arrives. The client closes all idle connections to this node and sends the request again. If
// the request was a change, that is an unclear attempt like any other, and the receipt makes it harmless.
//
// # Safety
//
// The gateway sends Access-Control-Allow-Origin: * and asks for no password unless authentication is
// enabled in etcd. Do not let other networks reach it. With TLS and client certificates, only programs that
// have a certificate reach it. With a user, requests carry a token that etcd gives for the password; use TLS
// too, or others can read both.
//
// # Map
//
//	table.go    rows: read and change
//	change.go   a change that happens once: receipts and their lease
//	follow.go   all rows at the start, and every change after that
//	client.go   attempts, deadlines and counters
//	conn.go     endpoints with their idle connections, and one request and response
//	access.go   certificates, and a name and a password
//	message.go  the JSON of the gateway
package etcd

// Package addressbook is a small REST service: an address book in memory, its representations in
// JSON. It takes a request that was read and checked and fills a response; it never sees a socket.
//
// What there is, is said in one table, routes.go. What cannot be answered is answered with a
// problem (RFC 9457) whose detail is a sentence for a person: what happened, where, what to do.
//
// # Two editors
//
// Every representation has a strong ETag, a digest of its octets. Who sends it back with If-Match
// changes the address only if it still is what was seen, whatever others do at the same time: the
// store takes a change for one version of an address, and for no other. Two changes that would give
// the same octets give the same tag; nobody's work can be lost by that.
//
// # JSON
//
// An address has the members ID and number, integers, and post_code, line_1 and line_2, strings;
// line_1 and line_2 may be left out and are then empty. The body of a POST or PUT is one object, in
// UTF-8, with nothing behind it (RFC 8259); PUT need not say the ID, since the path does. There is
// one reading of it:
//
//   - Names are compared exactly. A member of another name is ignored, whatever is in it, but no
//     name may be there twice.
//   - An integer is written in digits: 1.0 and 1e2 are refused. It is at most 9007199254740991 on
//     either side of zero, so that every reader of JSON sees the same number (RFC 8259 section 6).
//     An ID is at least 1.
//   - A string has at most 500 characters and is kept as it is. A string with half a surrogate pair
//     is refused, because it cannot be kept.
//   - A byte order mark is refused, as is a Content-Type that is not application/json in UTF-8.
//
// # Map
//
//	routes.go    the table of routes
//	api.go       what each does
//	head.go      what the head of a request decides
//	page.go      the list, or part of it, sent from where the addresses are
//	json.go      representations, read and written
//	problem.go   how a request is refused
//	store.go     what keeps the addresses
//	list.go      all of them, in order
//	memory.go    the store in memory
package addressbook

// Package addressbook is a small REST service: an address book in memory, its representations in
// JSON. It takes a request that was read and checked and fills a response; it never sees a socket.
//
//	GET  /                                        the links to everything here
//	GET  /address_book/api/v1.0/addresses         all addresses, ordered by ID
//	POST /address_book/api/v1.0/addresses         adds one; its Location comes back
//	GET  /address_book/api/v1.0/addresses/{ID}    one address
//
// HEAD goes wherever GET does, OPTIONS everywhere. What cannot be answered is answered with a
// problem (RFC 9457) whose detail is a sentence for a person: what happened, where, what to do.
//
// # JSON
//
// An address has the members ID and number, integers, and post_code, line_1 and line_2, strings;
// line_1 and line_2 may be left out and are then empty. The body of a POST is one object, in UTF-8,
// with nothing behind it (RFC 8259). There is one reading of it:
//
//   - Names are compared exactly. A member of another name is ignored, whatever is in it, but no
//     name may be there twice.
//   - An integer is written in digits: 1.0 and 1e2 are refused. It is at most 9007199254740991 on
//     either side of zero, so that every reader of JSON sees the same number (RFC 8259 section 6).
//     An ID is at least 1.
//   - A string is kept as it is. One that cannot be, for want of half a surrogate pair, is refused.
//   - A byte order mark is refused, as is a Content-Type that is not application/json in UTF-8.
//
// # Map
//
//	routes.go    the table of routes
//	api.go       what each does
//	json.go      representations, read and written
//	problem.go   how a request is refused
//	store.go     the addresses, and the octets that they are sent as
package addressbook

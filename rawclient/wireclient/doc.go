// Package wireclient sends one HTTP/1.0 request and reports the response as events. It prints
// nothing.
//
//	client                                server   event
//	  | Request.Octets ------------------>  |
//	  |                             silence |   Silence   nothing comes for a while: once before the
//	  |                                     |             end, once after it
//	  | <-------------------- 100 Continue  |   Head      for each interim response
//	  | <-------------------------- 200 OK  |   Head      of the final response
//	  | <---------------------------- body  |   Data      as often as octets arrive
//	  |                                     |   End       the response is complete, or was cut short
//	  | <--------------------- more octets  |   Data      the surplus; only after a complete response
//	  | <--------------------------- close  |   Close     what happened to the connection; only after a
//	  |                                     |             complete response
//
// The octets of the events, in their order, are the octets received, exactly as they were
// received. A response that breaks a rule is read as far as possible: Head.Repairs and Head.Fault
// say what is wrong with a head. Broken says that nothing marks the end of the response; then it
// is read until the server closes the connection or sends nothing for Exchange.Silence.
//
// One request is sent, once. No redirect is followed and nothing is tried again.
//
//	request.go      the request: octets that may break any rule
//	exchange.go     the exchange, from the request to the close
//	event.go        the events
//	conn.go         connecting, sending, and reading with deadlines
//	repair.go       how a head that breaks a rule is made readable
//	neterror_*.go   what the errors of each operating system mean
package wireclient

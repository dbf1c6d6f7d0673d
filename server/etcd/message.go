package etcd

import "time"

// The JSON of the gateway, as far as this package needs it. The gateway writes 64-bit integers as
// strings and octets in base64. It leaves out what is zero, and ignores members that it does not
// know.

type header struct {
	Revision uint64 `json:"revision,string"`
}

type keyValue struct {
	Key         []byte `json:"key"`
	Value       []byte `json:"value"`
	ModRevision uint64 `json:"mod_revision,string"`
}

type rangeRequest struct {
	Key      []byte `json:"key"`
	RangeEnd []byte `json:"range_end,omitempty"`
	Limit    int64  `json:"limit,omitempty,string"`
	Revision uint64 `json:"revision,omitempty,string"` // or now
}

// now stands for the present revision, in a range.
const now = 0

type rangeResponse struct {
	Header header     `json:"header"`
	KVs    []keyValue `json:"kvs"`
	More   bool       `json:"more"`
}

type putRequest struct {
	Key   []byte `json:"key"`
	Value []byte `json:"value"`
	Lease int64  `json:"lease,omitempty,string"`
}

// first returns the first key and its value, or nil if there is none.
func (r *rangeResponse) first() *keyValue {
	if len(r.KVs) == 0 {
		return nil
	}
	return &r.KVs[0]
}

// A compare holds if a key was changed last at a revision. That is 0 if the key does not exist.
type compare struct {
	Key      []byte `json:"key"`
	Target   string `json:"target"` // MOD
	Result   string `json:"result"` // EQUAL
	Revision uint64 `json:"mod_revision,string"`
}

func unchanged(key []byte, revision uint64) compare { return compare{key, "MOD", "EQUAL", revision} }

// missing is the revision of a key that does not exist.
const missing = 0

// An operation has one member that is not nil. Delete has a key only.
type operation struct {
	Range  *rangeRequest `json:"request_range,omitempty"`
	Put    *putRequest   `json:"request_put,omitempty"`
	Delete *rangeRequest `json:"request_delete_range,omitempty"`
}

type txnRequest struct {
	Compare []compare   `json:"compare"`
	Success []operation `json:"success"`
	Failure []operation `json:"failure"`
}

type txnResponse struct {
	Header    header `json:"header"`
	Succeeded bool   `json:"succeeded"`
	Responses []struct {
		Range rangeResponse `json:"response_range"`
	} `json:"responses"`
}

// found returns the key and the value that operation i of a transaction has read, or nil.
func (r *txnResponse) found(i int) *keyValue {
	if i >= len(r.Responses) {
		return nil
	}
	return r.Responses[i].Range.first()
}

// A leaseMessage is a request for a lease, which leaves the ID to etcd, and the response.
type leaseMessage struct {
	ID  int64 `json:"ID,omitempty,string"`
	TTL int64 `json:"TTL,string"` // seconds
}

type watchRequest struct {
	Create struct {
		Key           []byte `json:"key"`
		RangeEnd      []byte `json:"range_end"`
		StartRevision uint64 `json:"start_revision,string"`
	} `json:"create_request"`
}

type watchResponse struct {
	Result struct {
		Canceled        bool   `json:"canceled"`
		CompactRevision uint64 `json:"compact_revision,string"`
		Events          []struct {
			Type string   `json:"type"` // DELETE; PUT is left out
			KV   keyValue `json:"kv"`
		} `json:"events"`
	} `json:"result"`
	Error *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// A refusal is a response other than 200.
type refusal struct {
	Status  int
	Message string `json:"message"`
	Code    int    `json:"code"` // of gRPC
}

// Codes of gRPC.
const (
	codeInvalid            = 3
	codeNotFound           = 5
	codeDenied             = 7
	codeExhausted          = 8
	codeFailedPrecondition = 9
	codeOutOfRange         = 11
	codeUnauthenticated    = 16
)

// The value of last is a time.
const timeFormat = time.RFC3339Nano

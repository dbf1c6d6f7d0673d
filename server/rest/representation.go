package rest

import (
	"crypto/sha256"
	"fmt"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/condition"
)

// A Representation is what GET answers with: octets, and what is to be said of them. All of it is
// made once and never changes, so that an answer is a copy of a few slices.
//
// Every representation has validators, a strong ETag and Last-Modified, and says no-cache: a cache
// may keep it and has to ask each time whether it still holds. Without that word a cache may guess,
// by the age of the representation, for how long it need not ask (RFC 9111 section 4.2.2).
type Representation struct {
	octets []byte
	state  condition.State

	// Values of fields; nil is none. They are put together for each answer, since a field takes four
	// times the memory of its value, and there may be very many representations.
	typ, modified, link, vary []byte
}

// NewRepresentation returns a representation. The tag becomes its ETag: two representations of one
// resource may have the same tag only if their octets are the same. The link is the value of a Link
// field, left out if nil. A caller that serves the octets itself, with ServeHead, gives none here.
func NewRepresentation(
	typ, octets []byte, tag Digest, modified time.Time, link []byte,
) Representation {
	modified = modified.Truncate(time.Second)
	return Representation{
		octets:   octets,
		state:    condition.State{ETag: fmt.Appendf(nil, `"%x"`, tag), Modified: modified},
		typ:      typ,
		modified: httpwire.AppendDate(nil, modified),
		link:     link,
	}
}

// A Digest stands for octets: it is the first 128 bits of their SHA-256. So many bits are needed
// because clients choose the octets. To find two texts with the same 64 bits takes a minute.
type Digest [16]byte

// DigestOf returns the digest of octets.
func DigestOf(octets []byte) Digest {
	sum := sha256.Sum256(octets)
	return Digest(sum[:])
}

// State returns the validators, for conditions to be held against.
func (p *Representation) State() condition.State { return p.state }

// Octets returns the octets, which nobody may write to.
func (p *Representation) Octets() []byte { return p.octets }

// AddValidators adds the validators to an answer that is not the representation itself.
func (p *Representation) AddValidators(resp *httpwire.Response) {
	resp.Fields = resp.Fields.Add(etagName, p.state.ETag).Add(lastModified, p.modified)
}

// Serve answers GET and HEAD, if the conditions of the request hold.
func (p *Representation) Serve(
	req *httpwire.Request, resp *httpwire.Response, clock func() time.Time,
) {
	if p.ServeHead(req, resp, clock) {
		resp.Body = p.octets
	}
}

// ServeHead does what Serve does but for the octets, and reports whether they are wanted.
func (p *Representation) ServeHead(
	req *httpwire.Request, resp *httpwire.Response, clock func() time.Time,
) bool {
	holds := Holds(req, resp, p.state, clock)
	if !holds && resp.Code != 304 {
		return false
	}
	fs := &resp.Fields
	add(fs, varyName, p.vary)
	add(fs, cacheControl, noCache)
	add(fs, etagName, p.state.ETag)
	if holds { // a 304 does without the others (RFC 9110 section 15.4.5)
		resp.Code = 200
		add(fs, lastModified, p.modified)
		add(fs, contentType, p.typ)
		add(fs, linkName, p.link)
	}
	return holds
}

func add(fs *httpwire.Fields, name, value []byte) {
	if value != nil {
		*fs = fs.Add(name, value)
	}
}

// Holds reports whether the conditions of a request hold for what is there. If not, it answers; all
// that a 304 lacks then is fields. To be asked last: a request that fails anyway fails for its own
// reason.
func Holds(
	req *httpwire.Request, resp *httpwire.Response, state condition.State, clock func() time.Time,
) bool {
	verdict, err := condition.Evaluate(req, state, clock)
	switch {
	case err != nil:
		Refuse(resp, 400, err.Error()+".")
	case verdict == condition.Proceed:
		return true
	case verdict == condition.NotModified:
		resp.Code = 304
	default:
		Refuse(resp, 412, unmet(req, state))
	}
	return false
}

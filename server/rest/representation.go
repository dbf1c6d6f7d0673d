package rest

import (
	"crypto/sha256"
	"encoding/binary"
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
	fields httpwire.Fields
	brief  int // of the fields are those that a 304 repeats (RFC 9110 section 15.4.5)
}

// NewRepresentation returns a representation. The tag becomes its ETag: two representations of one
// resource may have the same tag only if their octets are the same. The link is the value of a Link
// field, left out if empty. The octets may come later if whoever serves it brings them.
func NewRepresentation(
	typ string, octets []byte, tag uint64, modified time.Time, link string,
) *Representation {
	etag := fmt.Appendf(nil, `"%016x"`, tag)
	modified = modified.Truncate(time.Second)
	p := &Representation{octets: octets, state: condition.State{ETag: etag, Modified: modified}}
	p.fields = make(httpwire.Fields, 0, 5).
		Add(cacheControl, noCache).
		Add(etagName, etag).
		Add(lastModified, httpwire.AppendDate(nil, modified)).
		Add(contentType, []byte(typ))
	p.brief = 2
	if link != "" {
		p.fields = p.fields.Add(linkName, []byte(link))
	}
	return p
}

// Tag returns a tag for octets that have no shorter name: part of their SHA-256.
func Tag(octets []byte) uint64 {
	sum := sha256.Sum256(octets)
	return binary.BigEndian.Uint64(sum[:])
}

// State returns the validators, for conditions to be held against.
func (p *Representation) State() condition.State { return p.state }

// Octets returns the octets, which nobody may write to.
func (p *Representation) Octets() []byte { return p.octets }

// AddValidators adds the validators to an answer that is not the representation itself.
func (p *Representation) AddValidators(resp *httpwire.Response) {
	modified := p.fields.Get("Last-Modified")
	resp.Fields = resp.Fields.Add(etagName, p.state.ETag).Add(lastModified, modified)
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
	if Holds(req, resp, p.state, clock) {
		resp.Code = 200
		resp.Fields = append(resp.Fields, p.fields...)
		return true
	}
	if resp.Code == 304 {
		resp.Fields = append(resp.Fields, p.fields[:p.brief]...)
	}
	return false
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
	case state.ETag == nil:
		Refuse(resp, 412, "The request has a condition, and there is nothing here that could meet "+
			"it. Nothing was changed.")
	default:
		Refuse(resp, 412, fmt.Sprintf("The request has a condition, and what is here does not meet "+
			"it: its ETag is %s. Nothing was changed. GET it, look at it, and try again with that "+
			"ETag.", state.ETag))
	}
	return false
}

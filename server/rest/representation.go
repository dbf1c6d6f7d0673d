package rest

import (
	"crypto/sha256"
	"fmt"
	"time"

	"rawhttp/httpwire"
	"rawhttp/httpwire/condition"
)

// A Representation is the response to GET: octets and the fields that describe them. It is made
// once and never changes, so a response only refers to its slices.
//
// Every representation has a strong ETag, Last-Modified, and Cache-Control: no-cache. With no-cache
// a cache may store the response, but must ask each time whether it is still current. Without it, a
// cache may guess how long the response stays current (RFC 9111 section 4.2.2).
type Representation struct {
	octets []byte
	state  condition.State

	// The values of fields; nil leaves the field out. Only values are stored, because a whole field
	// takes four times the memory and there may be very many representations.
	typ, modified, link, vary []byte
}

// NewRepresentation returns a representation. The tag becomes its ETag: give two representations of
// one resource the same tag only if their octets are the same. The link is the value of the Link
// field; nil leaves it out. A caller that sends the octets itself, after ServeHead, passes nil for the
// octets.
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

// A Digest identifies octets: it is the first 128 bits of their SHA-256. Clients choose the octets,
// so fewer bits are not enough: a client can find two texts with the same 64 bits in a minute.
type Digest [16]byte

// DigestOf returns the digest of octets.
func DigestOf(octets []byte) Digest {
	sum := sha256.Sum256(octets)
	return Digest(sum[:])
}

// State returns the validators, for CheckPreconditions.
func (p *Representation) State() condition.State { return p.state }

// Octets returns the octets. The caller must not change them.
func (p *Representation) Octets() []byte { return p.octets }

// AddValidators adds ETag and Last-Modified to a response that is not the representation itself.
func (p *Representation) AddValidators(resp *httpwire.Response) {
	resp.Fields = resp.Fields.Add(etagName, p.state.ETag).Add(lastModified, p.modified)
}

// Serve fills in the response to GET or HEAD, after it has checked the preconditions.
func (p *Representation) Serve(
	req *httpwire.Request, resp *httpwire.Response, clock func() time.Time,
) {
	if p.ServeHead(req, resp, clock) {
		resp.Body = p.octets
	}
}

// ServeHead does what Serve does but leaves out the body. It reports whether the response needs
// one.
func (p *Representation) ServeHead(
	req *httpwire.Request, resp *httpwire.Response, clock func() time.Time,
) bool {
	ok := CheckPreconditions(req, resp, p.state, clock)
	if !ok && resp.Code != 304 {
		return false
	}
	fs := &resp.Fields
	add(fs, varyName, p.vary)
	add(fs, cacheControl, noCache)
	add(fs, etagName, p.state.ETag)
	if ok { // a 304 leaves out the other fields (RFC 9110 section 15.4.5)
		resp.Code = 200
		add(fs, lastModified, p.modified)
		add(fs, contentType, p.typ)
		add(fs, linkName, p.link)
	}
	return ok
}

func add(fs *httpwire.Fields, name, value []byte) {
	if value != nil {
		*fs = fs.Add(name, value)
	}
}

// CheckPreconditions reports whether the preconditions of a request hold for the current state. If
// not, it fills in the response; the caller adds the fields of a 304. Call it after all other
// checks: a request that fails in any case gets its own error (RFC 9110 section 13.2.1).
func CheckPreconditions(
	req *httpwire.Request, resp *httpwire.Response, state condition.State, clock func() time.Time,
) bool {
	verdict, err := condition.Evaluate(req, state, clock)
	switch {
	case err != nil:
		Refuse(req, resp, 400, err.Error()+".")
	case verdict == condition.Proceed:
		return true
	case verdict == condition.NotModified:
		resp.Code = 304
	default:
		Refuse(req, resp, 412, unmetDetail(req, state))
	}
	return false
}

// Names and values of fields. They must not be changed.
var (
	acceptName   = []byte("Accept")
	allowName    = []byte("Allow")
	cacheControl = []byte("Cache-Control")
	contentType  = []byte("Content-Type")
	etagName     = []byte("ETag")
	lastModified = []byte("Last-Modified")
	linkName     = []byte("Link")
	varyName     = []byte("Vary")
	authenticate = []byte("WWW-Authenticate")

	noCache = []byte("no-cache")
	noStore = []byte("no-store")
)

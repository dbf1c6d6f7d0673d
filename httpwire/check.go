package httpwire

// Checks of a whole head: conditions that the grammar of its lines cannot express. Those on the end of the
// body are in framing.go.

// Check checks the conditions on a whole request head (RFC 9112 section 3.2, RFC 9110 section 5.3).
// It returns a *SyntaxError if
//
//   - the major version is not 1,
//   - the form of the request-target does not fit the method,
//   - a field such as Content-Type, whose value is not a list, is repeated, or
//   - Host is invalid, or is missing in HTTP/1.1 or later.
//
// The offsets are those of a request that was read. A Simple-Request has no head, so Check finds
// nothing in it.
func (r *Request) Check() error {
	if r.Simple {
		return nil
	}
	if r.Version.Major != 1 {
		return r.majorFault()
	}
	if !r.formFitsMethod() {
		return r.TargetFault(RuleTargetForm)
	}
	if f := r.Fields.repeated(false); f != nil {
		return f.fault(-1, ruleOfRepeated(f.Name))
	}
	return r.checkHost()
}

// formFitsMethod reports whether the target's form fits the method: "*" is for OPTIONS only, and
// CONNECT has no path. The grammar already ensures that only CONNECT has host:port as its target.
func (r *Request) formFitsMethod() bool {
	switch {
	case string(r.Target) == "*":
		return string(r.Method) == "OPTIONS"
	case string(r.Method) == "CONNECT":
		return len(r.Target) == 0 || r.Target[0] != '/'
	}
	return true
}

func (r *Request) checkHost() error {
	f := r.Fields.Find("Host")
	switch {
	case f == nil && r.Version.AtLeast(1, 1):
		return r.endOfHeadFault(RuleHostField)
	case f == nil:
		return nil
	}
	if at := ValueFault("Host", f.Value); at >= 0 {
		return f.fault(at, RuleHostField)
	}
	return nil
}

// Check checks the conditions on the whole head of the response to a request with the given method
// (RFC 9110 sections 2.5, 5.3, 8.6 and 15). It returns a *SyntaxError if
//
//   - the major version is not 1,
//   - the status code is not in the range from 100 to 599,
//   - a field such as Content-Type, whose value is not a list, is repeated, or
//   - Content-Length is invalid or repeated, even if there is no body.
//
// In a 2xx response to CONNECT, Content-Length is ignored.
func (r *Response) Check(method []byte) error {
	version := r.Offset + len("HTTP/")
	switch code := version + len("1.0 "); {
	case r.Version.Major != 1:
		return &SyntaxError{version, '0' + r.Version.Major, RuleMajorVersion}
	case r.Code < 100 || r.Code > 599:
		return &SyntaxError{code, '0' + byte(r.Code/100), RuleStatusClass}
	}
	ignored := r.tunnels(method)
	if _, err := r.Fields.contentLength(); err != nil && !ignored {
		return err
	}
	if f := r.Fields.repeated(ignored); f != nil {
		return f.fault(-1, RuleSingleton)
	}
	return nil
}

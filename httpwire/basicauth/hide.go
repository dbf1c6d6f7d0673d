package basicauth

import (
	"bytes"

	"rawhttp/httpwire"
)

// Hide returns the octets of a message, or of what was meant to be one, with an asterisk for each
// octet of credentials, so that they can be logged. What is hidden is what HideFields hides, and
// user and password of a URL.
func Hide(octets []byte) []byte {
	h := hider{in: octets}
	h.fields()
	h.urls()
	return h.result()
}

// HideFields hides what follows the scheme in the fields Authorization and Proxy-Authorization, so
// that a message can be shown. Nothing moves: each octet stays at its offset, and octets that may
// not be in a value stay what they are, since they are what a refusal is about. Without credentials
// it returns octets as they are; it never changes them.
func HideFields(octets []byte) []byte {
	h := hider{in: octets}
	h.fields()
	return h.result()
}

type hider struct{ in, out []byte }

func (h *hider) result() []byte {
	if h.out == nil {
		return h.in
	}
	return h.out
}

// fields hides credentials field by field. No octet is looked at twice: what folds belong to is
// known when they are reached, whatever they look like.
func (h *hider) fields() {
	for at := 0; at < len(h.in); {
		at = h.field(at)
	}
}

// nextLine returns where the line behind the one at an offset begins. LF ends a line, and so does a
// CR without it.
func (h *hider) nextLine(at int) int {
	for rest := h.in[at:]; ; {
		end := bytes.IndexAny(rest, "\r\n")
		if end < 0 {
			return len(h.in)
		}
		cr := rest[end] == '\r'
		if rest = rest[end+1:]; !cr || len(rest) > 0 && rest[0] != '\n' {
			return len(h.in) - len(rest)
		}
	}
}

// field hides the credentials of a field whose line begins at an offset, and goes on over folds. It
// returns where the next line begins.
func (h *hider) field(at int) int {
	end := h.nextLine(at)
	rest := bytes.TrimLeft(h.in[at:end], " \t")
	name := rest[:min(len(rest), len("Proxy-Authorization:"))]
	name = name[:max(0, bytes.IndexAny(name, ": \t\r\n"))]
	if !httpwire.EqualFold(name, "Authorization") && !httpwire.EqualFold(name, "Proxy-Authorization") {
		return end
	}
	rest = bytes.TrimPrefix(bytes.TrimLeft(rest[len(name):], " \t"), []byte(":"))
	start := end - len(rest)
	for end < len(h.in) && (h.in[end] == ' ' || h.in[end] == '\t') {
		end = h.nextLine(end)
	}
	const blank = " \t\r\n"
	value := h.in[start:end]
	scheme := bytes.IndexAny(bytes.TrimLeft(value, blank), blank)
	if scheme > 0 && len(bytes.Trim(bytes.TrimLeft(value, blank)[scheme:], blank)) > 0 {
		start = end - len(bytes.TrimLeft(value, blank)) + scheme
	}
	h.hide(start, end)
	return end
}

// urls hides what stands between "://" and "@", if no octet between them ends an authority.
func (h *hider) urls() {
	for at := 0; ; {
		i := bytes.Index(h.in[at:], []byte("://"))
		if i < 0 {
			return
		}
		at += i + len("://")
		authority := h.in[at:]
		if end := bytes.IndexAny(authority, "/?# \t\r\n\"<>"); end >= 0 {
			authority = authority[:end]
		}
		if user := bytes.LastIndexByte(authority, '@'); user >= 0 {
			h.hide(at, at+user)
		}
	}
}

// hide puts asterisks for what could be read, from start to end.
func (h *hider) hide(start, end int) {
	if h.out == nil {
		h.out = bytes.Clone(h.in)
	}
	for i := start; i < end; i++ {
		if o := h.out[i]; o > ' ' && o != 0x7F {
			h.out[i] = '*'
		}
	}
}

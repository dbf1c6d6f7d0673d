package httpwire

import "slices"

// Methods lists the methods that this project implements, in the order of an Allow field.
var Methods = [...]string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}

// IsMethod reports whether method is one of Methods. The case of letters counts.
func IsMethod(method []byte) bool { return slices.Contains(Methods[:], string(method)) }

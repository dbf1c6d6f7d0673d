package httpwire

// Methods are those that a resource here may have, in the order in which Allow lists them. Any
// other is unknown to the whole server (RuleKnownMethod), unless a handler takes whatever comes.
var Methods = [...]string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}

// IsMethod reports whether a method is one of Methods. Methods are case-sensitive.
func IsMethod(method []byte) bool {
	for _, m := range Methods {
		if string(method) == m {
			return true
		}
	}
	return false
}

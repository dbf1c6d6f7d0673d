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

// methodList names the methods for a sentence.
func methodList() (list string) {
	for i, m := range Methods {
		switch i {
		case 0:
		case len(Methods) - 1:
			list += " or "
		default:
			list += ", "
		}
		list += m
	}
	return list
}

package httpwire

// reasons are the reason phrases of the status codes (RFC 9110 section 15, RFC 2518, RFC 4918,
// RFC 6585, RFC 8297). They are for people: programs look at the code.
var reasons = [600]string{
	100: "Continue",
	101: "Switching Protocols",
	102: "Processing",
	103: "Early Hints",

	200: "OK",
	201: "Created",
	202: "Accepted",
	203: "Non-Authoritative Information",
	204: "No Content",
	205: "Reset Content",
	206: "Partial Content",

	300: "Multiple Choices",
	301: "Moved Permanently",
	302: "Found",
	303: "See Other",
	304: "Not Modified",
	305: "Use Proxy",
	307: "Temporary Redirect",
	308: "Permanent Redirect",

	400: "Bad Request",
	401: "Unauthorized",
	402: "Payment Required",
	403: "Forbidden",
	404: "Not Found",
	405: "Method Not Allowed",
	406: "Not Acceptable",
	407: "Proxy Authentication Required",
	408: "Request Timeout",
	409: "Conflict",
	410: "Gone",
	411: "Length Required",
	412: "Precondition Failed",
	413: "Content Too Large",
	414: "URI Too Long",
	415: "Unsupported Media Type",
	416: "Range Not Satisfiable",
	417: "Expectation Failed",
	421: "Misdirected Request",
	422: "Unprocessable Content",
	426: "Upgrade Required",
	428: "Precondition Required",
	429: "Too Many Requests",
	431: "Request Header Fields Too Large",

	500: "Internal Server Error",
	501: "Not Implemented",
	502: "Bad Gateway",
	503: "Service Unavailable",
	504: "Gateway Timeout",
	505: "HTTP Version Not Supported",
	507: "Insufficient Storage",
	511: "Network Authentication Required",
}

// ReasonPhrase returns the reason phrase of a status code, such as "Not Found" for 404. For an
// unknown code it returns the class, such as "Status 4xx".
func ReasonPhrase(code int) string {
	if code >= 0 && code < len(reasons) && reasons[code] != "" {
		return reasons[code]
	}
	return "Status " + string(rune('0'+Class(code))) + "xx"
}

// Class returns the class of a status code, its first digit. A recipient that does not know a code
// treats it by its class (RFC 1945 section 6.1.1). For a code outside the range from 100 to 599,
// Class returns 5 (RFC 9110 section 15).
func Class(code int) int {
	if code < 100 || code > 599 {
		return 5
	}
	return code / 100
}

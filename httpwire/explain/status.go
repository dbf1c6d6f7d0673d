package explain

import "rawhttp/httpwire"

// statuses says what each code means; its title is httpwire.ReasonPhrase.
var statuses = map[int]meaning{
	100: {"9110 15.2.1", "the head is fine, the body may come; the answer proper follows"},
	101: {"9110 15.2.2", "the server changes to the protocol that Upgrade names"},
	102: {"2518 10.1", "the server is at work; the answer proper follows"},
	103: {"8297 2", "fields that the answer will probably have, ahead of it"},

	200: {"1945 9.2, 9110 15.3.1", "the request has succeeded; the body is its result"},
	201: {"1945 9.2, 9110 15.3.2", "a new resource was made; Location says where"},
	202: {"1945 9.2, 9110 15.3.3", "the request was taken in and will be worked on later"},
	203: {"9110 15.3.4", "a success, but something on the way has changed the answer"},
	204: {"1945 9.2, 9110 15.3.5", "a success, and there is nothing to show"},
	205: {"9110 15.3.6", "a success; clear the form that this came from"},
	206: {"9110 15.3.7", "the part of the resource that Range asked for"},

	300: {"1945 9.3, 9110 15.4.1", "there are several forms of it: choose one"},
	301: {"1945 9.3, 9110 15.4.2", "moved for good: use the URI in Location from now on"},
	302: {"1945 9.3, 9110 15.4.3", "moved for now: Location says where"},
	303: {"9110 15.4.4", "the answer is at another URI: GET what Location says"},
	304: {"1945 9.3, 9110 15.4.5", "the copy that the client has is still good"},
	305: {"9110 15.4.6", "deprecated: it told the client to go through a proxy"},
	306: {"9110 15.4.7", "no longer used; the code is reserved"},
	307: {"9110 15.4.8", "moved for now: repeat the same request at Location"},
	308: {"9110 15.4.9", "moved for good: repeat the same request at Location"},

	400: {"1945 9.4, 9110 15.5.1", "the server could not make sense of the request"},
	401: {"1945 9.4, 9110 15.5.2", "the server wants to know who asks: see WWW-Authenticate"},
	402: {"9110 15.5.3", "reserved for paying; hardly used"},
	403: {"1945 9.4, 9110 15.5.4", "understood, and refused; asking again is of no use"},
	404: {"1945 9.4, 9110 15.5.5", "there is nothing at this path"},
	405: {"9110 15.5.6", "the resource is there, but not for this method: see Allow"},
	406: {"9110 15.5.7", "there is no form of it that the Accept fields allow"},
	407: {"9110 15.5.8", "the proxy wants to know who asks"},
	408: {"9110 15.5.9", "the request did not arrive in time"},
	409: {"9110 15.5.10", "the request does not fit the state that the resource is in"},
	410: {"9110 15.5.11", "it was here and is gone for good"},
	411: {"9110 15.5.12", "the server wants a Content-Length before the body"},
	412: {"9110 15.5.13", "a condition in the fields of the request does not hold"},
	413: {"9110 15.5.14", "the body is larger than the server takes"},
	414: {"9110 15.5.15", "the request-target is longer than the server takes"},
	415: {"9110 15.5.16", "the body is in a format that is not taken here: see Content-Type"},
	416: {"9110 15.5.17", "the resource has no such range"},
	417: {"9110 15.5.18", "the server cannot do what Expect demands"},
	418: {"9110 15.5.19", "no longer used; a joke about teapots keeps the code reserved"},
	421: {"9110 15.5.20", "this server does not answer for that host"},
	422: {"9110 15.5.21", "the body is well formed, but what it says cannot be done"},
	426: {"9110 15.5.22", "another protocol is wanted: see Upgrade"},
	428: {"6585 3", "the server wants a condition such as If-Match in the request"},
	429: {"6585 4", "too many requests in too short a time"},
	431: {"6585 5", "the fields are longer, or more, than the server takes"},

	500: {"1945 9.5, 9110 15.6.1", "the server has failed; the request may be fine"},
	501: {"1945 9.5, 9110 15.6.2", "the server does not know this method, or cannot do it"},
	502: {"1945 9.5, 9110 15.6.3", "a server behind this one gave an answer that is no good"},
	503: {"1945 9.5, 9110 15.6.4", "too busy, or under repair: try again later"},
	504: {"9110 15.6.5", "a server behind this one did not answer in time"},
	505: {"9110 15.6.6", "the server does not speak this major version of HTTP"},
	507: {"4918 11.5", "the server has no room to store the result"},
	511: {"6585 6", "the network wants a login before it lets anything through"},
}

// classes say of a code that nobody knows what its first digit tells.
var classes = [...]meaning{
	1: {"1945 9.1, 9110 15.2", "information; the answer proper follows"},
	2: {"1945 9.2, 9110 15.3", "a success of a kind that is not known here"},
	3: {"1945 9.3, 9110 15.4", "the client has to go on elsewhere"},
	4: {"1945 9.4, 9110 15.5", "the client has made a mistake"},
	5: {"1945 9.5, 9110 15.6", "the server has failed"},
}

// statusMeaning looks a code up: unknown ones count as the x00 of their class.
func statusMeaning(code int) meaning {
	if m, ok := statuses[code]; ok {
		return m
	}
	return classes[httpwire.Class(code)]
}

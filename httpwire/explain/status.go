package explain

import "rawhttp/httpwire"

// statuses says what each code means; its title is httpwire.ReasonPhrase.
var statuses = map[int]meaning{
	100: {"9110 15.2.1", "the client may send the body now; the final response follows"},
	101: {"9110 15.2.2", "the server changes to the protocol that Upgrade names"},
	102: {"2518 10.1", "the server is at work; the final response follows"},
	103: {"8297 2", "fields that the final response will probably have"},

	200: {"1945 9.2, 9110 15.3.1", "the request has succeeded"},
	201: {"1945 9.2, 9110 15.3.2", "a new resource was created; Location, if it is there, says where"},
	202: {"1945 9.2, 9110 15.3.3", "the server has accepted the request and will work on it later"},
	203: {"9110 15.3.4", "a success, but a proxy has changed the response"},
	204: {"1945 9.2, 9110 15.3.5", "a success without a body"},
	205: {"9110 15.3.6", "a success; the client should clear the form that this came from"},
	206: {"9110 15.3.7", "the part of the resource that Range asked for"},

	300: {"1945 9.3, 9110 15.4.1", "there are several forms of the resource: choose one"},
	301: {"1945 9.3, 9110 15.4.2", "moved permanently: use the URI in Location from now on"},
	302: {"1945 9.3, 9110 15.4.3", "moved for now: Location says where"},
	303: {"9110 15.4.4", "the response is at another URI: send a GET to the URI in Location"},
	304: {"1945 9.3, 9110 15.4.5", "the copy that the client has is still current"},
	305: {"9110 15.4.6", "deprecated: it told the client to go through a proxy"},
	306: {"9110 15.4.7", "no longer used; the code is reserved"},
	307: {"9110 15.4.8", "moved for now: repeat the same request at Location"},
	308: {"9110 15.4.9", "moved permanently: repeat the same request at Location"},

	400: {"1945 9.4, 9110 15.5.1", "the server cannot make sense of the request"},
	401: {"1945 9.4, 9110 15.5.2", "the client has to log in: WWW-Authenticate says how"},
	402: {"9110 15.5.3", "reserved for payments; hardly used"},
	403: {"1945 9.4, 9110 15.5.4", "the server refuses the request; other credentials may help"},
	404: {"1945 9.4, 9110 15.5.5", "the server has nothing at this path, or does not say so"},
	405: {"9110 15.5.6", "the resource does not support this method: Allow lists those that it does"},
	406: {"9110 15.5.7", "the resource has no form that the Accept fields allow"},
	407: {"9110 15.5.8", "the client has to log in to the proxy: Proxy-Authenticate says how"},
	408: {"9110 15.5.9", "the request did not arrive in time"},
	409: {"9110 15.5.10", "the request does not fit the state that the resource is in"},
	410: {"9110 15.5.11", "the resource was here and is gone permanently"},
	411: {"9110 15.5.12", "the server requires a Content-Length before the body"},
	412: {"9110 15.5.13", "a condition in the fields of the request is false"},
	413: {"9110 15.5.14", "the body is larger than the server accepts"},
	414: {"9110 15.5.15", "the request-target is longer than the server accepts"},
	415: {"9110 15.5.16", "the server does not accept the format of the body: see Content-Type"},
	416: {"9110 15.5.17", "the resource has no such range"},
	417: {"9110 15.5.18", "the server cannot do what Expect demands"},
	418: {"9110 15.5.19", "no longer used; a joke about teapots keeps the code reserved"},
	421: {"9110 15.5.20", "this server does not serve that host"},
	422: {"9110 15.5.21", "the body is well-formed, but the server cannot do what it says"},
	426: {"9110 15.5.22", "the server requires another protocol: see Upgrade"},
	428: {"6585 3", "the server requires a condition such as If-Match in the request"},
	429: {"6585 4", "the client has sent too many requests in too short a time"},
	431: {"6585 5", "the fields are longer, or more, than the server accepts"},

	500: {"1945 9.5, 9110 15.6.1", "the server has failed; the request may be fine"},
	501: {"1945 9.5, 9110 15.6.2", "the server does not know this method, or cannot do it"},
	502: {"1945 9.5, 9110 15.6.3", "a server that this one asked has sent an invalid response"},
	503: {"1945 9.5, 9110 15.6.4", "the server is too busy, or under repair: try again later"},
	504: {"9110 15.6.5", "a server that this one asked did not respond in time"},
	505: {"9110 15.6.6", "the server does not speak this major version of HTTP"},
	507: {"4918 11.5", "the server has no room to store the result"},
	511: {"6585 6", "the network requires a login before it lets anything through"},
}

// classes say what the first digit of a code means, for codes that are not in the table.
var classes = [...]meaning{
	1: {"1945 9.1, 9110 15.2", "information; the final response follows"},
	2: {"1945 9.2, 9110 15.3", "a success of a kind that this listing does not know"},
	3: {"1945 9.3, 9110 15.4", "the client has to go on elsewhere"},
	4: {"1945 9.4, 9110 15.5", "the client has made a mistake"},
	5: {"1945 9.5, 9110 15.6", "the server has failed"},
}

// statusMeaning looks up a code. An unknown one counts as the x00 of its class.
func statusMeaning(code int) meaning {
	if m, ok := statuses[code]; ok {
		return m
	}
	return classes[httpwire.Class(code)]
}

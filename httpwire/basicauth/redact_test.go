package basicauth

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRedact(t *testing.T) {
	for _, c := range []struct{ name, octets, want string }{
		{"the usual", "GET / HTTP/1.0\r\nAuthorization: Basic dTpw\r\nX: y\r\n\r\n",
			"GET / HTTP/1.0\r\nAuthorization: Basic ****\r\nX: y\r\n\r\n"},
		{"any case, any scheme", "authorization: bearer a.b.c\r\n", "authorization: bearer *****\r\n"},
		{"of a proxy", "Proxy-Authorization:Basic dTpw\r\n", "Proxy-Authorization:Basic ****\r\n"},
		{"no scheme", "Authorization: secret\r\n", "Authorization: ******\r\n"},
		{"no scheme, a space at the end", "Authorization: secret \r\n", "Authorization: ****** \r\n"},
		{"several words", "Authorization: Digest a=\"b\", c=d\r\n",
			"Authorization: Digest ****** ***\r\n"},
		{"a space before the colon", "Authorization : Basic dTpw\r\n", "Authorization : Basic ****\r\n"},
		{"no colon", "Authorization Basic dTp:w\r\n", "Authorization Basic *****\r\n"},
		{"a space in front", " Authorization: Basic dTpw\r\n", " Authorization: Basic ****\r\n"},
		{"after a bare CR", "X: a\rAuthorization: Basic dTpw\rX: y\r\n",
			"X: a\rAuthorization: Basic ****\rX: y\r\n"},
		{"a folded line", "Authorization: Basic\r\n dTpw\r\n\tabc\r\nX: y\r\n",
			"Authorization: Basic\r\n ****\r\n\t***\r\nX: y\r\n"},
		{"folded before the scheme", "Authorization:\r\n Basic dTpw\r\n",
			"Authorization:\r\n Basic ****\r\n"},
		{"LF alone", "GET / HTTP/1.0\nAuthorization: Basic dTpw\n\n",
			"GET / HTTP/1.0\nAuthorization: Basic ****\n\n"},
		{"broken off", "Authorization: Basic dT", "Authorization: Basic **"},
		{"broken off in the name", "Authorizat", "Authorizat"},
		{"octets that are the fault stay", "Authorization: Basic dT\x00p\x7fw\r\n",
			"Authorization: Basic **\x00*\x7f*\r\n"},
		{"obs-text", "Authorization: Basic \xc3\xa9\r\n", "Authorization: Basic **\r\n"},
		{"a field with a longer name", "X-Authorization: abc def\r\n", "X-Authorization: *** ***\r\n"},
		{"another field with credentials", "X-Authorization: Basic dTpw\r\n",
			"X-Authorization: Basic ****\r\n"},
		{"a challenge", "WWW-Authenticate: Basic realm=\"a\"\r\n",
			"WWW-Authenticate: Basic realm=\"a\"\r\n"},
		{"an escape, as in a URL", "Authorization: %41b cd\r\n", "Authorization: **** **\r\n"},
		{"empty", "Authorization:\r\nX: y\r\n", "Authorization:\r\nX: y\r\n"},
		{"scheme alone", "Authorization: Basic\r\n", "Authorization: *****\r\n"},
		{"two of them", "Authorization: Basic b\r\nAuthorization: digest d\r\n",
			"Authorization: Basic *\r\nAuthorization: digest *\r\n"},
		{"a scheme that is not known may be the secret", "Authorization: abc d\r\n",
			"Authorization: *** *\r\n"},
		{"a URL", "GET http://u:p@h/x@y HTTP/1.0\r\n", "GET http://***@h/x@y HTTP/1.0\r\n"},
		{"a URL with an @ in the password", "GET http://u:p@q@h/ HTTP/1.0\r\n",
			"GET http://*****@h/ HTTP/1.0\r\n"},
		{"a URL without", "GET http://h/u:p@x HTTP/1.0\r\n", "GET http://h/u:p@x HTTP/1.0\r\n"},
		{"nothing", "", ""},

		{"on the request-line", "GET / HTTP/1.0 Authorization: Basic dTpw\r\n\r\n",
			"GET / HTTP/1.0 Authorization: Basic ****\r\n\r\n"},
		{"on the request-line, no colon", "GET / HTTP/1.0 Cookie a\r\nX: y\r\n",
			"GET / HTTP/1.0 Cookie *\r\nX: y\r\n"},
		{"on the line of another field", "X: y Authorization: Basic dTpw\r\nX: y\r\n",
			"X: y Authorization: Basic ****\r\nX: y\r\n"},
		{"typed with backslashes", `GET / HTTP/1.0\r\nAuthorization: Basic dTpw\r\n\r\n`,
			`GET / HTTP/1.0\r\nAuthorization: Basic ************`},
		{"in quotes", "GET / HTTP/1.0\r\n\"Authorization: Basic dTpw\"\r\n",
			"GET / HTTP/1.0\r\n\"Authorization: Basic *****\r\n"},
		{"in single quotes", "'Authorization: Basic dTpw'\r\n", "'Authorization: Basic *****\r\n"},
		{"in JSON", "{\"Authorization\": \"Basic dTpw\"}", "{\"Authorization\": ****** ******"},
		{"in a body", "POST /raw HTTP/1.0\r\n\r\nAuthorization: Basic dTpw\r\n",
			"POST /raw HTTP/1.0\r\n\r\nAuthorization: Basic ****\r\n"},
		{"percent-encoded", "GET /?f=Authorization%3A%20Basic%20dTpw HTTP/1.0\r\n",
			"GET /?f=Authorization%3A*************** HTTP/1.0\r\n"},
		{"the name misspelt", "Authorisation: Basic dTpw\r\n", "Authorisation: Basic ****\r\n"},
		{"no name", "GET / HTTP/1.0 basic  dTpw\r\n", "GET / HTTP/1.0 basic  ****\r\n"},
		{"no name, a token", "Auth: Bearer abcdefghij.klmno\r\n", "Auth: Bearer ****************\r\n"},
		{"no name, a long user name", "Basic " + strings.Repeat("YWFh", 20) + "Onc=\r\n",
			"Basic " + strings.Repeat("****", 21) + "\r\n"},
		{"words that are no credentials", "X: the basic authentication, a bearer of news\r\n",
			"X: the basic authentication, a bearer of news\r\n"},
		{"a challenge of a token", "WWW-Authenticate: Bearer realm=\"a\", Basic charset=\"UTF-8\"\r\n",
			"WWW-Authenticate: Bearer realm=\"a\", Basic charset=\"UTF-8\"\r\n"},
		{"words of a text", "a: b\r\nno Cookie was sent\r\n", "a: b\r\nno Cookie was sent\r\n"},

		{"a URL without scheme", "GET //a:pw@h/ HTTP/1.0\r\n", "GET //****@h/ HTTP/1.0\r\n"},
		{"a scheme with one slash", "GET http:/a:pw@h/ HTTP/1.0\r\n",
			"GET http:/****@h/ HTTP/1.0\r\n"},
		{"a scheme without slashes", "GET http:a:pw@h/ HTTP/1.0\r\n",
			"GET *********@h/ HTTP/1.0\r\n"},
		{"backslashes", `GET http:\\a:pw@h/ HTTP/1.0`, `GET http:\\****@h/ HTTP/1.0`},
		{"authority-form", "CONNECT a:pw@h:80 HTTP/1.0\r\n", "CONNECT ****@h:80 HTTP/1.0\r\n"},
		{"alone on a line", "a:pw@h/\r\n", "a:**@h/\r\n"},
		{"a slash in the password", "GET http://a:p/w@h/ HTTP/1.0\r\n",
			"GET http://*****@h/ HTTP/1.0\r\n"},
		{"a space in the password", "GET http://a:p w@h/ HTTP/1.0\r\n",
			"GET http://*** *@h/ HTTP/1.0\r\n"},
		{"a quote in the password", "GET http://a:p\"w@h/ HTTP/1.0\r\n",
			"GET http://*****@h/ HTTP/1.0\r\n"},
		{"a cookie after what looks like a password", "//a:b\"Cookie: x@secret\r\n",
			"//*********** ********\r\n"},
		{"an @ in a parameter", "GET /?token=a@b HTTP/1.0\r\n", "GET /?token=*** HTTP/1.0\r\n"},
		{"a port", "GET http://h:80/u@x HTTP/1.0\r\n", "GET http://h:80/u@x HTTP/1.0\r\n"},
		{"IPv6", "GET http://[::1]:80/u@x HTTP/1.0\r\n", "GET http://[::1]:80/u@x HTTP/1.0\r\n"},
		{"a path", "GET /a:b@c HTTP/1.0\r\n", "GET /a:b@c HTTP/1.0\r\n"},
		{"an address of mail", "From: me@example.com\r\n", "From: me@example.com\r\n"},

		{"Cookie", "Cookie: sid=abc; b=c\r\nX: y\r\n", "Cookie: ******** ***\r\nX: y\r\n"},
		{"Set-Cookie", "set-cookie: sid=abc; Path=/\r\n", "set-cookie: ******** ******\r\n"},
		{"Set-Cookie2", "Set-Cookie2:a\r\n", "Set-Cookie2:*\r\n"},
		{"other fields", "Cookies: b\r\n", "Cookies: b\r\n"},
		{"a token in the query", "GET /?a=b&access_token=abc&c=d HTTP/1.0\r\n",
			"GET /?a=b&access_token=***&c=d HTTP/1.0\r\n"},
		{"a password in a form", "\r\nuser=me&Password=a%20b", "\r\nuser=me&Password=*****"},
		{"brackets", "\r\nuser[password]=a&keys[token][]=b", "\r\nuser[password]=*&keys[token][]=*"},
		{"brackets, percent-encoded", "GET /?user%5bpassword%5D=a HTTP/1.0\r\n",
			"GET /?user%5bpassword%5D=* HTTP/1.0\r\n"},
		{"brackets in a multipart form", "Content-Disposition: form-data; name=\"user[password]\"\r\n\r\na",
			"Content-Disposition: form-data; name=\"user[password]\"\r\n\r\n*"},
		{"a name, percent-encoded", "GET /?api%5Fkey=a&pass%77ord=b&%74oken=c&s%65cre%7=d HTTP/1.0\r\n",
			"GET /?api%5Fkey=*&pass%77ord=*&%74oken=*&s%65cre%7=d HTTP/1.0\r\n"},
		{"fields", "X-Api-Key: a b\r\n c\r\nx-auth-token:%41 b\r\nToken-Count: 1\r\nPrivate-Token : a",
			"X-Api-Key: * *\r\n *\r\nx-auth-token:*** *\r\nToken-Count: 1\r\nPrivate-Token : *"},
		{"a field in quotes", "GET / HTTP/1.0\r\n \"X-Auth-Token: a b\"\r\n",
			"GET / HTTP/1.0\r\n \"X-Auth-Token: * **\r\n"},
		{"a name within a line", "GET /token: a\r\nVary: X-Api-Key\r\nX: token: a\r\n",
			"GET /token: *\r\nVary: X-Api-Key\r\nX: token: *\r\n"},
		{"a colon in a path", "GET /token:a HTTP/1.0\r\nX: y\r\n", "GET /token:* HTTP/1.0\r\nX: y\r\n"},
		{"a path that is a name", "GET /cookie HTTP/1.0\r\n", "GET /cookie HTTP/1.0\r\n"},
		{"a faulty escape", "GET /?token=a%zz HTTP/1.0\r\n", "GET /?token=**** HTTP/1.0\r\n"},
		{"blanks around the sign", "GET / HTTP/1.0\r\n\r\npassword =a&token\t= b",
			"GET / HTTP/1.0\r\n\r\npassword =*&token\t= *"},
		{"a secret within another", "GET /?token=Cookie: a=b\r\n", "GET /?token=******* ***\r\n"},
		{"no scheme, and more on the line", "GET / HTTP/1.0 Authorization: a:pw Host: h\r\n",
			"GET / HTTP/1.0 Authorization: **** ***** *\r\n"},
		{"a space in a parameter", "GET /?password=my secret&a=b HTTP/1.0\r\n",
			"GET /?password=** ******&a=b HTTP/1.0\r\n"},
		{"a space in the last parameter", "GET /?password=my secret HTTP/1.0\r\n",
			"GET /?password=** ****** HTTP/1.0\r\n"},
		{"a space in a request that is a body", "POST / HTTP/1.0\r\n\r\nGET /?token=a b HTTP/1.0\r\n",
			"POST / HTTP/1.0\r\n\r\nGET /?token=* * HTTP/1.0\r\n"},
		{"a space in a form", "POST / HTTP/1.0\r\n\r\nuser=a b&password=my secret\r\na=b",
			"POST / HTTP/1.0\r\n\r\nuser=a b&password=** ******\r\na=b"},
		{"a parameter in a page", "HTTP/1.0 200 OK\r\n\r\n<a href=\"/?token=abc\"> text",
			"HTTP/1.0 200 OK\r\n\r\n<a href=\"/?token=***** ****"},
		{"a URL that is a parameter", "GET /?to=%2F%3Ftoken%3dabc HTTP/1.0\r\n",
			"GET /?to=%2F%3Ftoken%3d*** HTTP/1.0\r\n"},
		{"JSON", `{"access_token" : "a\"b","expires":1}`, `{"access_token" : ******,"expires":1}`},
		{"JSON, a number", `{"token":123,"a":"b"}`, `{"token":***,"a":"b"}`},
		{"JSON, on two lines", "{\"token\":\n\"a b\"}", "{\"token\":\n** **}"},
		{"JSON, an object", `{"token":{"a":"b}","c":[{}]},"d":1}`, `{"token":*******************,"d":1}`},
		{"JSON, an array", "{\"token\": [\"a\",\r\n\"b\"],\"c\":[1]}",
			"{\"token\": *****\r\n****,\"c\":[1]}"},
		{"JSON, an array without its end", `{"token":["a`, `{"token":***`},
		{"JSON, an encoded name", `{"p\u0061ss\u0077ord":"a","\u00zz":1}`, `{"p\u0061ss\u0077ord":***,"\u00zz":1}`},
		{"JSON in JSON", `{"a":"{\"password\":\"a}\",\"b\":1}","c":1}`,
			`{"a":"{\"password\":****************,"c":1}`},
		{"a multipart form", "Content-Disposition: form-data; name=\"password\"\r\n\r\na\r\nb\r\n--x--",
			"Content-Disposition: form-data; name=\"password\"\r\n\r\n*\r\n*\r\n--x--"},
		{"a multipart form, folded", "content-disposition: FORM-DATA;\r\n name=\"password\"\r\n\r\na\r\n--x--",
			"content-disposition: FORM-DATA;\r\n name=\"password\"\r\n\r\n*\r\n--x--"},
		{"another multipart body", "Content-Disposition: attachment; name=\"token\"\r\n\r\na\r\n--x--",
			"Content-Disposition: attachment; name=\"token\"\r\n\r\n*\r\n--x--"},
		{"a parameter that is called name", "GET /a;name=token HTTP/1.0\r\nX: y\r\n",
			"GET /a;name=token HTTP/1.0\r\nX: y\r\n"},
		{"a list of names", "Access-Control-Allow-Headers: Authorization, Cookie, X-Api-Key\r\n",
			"Access-Control-Allow-Headers: Authorization, Cookie, X-Api-Key\r\n"},
		{"an escape that is a space", "GET /?q=cookie%20a HTTP/1.0\r\n", "GET /?q=cookie%20* HTTP/1.0\r\n"},
		{"a name within a line does not hide the next one", "a: b\r\n\r\nthe password: a\r\nb=c\r\n",
			"a: b\r\n\r\nthe password: *\r\nb=c\r\n"},
		{"the form of a page", "<form>\n<input name=\"password\">\n\n<p>text</p>\n</form>",
			"<form>\n<input name=\"password\">\n\n<p>text</p>\n</form>"},
		{"NUL in the name", "GET / HTTP/1.0\r\nCookie\x00: a=b\r\n", "GET / HTTP/1.0\r\nCookie\x00: ***\r\n"},
		{"a no-break space in the name", "GET / HTTP/1.0\r\nAuthorization\u00a0: Basic dTpw\r\n",
			"GET / HTTP/1.0\r\nAuthorization\u00a0: Basic ****\r\n"},
		{"a no-break space in the name, on the request-line", "GET / HTTP/1.0 Cookie\u00a0: a\r\n",
			"GET / HTTP/1.0 Cookie\u00a0: *\r\n"},
		{"a path", "GET /cookie/a HTTP/1.0\r\n", "GET /cookie/a HTTP/1.0\r\n"},
		{"a semicolon for the colon", "GET / HTTP/1.0\r\nCookie; a=b\r\n", "GET / HTTP/1.0\r\nCookie; ***\r\n"},
		{"a no-break space before the name", "GET / HTTP/1.0\r\n\u00a0Cookie a\r\n",
			"GET / HTTP/1.0\r\n\u00a0Cookie *\r\n"},
		{"a value broken over two lines", "Authorization: Basic dTpw\r\nYWJj\r\nX: y\r\n",
			"Authorization: Basic ****\r\n****\r\nX: y\r\n"},
		{"a bare CR in a cookie", "Cookie: a=b\rc=d; e\r\nX y\r\n", "Cookie: ***\r**** *\r\nX y\r\n"},
		{"a request after a cookie", "Cookie: a\r\nGET /?a=b HTTP/1.0\r\n",
			"Cookie: *\r\nGET /?a=b HTTP/1.0\r\n"},
		{"a bare CR in the password", "GET http://a:p\rw@h/ HTTP/1.0\r\n",
			"GET http://***\r*@h/ HTTP/1.0\r\n"},
		{"a bracket in the password", "GET http://a:[/w@h/ HTTP/1.0\r\n",
			"GET http://*****@h/ HTTP/1.0\r\n"},
		{"cut within the password", "GET http://a:pw", "GET http://a:**"},
		{"cut within the password, a slash", "GET http://a:p/w", "GET http://a:***"},
		{"cut within the port", "GET http://h:80", "GET http://h:80"},
		{"words", "GET /token/secret?q=password HTTP/1.0\r\n",
			"GET /token/secret?q=password HTTP/1.0\r\n"},

		{"a user in a line without a colon", "GET //me@h/ HTTP/1.0\r\n", "GET //**@h/ HTTP/1.0\r\n"},
		{"what ends a URL", "X: <a:pw@h>, \"a:pw@h\", x@y\r\n", "X: <****@h>, \"****@h\", x@y\r\n"},
		{"a query and a fragment", "GET /?a:b@c HTTP/1.0\r\nX: a#b:c@d a?b:c@d\r\n",
			"GET /?a:b@c HTTP/1.0\r\nX: a#b:c@d a?b:c@d\r\n"},
		{"an address of mail with a port", "X: me@h:25\r\n", "X: me@h:25\r\n"},
		{"what ends a token", "\"Bearer abcdefghij.klmnop\"a <Bearer abcdefghij.klmnop>a Bearer abcdefghij.klmnop,a " +
			"Bearer abcdefghij.klmnop;a Bearer abcdefghij.klmnop<a",
			"\"Bearer *****************\"a <Bearer *****************>a Bearer *****************,a " +
				"Bearer *****************;a Bearer *****************<a"},
		{"words that end like a scheme", "X: a-basic dTpw 1basic dTpw a_basic dTpw zbasic dTpw\r\n",
			"X: a-basic dTpw 1basic dTpw a_basic dTpw zbasic dTpw\r\n"},
		{"words that begin like a scheme", "X: basicdTpw basic-dTpw\r\n", "X: basicdTpw basic-dTpw\r\n"},
		{"a bracket before a scheme", "X: {basic dTpw}\r\n", "X: {basic *****\r\n"},
		{"a token of another scheme", "X: basic internationalization, a bearer dTpw\r\n",
			"X: basic internationalization, a bearer dTpw\r\n"},
		{"alone on another line", "X: y\r\na:pw@h/\r\n", "X: y\r\na:**@h/\r\n"},
		{"JSON in JSON, a number", `{"a":"{\"pwd\":12345}","c":1}`, `{"a":"{\"pwd\":*******,"c":1}`},
		{"a faulty escape in a name", "GET /?token%zz=a HTTP/1.0\r\n", "GET /?token%zz=a HTTP/1.0\r\n"},
		{"a field name alone on its line", "GET / HTTP/1.0\r\nCookie\r\n a=b\r\nX: y\r\n",
			"GET / HTTP/1.0\r\nCookie\r\n ***\r\nX: y\r\n"},
		{"a multipart form without quotes", "Content-Disposition: form-data; name=password\r\n\r\na\r\n--x--",
			"Content-Disposition: form-data; name=password\r\n\r\n*\r\n--x--"},
		{"a parameter of form-data", "Content-Type: multipart/form-data; token=a\r\n\r\ntext",
			"Content-Type: multipart/form-data; token=*\r\n\r\ntext"},
		{"a parameter in quotes", "GET /?\"token\"=a,b HTTP/1.0\r\n", "GET /?\"token\"=*** HTTP/1.0\r\n"},
		{"percent-encoded, and a parameter after it", "GET /?f=Authorization%3Aa&b=c HTTP/1.0\r\n",
			"GET /?f=Authorization%3A*&b=c HTTP/1.0\r\n"},
		{"a percent-encoded sign, and a parameter after it", "GET /?q=Cookie%3Da&b=c HTTP/1.0\r\n",
			"GET /?q=Cookie%3D*&b=c HTTP/1.0\r\n"},
		{"a space before a field name in the first line", " X-Auth-Token: a&b\r\n", " X-Auth-Token: ***\r\n"},
		{"no colon, and a quote", "GET / HTTP/1.0\r\nCookie \"a\r\n", "GET / HTTP/1.0\r\nCookie **\r\n"},
		{"a number at the end of a parameter", "\r\npassword=a 1.2\r\n", "\r\npassword=* ***\r\n"},
		{"what begins like a version", "GET /?token=a HTTP/1.b\r\n", "GET /?token=* ********\r\n"},
		{"a version in small letters", "GET /?token=a http/1.0\r\n", "GET /?token=* http/1.0\r\n"},
		{"white space after the version", "GET /?token=a b HTTP/1.1 \t\r\n", "GET /?token=* * HTTP/1.1 \t\r\n"},
		{"single quotes", "{'token': 'a, b', 'c': 1}", "{'token': *** **, 'c': 1}"},
		{"a password that begins like a scheme", "X-Password: basic a\r\n", "X-Password: ***** *\r\n"},
		{"a body after a cookie, LF alone", "Cookie: a\n\nbody\n", "Cookie: *\n\nbody\n"},
		{"a scheme at the end of a line", "Basic\r\ndTpw\r\n", "Basic\r\ndTpw\r\n"},
		{"delimiters in a name", "GET /?token(=a&token<=a&token@=a&token[=a&token{=a HTTP/1.0\r\n",
			"GET /?token(=*&token<=*&token@=*&token[=*&token{=* HTTP/1.0\r\n"},
		{"JSON, what ends a number", "[\"token\":1],{\"token\":1 \"a\":1}", "[\"token\":*],{\"token\":* \"a\":1}"},
		{"DEL in the name", "GET / HTTP/1.0\r\nCookie\x7f: a\r\n", "GET / HTTP/1.0\r\nCookie\x7f: *\r\n"},
		{"a colon within a line", "X:token: a&b\r\nthe password: a&b\r\nGET /?token:a&b HTTP/1.0\r\n",
			"X:token: ***\r\nthe password: ***\r\nGET /?token:*** HTTP/1.0\r\n"},
		{"a parameter after a field name", "X:token=a&b\r\n", "X:token=*&b\r\n"},
		{"an empty line before the request-line", "\r\nGET / HTTP/1.0 Cookie a\r\n",
			"\r\nGET / HTTP/1.0 Cookie *\r\n"},
		{"white space in the name", "Author ization: Digest a\r\nC\tooki e: a=b\r\nthe pass word: a\r\nSet-Cookie 2: a\r\n",
			"Author ization: Digest *\r\nC\tooki e: ***\r\nthe pass word: *\r\nSet-Cookie 2: *\r\n"},
		{"no colon after a name with a hyphen", "GET /x-token a HTTP/1.0\r\nX-Api-Key a=b; c\r\nVary: a, X-Auth-Token b\r\n\r\nto ken a\r\n",
			"GET /x-token a HTTP/1.0\r\nX-Api-Key **** *\r\nVary: a, X-Auth-Token b\r\n\r\nto ken a\r\n"},
		{"invisible octets in the name", "Coo\x00kie: a\r\nCook\vie: a\r\nX-Api\u2011Key: a\r\nX: to%00ken=a\r\nto\x00",
			"Coo\x00kie: *\r\nCook\vie: *\r\nX-Api\u2011Key: *\r\nX: to%00ken=*\r\nto\x00"},
		{"white space in the name, no colon", "GET / HTTP/1.0\r\nCook ie a=b\r\nX: a to ken\r\n",
			"GET / HTTP/1.0\r\nCook ie ***\r\nX: a to ken\r\n"},
		{"signs in the name", "GET / HTTP/1.0\r\nCoo/kie: a\r\nSet Cookie2: a\r\nSetCookie2 : a\r\nAuthori(zation: Digest a\r\n" +
			"X-Api.Key: a\r\nX-Pass-word: a\r\nGET /?pass_word=a&api[key]=b&to\"ken=c HTTP/1.0\r\n",
			"GET / HTTP/1.0\r\nCoo/kie: *\r\nSet Cookie2: *\r\nSetCookie2 : *\r\nAuthori(zation: Digest *\r\n" +
				"X-Api.Key: *\r\nX-Pass-word: *\r\nGET /?pass_word=*&api[key]=*&to\"ken=* HTTP/1.0\r\n"},
		{"signs after the name", "GET / HTTP/1.0\r\nCookie/: a\r\nCookie.: a\r\nCookie- : a\r\nX-Token?: a\r\nAuthorisation: a\r\n",
			"GET / HTTP/1.0\r\nCookie/: *\r\nCookie.: *\r\nCookie- : *\r\nX-Token?: *\r\nAuthorisation: *\r\n"},
		{"a sign for the colon", "GET / HTTP/1.0\r\nCookie/ a\r\nSet-Cookie2|a b\r\nAuthorization. Basic a\r\nX: y\r\n",
			"GET / HTTP/1.0\r\nCookie* *\r\nSet-Cookie2** *\r\nAuthorization* ***** *\r\nX: y\r\n"},
		{"no colon, and a value that begins as a longer name ends", "GET / HTTP/1.0\r\nCookie 2e4f=a\r\nSet-Cookie/ 2\r\nSet-Cookie\t2a\r\nCookie2 a\r\nX: y\r\n",
			"GET / HTTP/1.0\r\nCookie ******\r\nSet-Cookie* *\r\nSet-Cookie\t**\r\nCookie2 *\r\nX: y\r\n"},
		{"other names, and words", "GET /to/ken/a?b=api HTTP/1.0\r\nVary: to, ken\r\nCookie-Policy: a\r\nno Cookie. b: c\r\nthe secret? No: it is known\r\n",
			"GET /to/ken/a?b=api HTTP/1.0\r\nVary: to, ken\r\nCookie-Policy: a\r\nno Cookie. b: c\r\nthe secret? No: it is known\r\n"},
		{"words in the line after a cookie", "Cookie: a\r\nX: no Cookie was sent\r\n",
			"Cookie: *\r\nX: no Cookie was sent\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			octets := []byte(c.octets)
			if got := string(Redact(octets)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if string(octets) != c.octets {
				t.Errorf("the message itself is now %q", octets)
			}
		})
	}
}

// secretPlaces are places of a secret in valid and invalid messages.
var secretPlaces = []string{
	"Authorization: Digest %s\r\n", "Authorization:%s", "\"Authorization: Basic %s\"",
	"Authorization:\r\n Basic %s", "Authorization: Basic a %s", " Basic dTpw%s",
	"Proxy-Authorization = %s", "\r\n'Cookie %s'", "Cookie: a=b; c=%s", "Set-Cookie: a=%s; Path=/",
	"//u:%s@h", "//%s@h", " u:%s@h", "\r\nu:%s@h", "http:/u:%s@h", "//u:a@%s@h", "//u:a/%s@h",
	"?token=%s", "?token=a@%s", "password=%s&a=b", "Cookie: a@%s", "Authorization%%3A%%20%s",
	"{\"token\": \"%s\"}", "\r\nCookie\x00: %s", "\r\nCookie\xa0 %s", "?a=token%%3D%s",
	"\r\nAuthorization: %%41 %s", "?user[password]=%s", "a%%5btoken%%5D%%5B%%5d=%s",
	"?pass%%77ord=%s", "?api%%5Fkey%%3D%s", "\r\nX-Api-Key: %s", "\r\n 'Auth-Token : %s",
	"\r\nCoo/kie: %s", "\r\n\r\nCookie/ %s", "\r\nSet Cookie2: %s", "\r\nAuthori?zation. : %s", "?pass_word=%s",
	"password = %s", "\"token\" : [1, {\"a\": \"%s\"}]", "\"t\\u006fken\":\"%s\"",
}

// FuzzRedact checks that octets keep their offsets, that line ends stay, and that no secret is
// visible. A second call may redact more: asterisks in the place of a port look like a password.
func FuzzRedact(f *testing.F) {
	for _, s := range []string{"Authorization: Basic dTpw\r\n", "GET http://u:p@h/ HTTP/1.0\r\n",
		"a:\r\n b", "", "GET /?token=", "//a:b\"", "Basic ", "\r\nCookie"} {
		for i := range secretPlaces {
			f.Add([]byte(s), i, []byte(" HTTP/1.0\r\nHost: h\r\n\r\n"))
		}
	}
	f.Fuzz(func(t *testing.T, before []byte, place int, after []byte) {
		const secret = "S3cr3tS3cr3t"
		if bytes.Contains(before, []byte(secret)) || bytes.Contains(after, []byte(secret)) {
			return
		}
		format := secretPlaces[uint(place)%uint(len(secretPlaces))]
		octets := slices.Concat(before, fmt.Appendf(nil, format, secret), after)
		redacted := Redact(octets)
		if bytes.Contains(redacted, []byte(secret)) {
			t.Fatalf("%q shows the secret of %q", redacted, octets)
		}
		onlyRedacts(t, octets, redacted)
		part := octets[:len(octets)/2]
		onlyRedacts(t, part, Redact(part))
		onlyRedacts(t, redacted, Redact(redacted)) // refusals are redacted once more where they are made
	})
}

// onlyRedacts checks that some visible octets have become asterisks, and that nothing else changed.
func onlyRedacts(t *testing.T, octets, redacted []byte) {
	t.Helper()
	if len(redacted) != len(octets) {
		t.Fatalf("%q of %q", redacted, octets)
	}
	for i, o := range redacted {
		if o != octets[i] && (o != '*' || octets[i] <= ' ' || octets[i] == 0x7F) {
			t.Fatalf("%q of %q", redacted, octets)
		}
	}
}

// The documentation of Redact and the README of the server name all that precedes a secret.
func TestSecretsAreDocumented(t *testing.T) {
	for _, file := range []string{"redact.go", "../../server/README.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, list, _ := strings.Cut(string(text), "These are credentials:")
		if file == "redact.go" {
			_, list, _ = strings.Cut(string(text), "// Redact returns")
		}
		list, _, _ = strings.Cut(list, "asterisk instead")
		list, _, _ = strings.Cut(list, "\nfunc ")
		for _, s := range secrets {
			if !regexp.MustCompile(`\b` + s.name + `\b`).MatchString(list) {
				t.Errorf("%s does not name %s", file, s.name)
			}
		}
	}
}

// Redact takes linear time. Each row repeats octets that might make Redact look at others again. In
// 32 times as many octets they may take 200 times as long, or a quarter of a second, because a machine
// can be busy. Quadratic time would be 1024 times as long. A row that took longer has two more tries.
func TestRedactLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	const few, many = 1 << 12, 1 << 17
	head, tail := "GET / HTTP/1.0\r\n\r\n", strings.Repeat("x", few)
	for _, s := range []string{
		"Authorization: Basic secret\r\n", " Authorization: Basic secret\r\n", "Authorization ",
		"\r\n Cookie", "\r\nCookie: ", "Basic ", "Bearer", "Basic YQ", "//a:b", "//a:b ", "@", "a:@",
		"//@", "//a:b\r", "token=", "password=%", "/a:b@", "Authorization%", "Cookie=\"", "\r", " ",
		"http://a:[", "aaaaaaaa", "//a:b@ ", "token= ", "token=a &", "token\":", "token\":\"", "token%3D",
		"name=\"token\"", "name=\"token\"\n\n", "\nCookie\x00", "\nCookie: a\nb", "\r\n\r\ntoken=a b",
		"password'", "token=a ", "token=a b&", "token=\" ", "token=a /", "/Basic", "/Bearer", "\x00Cookie",
		"token=a HTTP/", "token%3Da b", "'token':", "name=token'", "token[", "token%5B", "name=\"token]\"",
		"%74", "%74%6f%6b%65%6e", "%74oken=a ", "token:", "\ntoken:", "\ntoken: a", " token:", "'token  ", "'token:[",
		"token =", "\"token\":{", "\"token\":[\"", "\"token\": ", "\\u0074oken", "form-data; token\r\n", "form-data token",
		"token=a HTTP/1", "t ", "to  k", "token  ", "t\x00", "to\xff\xff", "-token,", "cookie 2 ", "\"token\":\n", "\\\"token\\\":",
		"to/", "t/////", "token/", "token////", "\nCookie/", "\nCookie/ a", "/token/=", "to/ken.", "c-o-o-k-i-e", "\nCookie.\n",
	} {
		for _, around := range [][2]string{{"", ""}, {"", "@"}, {"", "\r\n"}, {"GET /?a=b", tail + "/"},
			{head, ""}, {head, "&"}, {head + "\"", tail + "/"}} {
			measure := func(size int) time.Duration {
				octets := []byte(around[0] + strings.Repeat(s, size/len(s)) + around[1])
				began := time.Now()
				redacted := Redact(octets)
				took := time.Since(began)
				if bytes.Contains(redacted, []byte("secret")) {
					t.Errorf("%q: it shows %.99q", s, redacted)
				}
				return took
			}
			one, all := measure(few), measure(many)
			for range 2 {
				if all > max(200*one, time.Second/4) {
					one, all = measure(few), measure(many)
				}
			}
			if all > max(200*one, time.Second/4) {
				t.Errorf("%.40q and %q, again and again: %v, and 32 times as many %v", around[0], s, one, all)
			}
		}
	}
}

// BenchmarkRedact redacts what the log has of each request.
func BenchmarkRedact(b *testing.B) {
	line := []byte("GET /address_book/api/v1.0/addresses HTTP/1.0")
	b.ReportAllocs()
	for b.Loop() {
		Redact(line)
	}
}

// BenchmarkRedactLong redacts a body that an attacker fills with octets that need a closer look.
func BenchmarkRedactLong(b *testing.B) {
	for name, piece := range map[string]string{
		"quotes": `"`, "signs": "=", "escapes": "%41", "JSON": `\u0041`, "base64": "QWxhZGRpbjpvcGVu", "names": "passap",
		"tokens": "token=", "pairs": "Basic YQ ", "members": `"token":"a",`, "URLs": "//a:b@", "lines": "\r\n",
	} {
		octets := []byte(strings.Repeat(piece, 1<<20/len(piece)))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(octets)))
			for b.Loop() {
				Redact(octets)
			}
		})
	}
}

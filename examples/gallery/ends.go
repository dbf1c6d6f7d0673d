package gallery

import "rawhttp/httpwire"

var tooLittle = []Message{
	{File: "ends/no-line-end.http", Offset: 45, Rule: httpwire.RuleCRLF,
		Why: "a line without its end: Enter was not pressed"},
	{File: "ends/no-empty-line.http", Offset: 47, Rule: httpwire.RuleEndOfHead,
		Why: "the empty line is missing: the most common mistake"},
	{File: "ends/no-empty-line-field.http", Offset: 64, Rule: httpwire.RuleEndOfHead,
		Why: "another field may still follow the last one"},
	{File: "ends/body-none.http", Offset: 102, Rule: httpwire.RuleMessageBody,
		Why: "Content-Length announces a body, and none follows"},
	{File: "ends/body-shorter.http", Offset: 151, Rule: httpwire.RuleMessageBody,
		Why: "one octet less than Content-Length says"},
	{File: "ends/length-huge.http", Offset: 93, Rule: httpwire.RuleMessageBody,
		Why: "far too long: this server responds with 413 without waiting for the body"},
}

var tooMuch = []Message{
	{File: "ends/body-longer.http", Offset: 151, Rule: httpwire.RuleSurplus,
		Why: "an editor added a line end after the body, not counted by Content-Length"},
	{File: "ends/body-unannounced.http", Offset: 49, Rule: httpwire.RuleSurplus,
		Why: "a request without Content-Length has no body, so these octets are surplus"},
	{File: "ends/second-request.http", Offset: 49, Rule: httpwire.RuleSurplus,
		Why: "a second request, although the first did not ask for keep-alive"},
}

package gallery

import "rawhttp/httpwire"

var tooLittle = []Message{
	{File: "ends/no-line-end.http", Offset: 45, Rule: httpwire.RuleCRLF,
		Why: "a line that nobody ended: Enter was not pressed"},
	{File: "ends/no-empty-line.http", Offset: 47, Rule: httpwire.RuleEndOfHead,
		Why: "the empty line is missing: the commonest mistake, and the quietest"},
	{File: "ends/no-empty-line-field.http", Offset: 64, Rule: httpwire.RuleEndOfHead,
		Why: "a field may be followed by another one"},
	{File: "ends/body-none.http", Offset: 102, Rule: httpwire.RuleMessageBody,
		Why: "a length, and no body"},
	{File: "ends/body-shorter.http", Offset: 151, Rule: httpwire.RuleMessageBody,
		Why: "one octet less than Content-Length says"},
	{File: "ends/length-huge.http", Offset: 93, Rule: httpwire.RuleMessageBody,
		Why: "more than anybody could send: this server does not wait for it (413)"},
}

var tooMuch = []Message{
	{File: "ends/body-longer.http", Offset: 151, Rule: httpwire.RuleSurplus,
		Why: "an editor put a line end behind the body, and nobody counted it"},
	{File: "ends/body-unannounced.http", Offset: 49, Rule: httpwire.RuleSurplus,
		Why: "no length, no body: what follows the head is not part of it"},
	{File: "ends/second-request.http", Offset: 49, Rule: httpwire.RuleSurplus,
		Why: "a second request where keep-alive was not asked for"},
}

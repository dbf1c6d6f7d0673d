package httpwire_test

import (
	"errors"
	"fmt"
	"testing"

	. "rawhttp/httpwire"
)

var chunkLines = []row{
	{name: "size", in: "5\r\n", want: "5"},
	{name: "last chunk", in: "0\r\n", want: "0"},
	{name: "hexadecimal, either case", in: "aF\r\n", want: "175"},
	{name: "leading zeros", in: "0000000000000000000000A\r\n", want: "10"},
	{name: "largest", in: "3FFFFFFFFFFFFFFF\r\n", want: "4611686018427387903"},
	{name: "extension", in: "5;name=value\r\n", want: "5"},
	{name: "extension in quotes", in: "5 \t; a=\"b;c\" ; d\r\n", want: "5"},
	{name: "9112-7.1.1-a white space wherever it may be", in: "5 ; a = b\t;\tc\t=\t\"\"\r\n", want: "5"},
	{name: "quoted-pair", in: "5;a=\"\\\"\\\\\xe9\t\"\r\n", want: "5"},
	{name: "extension without a value", in: "5;a;b=c\r\n", want: "5"},
	{name: "white space before the next extension", in: "5;a \t;b=c ;d\r\n", want: "5"},

	{name: "nothing", in: "‸\r\n", rule: RuleChunkSize},
	{name: "letter", in: "5‸g\r\n", rule: RuleChunkSize},
	{name: "0x", in: "0‸x5\r\n", rule: RuleChunkSize},
	{name: "sign", in: "‸+5\r\n", rule: RuleChunkSize},
	{name: "minus", in: "‸-1\r\n", rule: RuleChunkSize},
	{name: "space first", in: "‸ 5\r\n", rule: RuleChunkSize},
	{name: "underscore", in: "1‸_0\r\n", rule: RuleChunkSize},
	{name: "too large", in: "7FFFFFFFFFFFFFF‸F\r\n", rule: RuleChunkSize},
	{name: "just too large", in: "400000000000000‸0\r\n", rule: RuleChunkSize},
	{name: "far too large", in: "FFFFFFFFFFFFFFF‸FFFFFFFFF\r\n", rule: RuleChunkSize},
	{name: "LF", in: "5‸\n", rule: RuleChunkSize},
	{name: "CR", in: "5\r‸5\r\n", rule: RuleCRLF},
	{name: "no name", in: "2;‸\r\n", rule: RuleChunkExt},
	{name: "no name but a value", in: "2;‸=a\r\n", rule: RuleChunkExt},
	{name: "no second name", in: "2;a;‸\r\n", rule: RuleChunkExt},
	{name: "no value", in: "2;a=‸\r\n", rule: RuleChunkExt},
	{name: "white space and no value", in: "2;a= ‸\r\n", rule: RuleChunkExt},
	{name: "quotation mark without its end", in: "2;a=\"b‸\r\n", rule: RuleChunkExt},
	{name: "quoted-pair without its second octet", in: "2;a=\"\\‸\r\n", rule: RuleChunkExt},
	{name: "NUL in quotation marks", in: "2;a=\"‸\x00\"\r\n", rule: RuleChunkExt},
	{name: "token after quotation marks", in: "2;a=\"b\"‸c\r\n", rule: RuleChunkExt},
	{name: "quotation mark in a token", in: "2;a=b‸\"c\"\r\n", rule: RuleChunkExt},
	{name: "quotation marks for a name", in: "2;‸\"a\"\r\n", rule: RuleChunkExt},
	{name: "comma", in: "2;a‸,b\r\n", rule: RuleChunkExt},
	{name: "NUL in the extension", in: "5;a‸\x00\r\n", rule: RuleChunkExt},
	{name: "LF after the extension", in: "5;a‸\n", rule: RuleChunkExt},
	{name: "CR in the extension", in: "5;a\r‸b\r\n", rule: RuleCRLF},
}

// If no extension follows white space, the fault is at the first octet of the white space. That is
// known only after the octet that follows it.
var chunkBlanks = []row{
	{name: "space after the size", in: "5‸ \r\n", rule: RuleChunkSize},
	{name: "spaces after the size", in: "5‸ \t \r\n", rule: RuleChunkSize},
	{name: "space and digits after the size", in: "5‸ 5\r\n", rule: RuleChunkSize},
	{name: "space after the name", in: "5;a‸ \r\n", rule: RuleChunkExt},
	{name: "space in a name", in: "5;a‸ b\r\n", rule: RuleChunkExt},
	{name: "space after the value", in: "5;a=b‸ \r\n", rule: RuleChunkExt},
	{name: "space before another equals sign", in: "5;a=b‸ =c\r\n", rule: RuleChunkExt},
}

func TestChunkBlanks(t *testing.T) {
	for _, r := range chunkBlanks {
		b, at := point(r.in)
		decided := at + 1
		for b[decided] == ' ' || b[decided] == '\t' {
			decided++
		}
		for k := range len(b) + 1 {
			_, n, err := ConsumeChunkLine(b[:k:k])
			switch {
			case n != 0:
				t.Errorf("%s: %d octets are read", r.name, n)
			case k > decided:
				fault(t, err, b, at, r.rule)
			case !errors.Is(err, ErrIncomplete):
				t.Errorf("%s: first %d octets: %v", r.name, k, err)
			}
		}
	}
}

func TestChunkLine(t *testing.T) {
	runRows(t, chunkLines, func(_ *testing.T, b []byte) (int, string, error) {
		size, n, err := ConsumeChunkLine(b)
		return n, fmt.Sprint(size), err
	})
}

func TestChunkEnd(t *testing.T) {
	runRows(t, []row{
		{name: "CR LF", in: "\r\n"},
		{name: "one octet more", in: "‸!\r\n", rule: RuleCRLF},
		{name: "LF", in: "‸\n", rule: RuleCRLF},
		{name: "CR CR LF", in: "\r‸\r\n", rule: RuleCRLF},
	}, func(_ *testing.T, b []byte) (int, string, error) {
		n, err := ConsumeChunkEnd(b)
		return n, "", err
	})
}

func TestTrailer(t *testing.T) {
	runRows(t, []row{
		{name: "none", in: "\r\n"},
		{name: "fields", in: "A: b\r\nC: d\r\n e\r\n\r\n", want: " [A: b] [C: d\r\n e]"},
		{name: "space before the colon", in: "A: b\r\nC‸ : d\r\n\r\n", rule: RuleFieldName},
		{name: "LF", in: "‸\n", rule: RuleEndOfHead},
		{name: "no room", in: responseFields + "‸A: b\r\n\r\n", rule: RuleFieldLimit},
	}, func(t *testing.T, b []byte) (int, string, error) {
		var fs Fields
		n, err := ConsumeTrailer(b, &fs)
		if err != nil {
			return n, "", err
		}
		checkViews(t, b, fs)
		return n, showFields(fs), nil
	})
}

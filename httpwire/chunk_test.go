package httpwire_test

import (
	"fmt"
	"testing"

	. "rawhttp/httpwire"
)

var chunkLines = []row{
	{name: "size", in: "5\r\n", want: "5"},
	{name: "last chunk", in: "0\r\n", want: "0"},
	{name: "hexadecimal, either case", in: "aF\r\n", want: "175"},
	{name: "leading zeros", in: "0000000000000000000000A\r\n", want: "10"},
	{name: "largest", in: "3FFFFFFFFFFFFFF\r\n", want: "288230376151711743"},
	{name: "extension", in: "5;name=value\r\n", want: "5"},
	{name: "extension in quotes", in: "5 \t; a=\"b;c\" ; d\r\n", want: "5"},

	{name: "nothing", in: "‸\r\n", rule: RuleChunkSize},
	{name: "letter", in: "5‸g\r\n", rule: RuleChunkSize},
	{name: "0x", in: "0‸x5\r\n", rule: RuleChunkSize},
	{name: "sign", in: "‸+5\r\n", rule: RuleChunkSize},
	{name: "minus", in: "‸-1\r\n", rule: RuleChunkSize},
	{name: "space first", in: "‸ 5\r\n", rule: RuleChunkSize},
	{name: "space behind", in: "5 ‸\r\n", rule: RuleChunkSize},
	{name: "underscore", in: "1‸_0\r\n", rule: RuleChunkSize},
	{name: "too large", in: "7FFFFFFFFFFFFFF‸F\r\n", rule: RuleChunkSize},
	{name: "just too large", in: "400000000000000‸0\r\n", rule: RuleChunkSize},
	{name: "far too large", in: "FFFFFFFFFFFFFFF‸FFFFFFFFF\r\n", rule: RuleChunkSize},
	{name: "LF", in: "5‸\n", rule: RuleChunkSize},
	{name: "CR", in: "5\r‸5\r\n", rule: RuleCRLF},
	{name: "NUL in the extension", in: "5;a‸\x00\r\n", rule: RuleChunkExt},
	{name: "LF behind the extension", in: "5;a‸\n", rule: RuleChunkExt},
	{name: "CR in the extension", in: "5;a\r‸b\r\n", rule: RuleCRLF},
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
		{name: "no room", in: fields + "‸A: b\r\n\r\n", rule: RuleFieldLimit},
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

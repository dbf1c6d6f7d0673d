package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const rightAnswer = "Right: "

// judge compares what a student answers with what was measured, and returns what to say about it:
// right, close and why, or not. It credits equivalent answers: 404, 404 Not Found; 10, ten. Of a sum such
// as 6 + 4 = 10 the result counts.
func judge(question, given, want string) string {
	given = given[strings.LastIndex(given, "=")+1:]
	got, wanted := words(given), words(want)
	if len(got) == 0 {
		return "The answer: "
	}
	bothNamed := wanted[0] == "both" && slices.Contains(got, "and")
	if bothNamed || strings.Join(got, "") == strings.Join(wanted, "") || contains(got, wanted) && len(got) <= len(wanted)+4 ||
		contains(wanted, got) && 2*len(got) > len(wanted) {
		return rightAnswer
	}
	if n, err := strconv.Atoi(strings.Join(wanted, "")); err == nil {
		return judgeNumber(question, amounts(given), n)
	}
	if wanted[0] == "yes" || wanted[0] == "no" {
		if got[0] == wanted[0] || got[0] == wanted[0][:1] || wanted[0] == "no" && got[0] == "not" {
			return rightAnswer
		}
		return "Not quite. It is: "
	}
	for _, w := range got {
		if len(w) > 3 && slices.ContainsFunc(wanted, func(v string) bool { return alike(v, w) }) {
			return "Close. It is: "
		}
	}
	return "Not quite. It is: "
}

// judgeNumber judges the numbers of an answer.
func judgeNumber(question string, got []int, want int) string {
	switch {
	case len(got) != 1:
		return "Not quite. It is: "
	case got[0] == want:
		return rightAnswer
	case strings.Contains(strings.Join(strings.Fields(question), " "), "status code"):
		return judgeCode(got[0], want)
	}
	off := max(got[0]-want, want-got[0])
	switch {
	case want <= 2: // one of a few, and not a length
		return "Not quite. It is: "
	case off == 1 && strings.Contains(question, "offset"):
		return "Close. An offset counts the octets before, so the first has offset 0. It is: "
	case off == 2:
		return "Close: off by 2, as many octets as CR LF has. It is: "
	case off == 1 || 10*off <= want:
		return fmt.Sprintf("Close: off by %d. It is: ", off)
	}
	return "Not quite. It is: "
}

// judgeCode judges a status code, or its first digit if that is wanted.
func judgeCode(got, want int) string {
	switch {
	case want < 100 && got/100 == want:
		return rightAnswer
	case want < 100:
		return "Not quite. It is: "
	case got/100 == want/100:
		return fmt.Sprintf("Close, %dxx is the right class. It is: ", want/100)
	}
	return "Another status code. It is: "
}

// fillers are words that an answer may have or not.
var fillers = map[string]bool{"a": true, "an": true, "the": true, "it": true, "is": true,
	"octet": true, "octets": true, "byte": true, "bytes": true, "field": true, "header": true,
	"code": true, "status": true, "offset": true, "at": true, "of": true, "connection": true,
	"connections": true, "with": true, "http": true}

// synonyms are other words for some answers.
var synonyms = map[string]string{"cr": "0d", "lf": "0a", "none": "neither", "can": "may",
	"nope": "no", "yep": "yes", "yeah": "yes"}

var numerals = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve")

// spellings has the ends of lines in hexadecimal digits.
var spellings = strings.NewReplacer("crlf", "0d 0a ", `\r\n`, "0d 0a ", "␍", "0d ", "␊", "0a ", "0x", "",
	"http/", "http ", ",", " ")

// words returns the words of an answer in one spelling, without fillers.
func words(answer string) (all []string) {
	for w := range strings.FieldsSeq(spellings.Replace(strings.ToLower(answer))) {
		w = strings.Trim(w, "`'\"“”.,:;!?()*")
		w = strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s") // Bob's is Bob
		if n := slices.Index(numerals, w); n >= 0 {
			w = strconv.Itoa(n)
		}
		w = cmp.Or(synonyms[w], w)
		if len(w) > 3 && w[len(w)-2] != 's' {
			w = strings.TrimSuffix(w, "s")
		}
		if w != "" && !fillers[w] {
			all = append(all, w)
		}
	}
	if all == nil && strings.TrimSpace(answer) != "" {
		return []string{strings.ToLower(strings.Trim(answer, " .:\""))}
	}
	return all
}

var number = regexp.MustCompile(`^-?\d+$`)

func numbers(words []string) (all []int) {
	for _, w := range words {
		if n, err := strconv.Atoi(w); err == nil && number.MatchString(w) {
			all = append(all, n)
		}
	}
	return all
}

// asNumbers are words that stand for a number if the answer is one.
var asNumbers = map[string]string{"first": "1", "once": "1", "single": "1", "both": "2", "twice": "2",
	"neither": "0", "no": "0", "nothing": "0"}

// amounts returns the numbers of an answer to "how many". Of "three of five" it returns the first.
func amounts(given string) []int {
	part, _, _ := strings.Cut(given, " of ")
	for _, text := range []string{part, given} {
		all := words(text)
		for i, w := range all {
			all[i] = cmp.Or(asNumbers[w], w)
		}
		if found := slices.Compact(numbers(all)); len(found) > 0 {
			return found
		}
	}
	return nil
}

// contains reports whether all the words of part stand in whole, in a row. An answer that says
// "not", or offers a choice, contains nothing.
func contains(whole, part []string) bool {
	if slices.Contains(whole, "not") && !slices.Contains(part, "not") && len(numbers(whole)) == 0 ||
		slices.Contains(whole, "or") && !slices.Contains(part, "or") || len(numbers(whole)) > 1 {
		return false
	}
	for i := range len(whole) - len(part) + 1 {
		if slices.Equal(whole[i:i+len(part)], part) {
			return len(part) > 0
		}
	}
	return false
}

// alike reports whether two words begin alike.
func alike(a, b string) bool {
	n := min(len(a), len(b), 5)
	return n > 3 && a[:n] == b[:n]
}

package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rawhttp/httpwire"
)

const (
	rightAnswer = "Right: "
	noAnswer    = "The answer: " // none was given, or one such as "not sure"
)

// judge compares what a student answers with what was measured, and returns what to say about it:
// right, close and why, or not. It credits equivalent answers: 404, 404 Not Found, Not Found; 10, ten. Of a sum
// such as 6 + 4 = 10 the result counts, and a reason such as "because ..." does not. If the question offers a
// choice, the first that the answer names counts. The sentences of the question are no answer to it.
func judge(question, given, want string) string {
	given = reason.ReplaceAllString(withoutQuestion(question, given), "$1")
	given = given[strings.LastIndex(given, "=")+1:]
	got, wanted := words(given), words(want)
	if len(got) == 0 || unsure.MatchString(given) {
		return noAnswer
	}
	if n, err := strconv.Atoi(strings.Join(wanted, "")); err == nil {
		if asksCode(question) && slices.Equal(got, words(httpwire.ReasonPhrase(n))) {
			return rightAnswer
		}
		return judgeNumber(question, amounts(given), n)
	}
	named, denied := firstChoice(question, got), deniesVerb.MatchString(given)
	switch {
	case joined(got) == joined(wanted), wanted[0] == "both" && namesBoth(question, got):
		return rightAnswer
	case named != "" && named != wanted[0]:
		return "Not quite. It is: "
	case wanted[0] == "yes" || wanted[0] == "no":
		isNo := wanted[0] == "no" && (got[0] == "not" || denied)
		if evasive.MatchString(given) || wanted[0] == "yes" && deniesYes.MatchString(given) {
			return "Not quite. It is: "
		}
		if named != "" && !slices.Contains(got, "or") || got[0] == wanted[0][:1] || isNo || contains(got, wanted) {
			return rightAnswer
		}
		return "Not quite. It is: "
	case named != "" && denied:
		return "Not quite. It is: "
	case named != "" && !slices.Contains(got, "or") && !slices.ContainsFunc(got[:slices.Index(got, named)], denies):
		return rightAnswer
	case contains(got, wanted) && !denied && len(got) <= len(wanted)+4 && !list.MatchString(given):
		return rightAnswer
	}
	for _, w := range got {
		if slices.ContainsFunc(wanted, func(v string) bool { return alike(v, w) }) {
			return "Close. It is: "
		}
	}
	return "Not quite. It is: "
}

var (
	reason = regexp.MustCompile(`(?i)(\w\W+)(because|since)\s.*`)
	unsure = regexp.MustCompile(`(?i)^\W*((i am|i.m) )?(not sure|no idea|dunno|idk|(i )?(don.?t|do not) know)\b`)
	choice = regexp.MustCompile(`(?:(\S+),\s+(?:the\s+)?)?(\S+)\s+or\s+(?:the\s+)?(\S+)`)

	// evasive matches an answer that is both yes and no. In "yes, no field says so" no belongs to the reason.
	evasive = regexp.MustCompile(`(?i)\b(yes( and)?\s+no|no( and)?\s+yes)\b|\b(yes\W+no|no\W+yes)\W*$`)

	// deniesYes matches not yes, and I would not say yes. In "it does not wait, so yes" the reason has the not.
	deniesYes = regexp.MustCompile(`(?i)(\b(not|never|than|anything but)|n['’]t)\s+((say|a)\s+)*["'“‘]?yes\b`)

	// deniesVerb matches an answer whose first clause denies its verb: the client does not close it.
	deniesVerb = regexp.MustCompile(`(?i)^([^.,;]|\.\d)*` +
		`(\b(do|does|did|is|was|can|may|must|will|would|should)\s+not|n['’]t|\bcannot|\bnever|\bnot\W*$)`)
)

// withoutQuestion returns an answer without the sentences of the question that it repeats.
func withoutQuestion(question, given string) string {
	given = strings.Join(strings.Fields(given), " ")
	for _, sentence := range sentences.FindAllString(strings.Join(strings.Fields(question), " "), -1) {
		if strings.Count(sentence, " ") < 3 { // such as "yes or no", which an answer may repeat
			continue
		}
		repeated := regexp.MustCompile(`(?i)` + regexp.QuoteMeta(sentence) + `[?.]?`)
		given = repeated.ReplaceAllString(given, "")
	}
	return given
}

// sentences matches the sentences of a question, without what ends them.
var sentences = regexp.MustCompile(`[^?.() ]([^?.()]|\.\d)*`)

// firstChoice returns the first word of an answer that is one of the last two or three choices of the question.
func firstChoice(question string, got []string) string {
	var offered []string
	for _, pair := range choice.FindAllStringSubmatch(question, -1) {
		offered = words(strings.Join(pair[1:], " "))
	}
	i := slices.IndexFunc(got, func(w string) bool { return slices.Contains(offered, w) })
	if i < 0 {
		return ""
	}
	return got[i]
}

// namesBoth reports whether an answer names two things of the question, with "and" between them.
func namesBoth(question string, got []string) bool {
	asked, i := words(question), slices.Index(got, "and")
	return 0 < i && i+1 < len(got) && slices.Contains(asked, got[i-1]) && slices.Contains(asked, got[i+1]) &&
		!slices.ContainsFunc(got, denies)
}

// list matches an answer that names two things: Date and ETag; Date, ETag.
var list = regexp.MustCompile(`(?i)\band\b|&|^\s*\S+,\s*\S+\s*$`)

// denies reports whether a word says that what it belongs to is not so.
func denies(word string) bool {
	return slices.Contains([]string{"no", "neither", "without"}, word) || excludes(word)
}

// excludes reports whether a word says that what follows it is not meant: not 2, more than 2, all except 2. "But"
// says so only after anything or all, where spellings replaces it: not 404 but 405.
func excludes(word string) bool {
	return slices.Contains([]string{"not", "never", "than", "except"}, word) || strings.HasSuffix(word, "n't")
}

// joined returns words in one piece, so that content length is Content-Length.
func joined(words []string) string { return strings.ReplaceAll(strings.Join(words, ""), "-", "") }

// judgeNumber judges the numbers of an answer.
func judgeNumber(question string, got []int, want int) string {
	switch {
	case len(got) != 1:
		return "Not quite. It is: "
	case got[0] == want:
		return rightAnswer
	case asksCode(question):
		return judgeCode(got[0], want)
	}
	off := max(got[0]-want, want-got[0])
	switch {
	case want <= 3: // one of a few, and not a length
		return "Not quite. It is: "
	case off == 1 && strings.Contains(question, "offset"):
		return "Close. An offset counts the octets before, so the first has offset 0. It is: "
	case off == 2 && countsOctets.MatchString(question):
		return "Close: off by 2, as many octets as CR LF has. It is: "
	case off == 1 || 10*off <= want:
		return fmt.Sprintf("Close: off by %d. It is: ", off)
	}
	return "Not quite. It is: "
}

// countsOctets matches a question whose answer counts octets, in which line ends may have been forgotten.
var countsOctets = regexp.MustCompile(`octet|offset|Content-Length`)

func asksCode(question string) bool {
	return strings.Contains(strings.Join(strings.Fields(question), " "), "status code")
}

// judgeCode judges a status code, or its first digit if that is wanted.
func judgeCode(got, want int) string {
	switch {
	case want < 100 && got/100 == want:
		return rightAnswer
	case want < 100, got < 100:
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
	"connections": true, "with": true, "for": true, "only": true, "just": true}

// synonyms are other words for some answers.
var synonyms = map[string]string{"cr": "0d", "lf": "0a", "none": "neither", "can": "may",
	"nope": "no", "false": "no", "true": "yes", "yep": "yes", "yeah": "yes", "thirty": "30"}

var numerals = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve " +
	"thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty")

// spellings has the ends of lines in hexadecimal digits, true and false after a not, and a not for anything but.
var spellings = strings.NewReplacer("crlf", "0d 0a ", `\r`, "0d ", `\n`, "0a ", "␍", "0d ", "␊", "0a ",
	"0x", "", "4xx", "4", "5xx", "5", ",", " ", "&", " and ", "not true", "no", "not false", "yes", "untrue", "no",
	"anything but", "not", "all but", "not")

// words returns the words of an answer in one spelling, without fillers.
func words(answer string) (all []string) {
	for w := range strings.FieldsSeq(spellings.Replace(strings.ToLower(answer))) {
		w = strings.Trim(w, "`'\"“”.,:;!?()*")
		w = strings.TrimPrefix(strings.TrimPrefix(w, "http"), "/")
		w = strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s") // Bob's is Bob
		if n := slices.Index(numerals, w); n >= 0 {
			w = strconv.Itoa(n)
		}
		w = cmp.Or(synonyms[w], w)
		if len(w) > 3 {
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

var number = regexp.MustCompile(`^-?[\d.]+$`)

// asNumbers are words that stand for a number if the answer has no other.
var asNumbers = map[string]string{"first": "1", "once": "1", "single": "1", "both": "2", "twice": "2",
	"neither": "0", "no": "0", "nothing": "0"}

// amounts returns the numbers of an answer to "how many". Of "three of five" it returns the first.
func amounts(given string) []int {
	part, _, _ := strings.Cut(given, " of ")
	for _, text := range []string{part, given} {
		all := words(text)
		if !slices.ContainsFunc(all, number.MatchString) {
			for i, w := range all {
				all[i] = cmp.Or(asNumbers[w], w)
			}
		}
		if found := slices.Compact(numbers(all)); len(found) > 0 {
			return found
		}
	}
	return nil
}

// numbers returns the numbers among words, without those of "not 2", "more than 2" and "2 each".
func numbers(words []string) (all []int) {
	for i, w := range words {
		before, after := "", ""
		if i > 0 {
			before = words[i-1]
		}
		if i+1 < len(words) {
			after = words[i+1]
		}
		n, err := strconv.Atoi(w)
		if err == nil && !excludes(before) && after != "each" && after != "per" {
			all = append(all, n)
		}
	}
	return all
}

// contains reports whether the words of part stand in whole once, in a row. An answer that denies before
// them, offers a choice, or has two numbers, contains nothing.
func contains(whole, part []string) bool {
	figures := 0
	for i, w := range whole {
		if w == "or" {
			return false
		}
		if number.MatchString(w) && (i == 0 || whole[i-1] != "not") {
			figures++
		}
	}
	times, at := 0, 0
	for i := range len(whole) - len(part) + 1 {
		if slices.Equal(whole[i:i+len(part)], part) {
			times, at = times+1, i
		}
	}
	return times == 1 && figures <= 1 && !slices.ContainsFunc(whole[:at], denies)
}

// alike reports whether two words begin alike, or the second is a part of the first, as Length of Content-Length.
func alike(a, b string) bool {
	n := min(len(a), len(b), 5)
	return n > 3 && (a[:n] == b[:n] || slices.Contains(strings.Split(a, "-"), b))
}

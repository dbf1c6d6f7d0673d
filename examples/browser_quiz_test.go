package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rawhttp/examples/foreign/webdriver"
	"rawhttp/examples/gallery"
	"rawhttp/examples/quiz"
)

// quizPage saves the page of the quiz.
func quizPage(t *testing.T) (file string) {
	t.Helper()
	var page, errors bytes.Buffer
	if code := quiz.Run([]string{"-page"}, nil, &page, &errors, false); code != 0 {
		t.Fatal(errors.String())
	}
	file = filepath.Join(t.TempDir(), "quiz.html")
	if err := os.WriteFile(file, page.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// The keys of WebDriver (www.w3.org/TR/webdriver2, section 17.4.2).
const (
	keyEnter = "\ue007"
	keyTab   = "\ue004"
	keyRight = "\ue014"
)

// press presses keys, one after the other.
func press(b *webdriver.Browser, keys ...string) {
	var actions []any
	for _, key := range keys {
		actions = append(actions, map[string]string{"type": "keyDown", "value": key},
			map[string]string{"type": "keyUp", "value": key})
	}
	b.Call("POST", "/actions", map[string]any{"actions": []any{
		map[string]any{"type": "key", "id": "keyboard", "actions": actions}}}, nil)
}

// asked returns the message of the gallery that the page shows.
func asked(t *testing.T, b *webdriver.Browser) gallery.Message {
	t.Helper()
	var file string
	b.Eval(&file, `document.getElementById("message").dataset.file`)
	all := slices.Concat(gallery.Good, gallery.Bad, gallery.Ends, gallery.Responses)
	i := slices.IndexFunc(all, func(m gallery.Message) bool { return m.File == file })
	if i < 0 {
		t.Fatalf("the gallery has no message %q", file)
	}
	return all[i]
}

// A game played with the keyboard alone, with all answers right as the gallery says, has all points.
func testQuizKeyboard(t *testing.T, b *webdriver.Browser) {
	if console := b.Open("file://" + quizPage(t)); console != nil {
		t.Errorf("the console says %q", console)
	}
	for range 10 {
		m := asked(t, b)
		if m.Rule == 0 {
			press(b, keyTab, keyEnter)
		} else {
			press(b, append(slices.Repeat([]string{keyRight}, m.Offset), keyEnter)...)
			var rules []string
			b.Eval(&rules, `[...document.querySelectorAll("#rules button")].map(b => b.textContent)`)
			press(b, append(slices.Repeat([]string{keyTab}, slices.Index(rules, m.Rule.String())), keyEnter)...)
		}
		var says string
		if b.Eval(&says, `document.getElementById("says").textContent`); !strings.HasSuffix(says, " 4 of 4 points.") {
			t.Errorf("%s, offset %d, %s: the page says %q", m.File, m.Offset, m.Rule, says)
		}
		var state string
		b.Eval(&state, `document.getElementById("state").textContent`)
		press(b, keyEnter) // the next message
		if strings.Contains(state, "for 10 messages") && state != "You have 40 of 40 points for 10 messages." {
			t.Error(state)
		}
	}
	var state string
	if b.Eval(&state, `document.getElementById("state").textContent`); !strings.HasPrefix(state, "Message 1 of 10") {
		t.Errorf("after a game the page says %q", state)
	}
}

// Wrong answers get what the terminal gives: half for an octet that is near, nothing for seeing a
// fault where there is none, or none where there is one.
func testQuizMistakes(t *testing.T, b *webdriver.Browser) {
	b.Open("file://" + quizPage(t))
	want := func(what, ends string) {
		t.Helper()
		var says string
		if b.Eval(&says, `document.getElementById("says").textContent`); !strings.HasSuffix(says, ends) {
			t.Errorf("%s: %s: the page says %q, want the end %q", asked(t, b).File, what, says, ends)
		}
	}
	const click = `(document.querySelectorAll("#message button")[AT].click(),
		[...document.querySelectorAll("#rules button")].find(b => b.textContent COMPARE question.Rule).click())`
	sawGood, sawFaulty := false, false
	for n := 0; n < 200 && (!sawGood || !sawFaulty); n++ {
		if asked(t, b).Rule == 0 {
			sawGood = true
			b.Eval(nil, strings.NewReplacer("AT", "0", "COMPARE", "!=").Replace(click))
			want("a fault where there is none", "No: it is well formed. 0 of 4 points.")
		} else if n%2 == 0 {
			sawFaulty = true
			b.Eval(nil, strings.NewReplacer("AT", "question.Offset ? question.Offset-1 : 1", "COMPARE", "==").Replace(click))
			want("the octet beside it", "That is the rule. 3 of 4 points.")
		} else {
			b.Eval(nil, `document.getElementById("well").click()`)
			want("no fault where there is one", " 0 of 4 points.")
		}
		b.Eval(nil, `document.getElementById("next").click()`)
	}
	if !sawGood || !sawFaulty {
		t.Error("the page does not ask about both kinds of messages")
	}
}

package quiz

import (
	_ "embed"
	"html/template"
	"io"
	"math/rand/v2"

	"rawhttp/httpwire/explain"
	"rawhttp/httpwire/visible"
)

// The page is one file that loads nothing. It has all questions, and chooses some of them each time
// it is opened. It has the verdict on each answer from here, so points are given as in the terminal.

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed page.js
	pageJS string

	pageTemplate = template.Must(template.New("page").Parse(pageHTML))
)

// pageQuestion is a question for the script of the page.
type pageQuestion struct {
	File, Why string
	Kind      string   // a request, or a response
	Octets    []string // made visible
	Names     []string // of octets that are no characters, such as CR; empty for others
	Offset    int
	Rule      string
	Options   []string
	Solution  string

	// Verdicts: on each offset, on each option, and on answers without an offset or with one.
	Places, Named []verdict
	Well, Fault   verdict
	Faulty        bool
}

// writePage writes the page. Equal seeds give equal pages.
func writePage(out io.Writer, seed uint64) error {
	good, faulty := questions()
	random := rand.New(rand.NewPCG(seed, 0))
	list := func(qs []question) (list []pageQuestion) {
		for _, q := range qs {
			asks := q // a message without a fault has the options of another one
			if q.fault == nil {
				asks = faulty[random.IntN(len(faulty))]
			}
			list = append(list, q.forPage(asks.options(random, faulty)))
		}
		return list
	}
	return pageTemplate.Execute(out, map[string]any{
		"Style": template.CSS(explain.StyleSheet() + pageCSS), "Script": template.JS(pageJS),
		"Good": list(good), "Faulty": list(faulty), "GoodCount": len(good), "FaultyCount": len(faulty),
		"Full": full, "Verdicts": verdicts, "Scoring": scoring,
	})
}

var octetNames = map[byte]string{'\r': "CR", '\n': "LF", ' ': "SP", '\t': "HTAB"}

func (q question) forPage(options []string) pageQuestion {
	p := pageQuestion{File: q.file, Why: q.why, Kind: q.kind(), Faulty: q.fault != nil,
		Offset: q.offset, Rule: q.rule.String(), Options: options, Solution: q.solution(),
		Well: q.whole(true), Fault: q.whole(false)}
	for offset := range len(q.octets) + 1 {
		p.Places = append(p.Places, q.place(offset))
	}
	for _, name := range options {
		v, _ := q.named(name)
		p.Named = append(p.Named, v)
	}
	for i := range q.octets {
		p.Octets = append(p.Octets, string(visible.Append(nil, q.octets[i:i+1])))
		p.Names = append(p.Names, octetNames[q.octets[i]])
	}
	return p
}

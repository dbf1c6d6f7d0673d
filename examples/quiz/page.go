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
// it is opened. Points are given as in the terminal.

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
	Response  bool
	Octets    []string // made visible
	Names     []string // of octets that are no characters, such as CR; empty for others
	Faulty    bool
	Offset    int
	Rule      string
	Near      []string // rules that earn some points
	Options   []string
	Solution  string
}

// writePage writes the page. Equal seeds give equal pages.
func writePage(out io.Writer, seed uint64) error {
	good, faulty, err := questions()
	if err != nil {
		return err
	}
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
		"Full": full, "Half": half, "NearHalf": nearHalf, "NearBy": nearBy,
	})
}

var octetNames = map[byte]string{'\r': "CR", '\n': "LF", ' ': "SP", '\t': "HT"}

func (q question) forPage(options []string) pageQuestion {
	p := pageQuestion{File: q.file, Why: q.why, Response: q.isResponse(), Faulty: q.fault != nil,
		Offset: q.offset, Rule: q.rule.String(), Near: []string{}, Options: options, Solution: q.solution()}
	for _, rule := range q.near {
		p.Near = append(p.Near, rule.String())
	}
	for i := range q.octets {
		p.Octets = append(p.Octets, string(visible.Append(nil, q.octets[i:i+1])))
		p.Names = append(p.Names, octetNames[q.octets[i]])
	}
	return p
}

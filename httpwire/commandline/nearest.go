package commandline

import (
	"flag"
	"strings"
)

// Nearest returns the flag that begins with name or is spelled almost like it, or "".
func Nearest(fs *flag.FlagSet, name string) (near string) {
	least := len(name)/3 + 1 // with more changes it is another word
	fs.VisitAll(func(f *flag.Flag) {
		n := distance(name, f.Name)
		if len(name) > 1 && strings.HasPrefix(f.Name, name) || strings.EqualFold(f.Name, name) {
			n = 0
		}
		if n < least || n == least && near == "" && len(name) > 2 {
			near, least = f.Name, n
		}
	})
	return near
}

// distance returns how many octets must be inserted, deleted or replaced to turn a into b.
func distance(a, b string) int {
	var last []int // of a[:i-1] and each b[:j]
	for i := range len(a) + 1 {
		row := make([]int, len(b)+1)
		for j := range row {
			switch {
			case i == 0 || j == 0:
				row[j] = i + j
			case a[i-1] == b[j-1]:
				row[j] = last[j-1]
			default:
				row[j] = 1 + min(last[j-1], last[j], row[j-1])
			}
		}
		last = row
	}
	return last[len(b)]
}

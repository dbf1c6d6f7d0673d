package basicauth

import (
	"strings"
	"testing"
)

// What hides credentials goes over the octets once, also where each fold looks like a field that
// has some: a body of 1 MiB of them would take minutes if folds were looked at again.
func TestHideOnce(t *testing.T) {
	const first, fold = "Authorization: Basic secret\r\n", " Authorization: Basic secret\r\n"
	h := hider{in: []byte(first + strings.Repeat(fold, 1000) + first)}
	steps := 0
	for at := 0; at < len(h.in); steps++ {
		at = h.field(at)
	}
	if steps != 2 || strings.Contains(string(h.out), "secret") {
		t.Errorf("%d steps for two fields: %.99q", steps, h.out)
	}
}

package cli

import (
	"strings"
	"testing"

	"rawhttp/server/users"
)

// A line that -hash prints is accepted as a list of users. The prompts are not in it.
func TestHash(t *testing.T) {
	for _, tt := range []struct {
		name  string
		args  []string
		typed string
		user  string // empty if it must fail
	}{
		{"lines of Windows", nil, "alice\r\nopen sesame\r\n", "alice"},
		{"name given", []string{"bob"}, "open sesame\n", "bob"},
		{"nothing typed", nil, "", ""},
		{"no password", []string{"bob"}, "\n", ""},
		{"a name with a colon", []string{"a:b"}, "open sesame\n", ""},
		{"two names", []string{"a", "b"}, "open sesame\n", ""},
		{"a flag after the name", []string{"a", "-addr", "x"}, "open sesame\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var asked, out strings.Builder
			err := hash(tt.args, strings.NewReader(tt.typed), &asked, &out)
			if (err == nil) != (tt.user != "") {
				t.Fatalf("%v, %q", err, out.String())
			}
			if err != nil {
				if strings.Contains(err.Error(), "colon") && asked.Len() > 0 {
					t.Errorf("it asks %q, and refuses the name then", asked.String())
				}
				if tt.typed == "" && !strings.HasSuffix(asked.String(), "\n") {
					t.Errorf("the error would follow %q in the same line", asked.String())
				}
				if len(tt.args) == 3 && err.Error() != "-hash needs no other flag: leave out -addr x" {
					t.Error(err)
				}
				return
			}
			list, err := users.Parse(out.String())
			if err != nil || !strings.HasPrefix(out.String(), tt.user+":") {
				t.Fatalf("%v: %s", err, out.String())
			}
			if tt.args == nil && !testing.Short() {
				if right, err := list.Check(tt.user, "open sesame"); !right || err != nil {
					t.Errorf("%s is not accepted: %v", out.String(), err)
				}
			}
			if strings.Contains(asked.String()+out.String(), "sesame") {
				t.Error("the password is in what is printed")
			}
		})
	}
}

package cli

import (
	"os"
	"path/filepath"
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
		fails string // the beginning of the error
	}{
		{"lines of Windows", nil, "alice\r\nopen sesame\r\n", "alice", ""},
		{"name given, and no line end", []string{"bob"}, "open sesame", "bob", ""},
		{"nothing typed", nil, "", "", "the input ended"},
		{"nothing typed after the name", []string{"bob"}, "", "", "the input ended"},
		{"no password", []string{"bob"}, "\n", "", "a password must"},
		{"a name with a colon", []string{"a:b"}, "open sesame\n", "", "a name must"},
		{"two names", []string{"a", "b"}, "open sesame\n", "", "-hash takes one name: put a name with spaces in quotes"},
		{"a flag after the name", []string{"a", "-addr", "x"}, "open sesame\n", "", "-hash needs no other flag: leave out -addr x"},
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
				if !strings.HasPrefix(err.Error(), tt.fails) {
					t.Error(err)
				}
				return
			}
			file := filepath.Join(t.TempDir(), "users")
			if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			list, err := users.Open(file)
			if err != nil || !strings.HasPrefix(out.String(), tt.user+":") {
				t.Fatalf("%v: %s", err, out.String())
			}
			if tt.args == nil && !testing.Short() {
				if right, err := list.Check(tt.user, "open sesame"); !right || err != nil {
					t.Errorf("%s is not accepted: %v", out.String(), err)
				}
			}
			want := "password (visible while you type): "
			if tt.args == nil {
				want = "name: " + want
			}
			if asked.String() != want {
				t.Errorf("it asks %q, want %q", asked.String(), want)
			}
			if strings.Contains(asked.String()+out.String(), "sesame") {
				t.Error("the password is in what is printed")
			}
		})
	}
}

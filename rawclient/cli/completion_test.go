package cli

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"rawhttp/examples/foreign"
)

// Each shell offers the flags of the help, and the values of those that have some.
func TestCompletion(t *testing.T) {
	for _, tt := range []struct {
		shell, script string // after the script of the client
		args          []string
		complete      map[string]string // a command line, and what is offered
	}{
		{"bash", `COMP_WORDS=(LINE) COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _rawclient
			printf '%s\n' "${COMPREPLY[@]}"`, []string{"--norc", "-c"}, map[string]string{
			"rawclient -ti":       "-time -timeout",
			"rawclient -color a":  "auto always",
			"rawclient -in tls_t": "tls_test.go",
			"rawclient -timeout ": "",
			"rawclient GET":       "",
		}},
		{"fish", `complete -C "LINE"`, []string{"--no-config", "-c"}, map[string]string{
			"rawclient -ti":       "-time -timeout",
			"rawclient -color a":  "always auto",
			"rawclient -in tls_t": "tls_test.go",
		}},
		// The function only runs while a line is edited. Here it shows what it tells zsh.
		{"zsh", `_arguments() { for spec; do print -- ${spec%%\[*}; done }; _rawclient | grep -- -ti
			[[ $_comps[rawclient] == _rawclient ]] || print not registered`, []string{"-f", "-c"},
			map[string]string{"rawclient -ti": "-time -timeout"}},
	} {
		t.Run(tt.shell, func(t *testing.T) {
			program := foreign.Program(t, tt.shell)
			got := runArgs(t, "-completion", tt.shell)
			got.check(t, 0)
			script := got.stdout
			if tt.shell == "zsh" {
				script = "autoload -Uz compinit; compinit -D -u\n" + script
			}
			for line, want := range tt.complete {
				words := line
				if strings.HasSuffix(line, " ") && tt.shell == "bash" {
					words += "''"
				}
				command := script + "\n" + strings.ReplaceAll(tt.script, "LINE", words)
				got := foreign.Run(t, program, append(tt.args, command)...)
				var offered []string
				for row := range strings.Lines(got) {
					word, _, _ := strings.Cut(strings.TrimSpace(row), "\t") // a description may follow
					offered = append(offered, word)
				}
				if got := strings.Join(offered, " "); got != want {
					t.Errorf("%q offers %q, want %q", line, got, want)
				}
			}
		})
	}
}

// Each script has each flag of the help.
func TestCompletionIsWhole(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		script := runArgs(t, "-completion", shell).stdout
		words := regexp.MustCompile(`[-\w=]+`).FindAllString(script, -1)
		for _, row := range newOptions().table() {
			name := "-" + row.Name
			if shell == "fish" {
				name = row.Name
			}
			if !slices.Contains(words, name) {
				t.Errorf("%s has no -%s", shell, row.Name)
			}
		}
	}
}

package cli

import (
	"fmt"
	"strings"
)

// completionFor returns a script that completes the flags of rawclient in a shell. It is made from
// the table of flags.
func completionFor(shell string) (string, error) {
	script, known := map[string]func([]completion) string{
		"bash": bashScript, "zsh": zshScript, "fish": fishScript, "powershell": powershellScript,
	}[shell]
	if !known {
		return "", usageError("-completion %s: write bash, zsh, fish or powershell", safe(shell))
	}
	return script(completions()), nil
}

// A completion is a flag as a shell offers it.
type completion struct {
	name, help string
	value      bool     // a value follows
	file       bool     // the value is the name of a file
	words      []string // the values there are; nil if there are others
}

// completions returns the flags of the table.
func completions() (all []completion) {
	o := newOptions()
	for _, row := range o.table() {
		help, _, _ := strings.Cut(row.help, ". ")
		f := completion{name: row.name, help: help, value: row.kind != "", file: row.kind == "FILE"}
		switch row.name {
		case "color":
			f.words = []string{"auto", "always", "never"}
		case "completion":
			f.words = []string{"bash", "zsh", "fish", "powershell"}
		}
		all = append(all, f)
	}
	return all
}

// names joins the names of the flags that a function chooses, each after a dash.
func names(flags []completion, separator string, choose func(completion) bool) string {
	var chosen []string
	for _, f := range flags {
		if choose(f) {
			chosen = append(chosen, "-"+f.name)
		}
	}
	return strings.Join(chosen, separator)
}

func isFile(f completion) bool  { return f.file }
func isOther(f completion) bool { return f.value && !f.file && f.words == nil }

func bashScript(flags []completion) string {
	var words strings.Builder
	for _, f := range flags {
		if f.words != nil {
			fmt.Fprintf(&words, "\t-%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n", f.name,
				strings.Join(f.words, " "))
		}
	}
	all := names(flags, " ", func(completion) bool { return true })
	return `# Load it with:  eval "$(rawclient -completion bash)"
_rawclient() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	COMPREPLY=()
	case $before in
	` + names(flags, "|", isFile) + `) COMPREPLY=($(compgen -f -- "$word")); return ;;
	` + names(flags, "|", isOther) + `) return ;;
` + words.String() + `	esac
	case $word in
	-*) COMPREPLY=($(compgen -W '` + all + `' -- "$word")) ;;
	esac
}
complete -o filenames -F _rawclient rawclient
`
}

func zshScript(flags []completion) string {
	quote := strings.NewReplacer("'", `'\''`, "[", `\[`, "]", `\]`, ":", `\:`)
	var b strings.Builder
	b.WriteString("#compdef rawclient\n# Load it with:  eval \"$(rawclient -completion zsh)\"\n" +
		"_rawclient() {\n\t_arguments")
	for _, f := range flags {
		fmt.Fprintf(&b, " \\\n\t\t'-%s[%s]", f.name, quote.Replace(f.help))
		switch {
		case f.file:
			b.WriteString(":file:_files")
		case f.words != nil:
			b.WriteString(":value:(" + strings.Join(f.words, " ") + ")")
		case f.value:
			b.WriteString(":value: ")
		}
		b.WriteString("'")
	}
	return b.String() + "\n}\ncompdef _rawclient rawclient\n"
}

func fishScript(flags []completion) string {
	quote := strings.NewReplacer(`\`, `\\`, "'", `\'`)
	var b strings.Builder
	b.WriteString("# Load it with:  rawclient -completion fish | source\ncomplete -c rawclient -f\n")
	for _, f := range flags {
		fmt.Fprintf(&b, "complete -c rawclient -o '%s'", f.name)
		switch {
		case f.file:
			b.WriteString(" -r -F")
		case f.words != nil:
			b.WriteString(" -x -a '" + strings.Join(f.words, " ") + "'")
		case f.value:
			b.WriteString(" -x")
		}
		fmt.Fprintf(&b, " -d '%s'\n", quote.Replace(f.help))
	}
	return b.String()
}

func powershellScript(flags []completion) string {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	var b strings.Builder
	b.WriteString(`# Load it with:  rawclient -completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName rawclient -ScriptBlock {
    param($word, $line, $position)
    $values = @{
`)
	for _, f := range flags {
		if f.words != nil {
			fmt.Fprintf(&b, "        '-%s' = '%s' -split ' '\n", f.name, strings.Join(f.words, " "))
		}
	}
	b.WriteString("    }\n    $flags = [ordered]@{\n")
	for _, f := range flags {
		fmt.Fprintf(&b, "        '-%s' = %s\n", f.name, quote(f.help))
	}
	b.WriteString(`    }
    $given = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position })
    $before = "$($given[-1])"
    if ($values.ContainsKey($before)) {
        $values[$before] | Where-Object { $_ -like "$word*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_)
        }
    } elseif ($word.StartsWith('-')) {
        $flags.Keys | Where-Object { $_ -like "$word*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterName', $flags[$_])
        }
    }
}
`)
	return b.String()
}

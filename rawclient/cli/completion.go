package cli

import (
	"strings"
	"text/template"
)

// completionFor returns a script that completes the flags of rawclient in a shell. It is made from
// the table of flags.
func completionFor(shell string) string {
	var script strings.Builder
	scripts.ExecuteTemplate(&script, shell, newOptions().table()) // a Builder returns no error
	return script.String()
}

// The functions in the templates escape text that the shell of that name has in single quotes.
var scripts = template.Must(template.New("").Funcs(template.FuncMap{
	"zsh":        strings.NewReplacer("'", `'\''`, "[", `\[`, "]", `\]`, ":", `\:`).Replace,
	"fish":       strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace,
	"powershell": strings.NewReplacer("'", "''").Replace,
}).Parse(`
{{define "bash"}}# Load it with:  eval "$(rawclient -completion bash)"
_rawclient() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	COMPREPLY=()
	case $before in
	{{range .}}
		{{- if .IsFile}}-{{.Name}}) COMPREPLY=($(compgen -f -- "$word")); return ;;
	{{else if .Words}}-{{.Name}}) COMPREPLY=($(compgen -W '{{.Words}}' -- "$word")); return ;;
	{{else if .Kind}}-{{.Name}}) return ;;
	{{end}}{{end}}esac
	case $word in
	-*) COMPREPLY=($(compgen -W '{{range .}}-{{.Name}} {{end}}' -- "$word")) ;;
	esac
}
complete -o filenames -F _rawclient rawclient
{{end}}

{{define "zsh"}}#compdef rawclient
# Load it with:  eval "$(rawclient -completion zsh)"
_rawclient() {
	_arguments
	{{- range .}} \
		'-{{.Name}}[{{zsh .FirstSentence}}]
		{{- if .IsFile}}:file:_files
		{{- else if .Words}}:value:({{.Words}})
		{{- else if .Kind}}:value:{{" "}}
		{{- end}}'
	{{- end}}
}
compdef _rawclient rawclient
{{end}}

{{define "fish"}}# Load it with:  rawclient -completion fish | source
complete -c rawclient -f
{{range .}}complete -c rawclient -o '{{.Name}}'
	{{- if .IsFile}} -r -F{{else if .Words}} -x -a '{{.Words}}'{{else if .Kind}} -x{{end}} -d '{{fish .FirstSentence}}'
{{end}}{{end}}

{{define "powershell"}}# Load it with:  rawclient -completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName rawclient -ScriptBlock {
    param($word, $line, $position)
    $values = @{
{{range .}}{{if .Words}}        '-{{.Name}}' = '{{.Words}}' -split ' '
{{end}}{{end}}    }
    $flags = [ordered]@{
{{range .}}        '-{{.Name}}' = '{{powershell .FirstSentence}}'
{{end}}    }
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
{{end}}`))

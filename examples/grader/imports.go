package grader

import (
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// importsRow returns the row that looks at what the Go files in a directory import.
func importsRow(dir string) row {
	r := row{name: "the imports", hint: "write it with the standard library without net/http, and with your " +
		"other exercises"}
	r.run = func() error {
		names, _ := filepath.Glob(filepath.Join(dir, "*.go")) // the pattern is well formed
		for _, name := range names {
			if path := forbidden(name); path != "" && !strings.HasSuffix(name, "_test.go") {
				return fmt.Errorf("%s\n  your file %s imports %s\n  hint    %s",
					r.name, filepath.Base(name), path, r.hint)
			}
		}
		return nil
	}
	return r
}

// forbidden returns the first import of a Go file that does the work of an exercise, or nothing.
func forbidden(file string) string {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return "" // the compiler says more
	}
	for _, spec := range parsed.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		inModule, isOurs := strings.CutPrefix(path, "rawhttp/")
		allowed := strings.HasPrefix(inModule, "examples/exercises/") || inModule == "examples/grader"
		if isOurs && !allowed || strings.HasPrefix(path+"/", "net/http/") {
			return path
		}
	}
	return ""
}

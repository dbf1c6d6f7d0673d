package grader

import (
	"fmt"
	"go/build"
	"path/filepath"
	"strings"
)

// importsRow returns the row that looks at what the Go package in a directory imports. Tests do not count,
// and neither do files that build constraints leave out.
func importsRow(dir string) row {
	r := row{name: "the imports", hint: "write it with the standard library without net/http, and with your " +
		"other exercises"}
	r.run = func() error {
		own, _ := build.ImportDir(dir, 0) // the compiler has accepted it
		for _, path := range own.Imports {
			if forbidden(path) {
				return fmt.Errorf("%s\n  your file %s imports %s\n  hint    %s", r.name,
					filepath.Base(own.ImportPos[path][0].Filename), path, r.hint)
			}
		}
		return nil
	}
	return r
}

// forbidden reports whether the package of that path does the work of an exercise.
func forbidden(path string) bool {
	inModule, isOurs := strings.CutPrefix(path, "rawhttp/")
	allowed := strings.HasPrefix(inModule, "examples/exercises/") || inModule == "examples/grader"
	return isOurs && !allowed || strings.HasPrefix(path+"/", "net/http/")
}

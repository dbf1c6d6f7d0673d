module rawhttp

go 1.26

package visible_test

import (
	"os"

	"rawhttp/httpwire/visible"
)

func ExampleAppendMarked() {
	os.Stdout.Write(visible.AppendMarked(nil, '>', []byte("GET / HTTP/1.0\r\nX: \x1b[2J\r\n\r\n")))
	// Output:
	// > GET / HTTP/1.0␍␊
	// > X: \x1B[2J␍␊
	// > ␍␊
}

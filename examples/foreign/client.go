package foreign

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// An Exchange is a request that any client can send. The file holds the body; none if empty.
type Exchange struct{ Method, Path, File string }

// A Client has exchanges with the server at a URL without a path, one after the other. It
// returns a line for each: the status code, a space, and how many octets of body it got.
type Client func(t *testing.T, url string, all []Exchange) string

// Curl is curl with flags.
func Curl(flags ...string) Client {
	return func(t *testing.T, url string, all []Exchange) string {
		var args []string
		for _, x := range all {
			args = append(args, "--next", "-s", "-S", "-o", os.DevNull,
				"-w", "%{http_code} %{size_download}\n")
			args = append(args, flags...)
			if x.File != "" {
				args = append(args, "-H", "Content-Type: application/json", "--data-binary", "@"+x.File)
			}
			if x.Method == "HEAD" {
				args = append(args, "-I")
			} else {
				args = append(args, "-X", x.Method)
			}
			args = append(args, url+x.Path)
		}
		return Run(t, Program(t, "curl"), args[1:]...)
	}
}

// Wget is wget, once for each exchange.
func Wget(t *testing.T, url string, all []Exchange) (got string) {
	path := Program(t, "wget")
	for _, x := range all {
		args := []string{"-q", "-S", "-O", "-", "--content-on-error", "--tries=1", "--no-proxy",
			"--no-hsts", "--method", x.Method}
		if x.File != "" {
			args = append(args, "--header", "Content-Type: application/json", "--body-file", x.File)
		}
		r := Try(t, "", path, append(args, url+x.Path)...)
		_, code, ok := strings.Cut(r.Err, "HTTP/1.0 ")
		if !ok {
			t.Fatalf("%s: %v %s", x, r.Failed, r.Err)
		}
		got += fmt.Sprintln(code[:3], len(r.Out))
	}
	return got
}

// PythonScript is a file of the directory clients that needs a module.
func PythonScript(module, file string) Client {
	return func(t *testing.T, url string, all []Exchange) string {
		return Run(t, Python(t, module), append([]string{"-B", client(file)}, flat(url, all)...)...)
	}
}

// NodeScript is a file of the directory clients.
func NodeScript(file string) Client {
	return func(t *testing.T, url string, all []Exchange) string {
		return Run(t, Program(t, "node"), append([]string{client(file)}, flat(url, all)...)...)
	}
}

// Httpx and Java are optional: they may be missing on any machine.

// Httpx is Python's httpx.
func Httpx(t *testing.T, url string, all []Exchange) string {
	Short(t)
	if pythonWith("httpx") == "" {
		t.Skip("skipped: no python3 with httpx is on this machine")
	}
	return PythonScript("httpx", "with_httpx.py")(t, url, all)
}

// Java is Java's HttpClient. It compiles its source each time.
func Java(t *testing.T, url string, all []Exchange) string {
	Long(t)
	path, err := exec.LookPath("java")
	if err != nil {
		t.Skip("skipped: java is not on this machine")
	}
	quick := []string{"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", client("WithJava.java")}
	return Run(t, path, append(quick, flat(url, all)...)...)
}

// ChromiumFlags let it run without a screen, as root, and speak to us alone.
const ChromiumFlags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run " +
	"--disable-background-networking --disable-component-update --disable-sync --no-proxy-server"

// Chromium calls the function fetch of JavaScript in a page of the server.
func Chromium(t *testing.T, url string, all []Exchange) string {
	driver, browser, python := Program(t, "chromedriver"), Program(t, "chromium"), Python(t, "urllib")
	addr, profile := FreeAddr(t), Scratch(t)
	Start(t, []string{addr}, driver, "--port="+port(addr))
	args := []string{"-B", client("with_chromium.py"), "http://" + addr, browser,
		ChromiumFlags + " --user-data-dir=" + profile}
	return Run(t, python, append(args, flat(url, all)...)...)
}

func client(file string) string { return filepath.Join("examples", "foreign", "clients", file) }

// flat is the command line that the clients have.
func flat(url string, all []Exchange) []string {
	args := []string{url}
	for _, x := range all {
		file := x.File
		if file == "" {
			file = "-"
		}
		args = append(args, x.Method, x.Path, file)
	}
	return args
}

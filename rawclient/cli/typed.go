package cli

import (
	"bufio"
	"bytes"
	"context"
	"io"

	"rawhttp/httpwire/explain"
	"rawhttp/rawclient/wireclient"
)

// errInterrupted ends a request that is being typed, or read from standard input or a file.
var errInterrupted error = &failure{exitBroken, "interrupted, nothing was sent"}

// typed reads a request from the keyboard. It is sent when it is complete, so the server does not
// wait for typing.
func (c *console) typed(ctx context.Context) (*wireclient.Request, error) {
	c.notice("type a request for %s, such as  GET / HTTP/1.0", c.opt.addr)
	c.notice("Enter sends CR LF, and an empty line ends the head;  %s -h  says more", command)
	ctx, done := context.WithCancel(ctx)
	defer done()
	keys := c.newKeyboard(ctx, "request")
	line, err := keys.line()
	switch {
	case err == io.EOF && len(line) == 0:
		return nil, usageError("nothing was typed")
	case !c.opt.given["addr"] && looksLikeURL(string(line)):
		return nil, usageError("what you type here is sent to %s, but a URL names its own server. "+
			"Give it to the command:\n\n%s", c.opt.addr, commandWith(string(line)))
	case err == nil && len(line) == 0:
		c.say("an empty line is sent first; the request-line follows it")
	}
	octets, err := keys.head(line, err)
	if length, wrong := wireclient.ParseRequest(octets).BodyLength(); err == nil && wrong == nil {
		octets, err = keys.body(octets, length)
	}
	if err == io.EOF {
		err = nil
	}
	return wireclient.ParseRequest(octets), err
}

// newLine ends the line on which a prompt stands.
func (c *console) newLine() { io.WriteString(c.std.Err, "\n") }

// head reads a head up to its empty line. The first line, and its error, are what line returned; an empty
// one does not end the head. At the end of the input head returns io.EOF and what was typed.
func (k *keyboard) head(line []byte, err error) (head []byte, _ error) {
	for {
		if err == io.EOF {
			k.say("the empty line that ends the head is missing. The %s is sent as it is", k.message)
			return append(head, line...), err
		}
		if err != nil {
			return nil, err
		}
		ends := len(line) == 0 && len(head) > 0
		if head = append(append(head, line...), "\r\n"...); ends {
			return head, nil
		}
		line, err = k.line()
	}
}

// body appends a body to a head: as many octets as length says, or less if a line is a period alone.
// Without a length, which is -1, only a period ends the body. Enter is one LF, and the Enter after the
// last octet is not sent. The octets are sent even if there are too many of them. At the end of the input
// body returns io.EOF and what was typed.
func (k *keyboard) body(head []byte, length int64) (octets []byte, err error) {
	octets = head
	have := func() int64 { return int64(len(octets) - len(head)) }
	for err == nil && (length < 0 || have() < length) {
		if length >= 0 {
			k.notice("body: type %d more of %d octets; a period alone ends it early", length-have(), length)
		} else if have() == 0 {
			k.notice("body: a period alone ends it")
		}
		var line []byte
		line, err = k.line()
		if err == nil && string(line) == "." {
			break
		}
		if octets = append(octets, line...); err == nil {
			octets = append(octets, '\n')
		}
	}
	if err == nil && length >= 0 && have() > length {
		octets = octets[:len(octets)-1] // the last Enter
	}
	if length >= 0 && have() != length && (err == nil || err == io.EOF) {
		k.say("Content-Length says %d, but the body that was typed has %s. The %s is sent as it is",
			length, explain.OctetCount(have()), k.message)
	}
	return octets, err
}

// A keyboard is where a message is typed.
type keyboard struct {
	*console
	message string          // request or response
	ctx     context.Context // when it ends, line returns errInterrupted
	lines   chan []byte     // with their line ends; the last one may have none
	ended   chan struct{}   // closed when all lines are handed over and the input has ended
	err     error           // why it has ended
}

// newKeyboard reads lines until the input ends. A read from a terminal cannot be interrupted, so it
// goes on when ctx ends.
func (c *console) newKeyboard(ctx context.Context, message string) *keyboard {
	k := &keyboard{console: c, message: message, ctx: ctx, lines: make(chan []byte), ended: make(chan struct{})}
	rd := bufio.NewReader(c.std.In)
	go func() {
		for k.err == nil {
			var line []byte
			if line, k.err = rd.ReadBytes('\n'); k.err != nil && k.err != io.EOF {
				k.err = usageError("cannot read what is typed: %v", k.err)
			} else if len(line) > 0 {
				select {
				case k.lines <- line:
				case <-ctx.Done():
					return
				}
			}
		}
		close(k.ended)
	}()
	return k
}

// line reads a line after a prompt, and returns it without its line end. With io.EOF it is what was typed
// before the input ended.
func (k *keyboard) line() (line []byte, err error) {
	io.WriteString(k.std.Err, "> ")
	k.prompted.Store(true)
	defer k.prompted.Store(false)
	select {
	case line = <-k.lines:
		var whole bool
		if line, whole = bytes.CutSuffix(line, []byte("\n")); whole {
			return bytes.TrimSuffix(line, []byte("\r")), nil
		}
		err = io.EOF
	case <-k.ended:
		err = k.err
	case <-k.ctx.Done():
		err = errInterrupted
	}
	if err == io.EOF {
		k.newLine()
	}
	return line, err
}

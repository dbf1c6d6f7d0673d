package cli

import (
	"bufio"
	"bytes"
	"context"
	"io"

	"rawhttp/rawclient/wireclient"
)

// errInterrupted ends a request that is being typed.
var errInterrupted error = &failure{exitBroken, "interrupted, nothing was sent"}

// typed reads a request from the keyboard. It is sent when it is complete, so the server does not
// wait for typing.
func (c *client) typed(ctx context.Context) (*wireclient.Request, error) {
	c.prompt("type a request for %s, such as  GET / HTTP/1.0", c.opt.addr)
	c.prompt("Enter sends CR LF, and an empty line ends the head;  %s -h  says more", command)
	ctx, done := context.WithCancel(ctx)
	defer done()
	next := newKeyboard(ctx, c.In)
	head, err := c.typeHead(next)
	r := wireclient.ParseRequest(head)
	if err == nil {
		err = c.typeBody(next, r)
	}
	if err == errInterrupted {
		c.newLine()
	}
	return r, err
}

// newLine ends the line on which a prompt stands.
func (c *client) newLine() { io.WriteString(c.Err, "\n") }

func (c *client) typeHead(next keyboard) (head []byte, err error) {
	for {
		io.WriteString(c.Err, "> ")
		line, err := next()
		switch {
		case err == io.EOF && len(head)+len(line) == 0:
			c.newLine()
			return nil, usageError("nothing was typed")
		case err == io.EOF:
			c.newLine()
			c.say("the empty line that ends the head is missing. The request is sent as it is")
			return append(head, line...), nil
		case err != nil:
			return nil, err
		}
		if !c.opt.given["addr"] && len(head) == 0 && looksLikeURL(string(line)) {
			return nil, usageError("what you type here is sent to %s, but a URL names its own server. "+
				"Give it to the command:\n\n  %s %s\n", c.opt.addr, command, quoted([]string{string(line)}))
		}
		head = append(append(head, line...), "\r\n"...)
		if len(head) == len("\r\n") {
			c.say("an empty line is sent first; the request-line follows it")
		} else if len(line) == 0 {
			return head, nil
		}
	}
}

// typeBody reads the octets that the head announces. The Enter after the last of them is not sent.
func (c *client) typeBody(next keyboard, r *wireclient.Request) error {
	length, err := r.Head.BodyLength()
	if r.Err != nil || r.Head.Simple || err != nil {
		return nil
	}
	var body []byte
	for int64(len(body)) < length {
		c.prompt("body: %d of %d octets to go", length-int64(len(body)), length)
		line, err := next()
		body = append(body, line...)
		if err == io.EOF {
			c.newLine()
			c.say("Content-Length says %d, but %d octets were typed. The request is sent as it is",
				length, len(body))
			break
		}
		if err != nil {
			return err
		}
		body = append(body, '\n')
	}
	if over := int64(len(body)) - length; over > 1 {
		c.say("%d octets beyond Content-Length were not sent", over-1)
	}
	r.Body = body[:min(int64(len(body)), length)]
	r.Octets = append(r.Octets, r.Body...)
	return nil
}

// A keyboard returns the next line without its end. With io.EOF it returns what was typed before.
type keyboard func() ([]byte, error)

// newKeyboard reads lines until the input ends. A read from a terminal cannot be interrupted, so
// when ctx ends, the keyboard returns errInterrupted and the read goes on.
func newKeyboard(ctx context.Context, in io.Reader) keyboard {
	type result struct {
		line []byte
		err  error
	}
	results := make(chan result)
	go func() {
		rd := bufio.NewReader(in)
		for err := error(nil); err == nil; {
			var line []byte
			if line, err = rd.ReadBytes('\n'); err == nil {
				line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
			}
			select {
			case results <- result{line, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() ([]byte, error) {
		select {
		case r := <-results:
			if r.err != nil && r.err != io.EOF {
				return nil, usageError("cannot read what is typed: %v", r.err)
			}
			return r.line, r.err
		case <-ctx.Done():
			return nil, errInterrupted
		}
	}
}

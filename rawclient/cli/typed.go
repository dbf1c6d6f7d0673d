package cli

import (
	"bufio"
	"bytes"
	"context"
	"io"

	"rawhttp/httpwire/explain"
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
	keys := newKeyboard(ctx, c.In)
	head, err := c.typeHead(keys)
	r := wireclient.ParseRequest(head)
	if err == nil {
		err = c.typeBody(keys, r)
	}
	if err == errInterrupted {
		c.newLine()
	}
	return r, err
}

// newLine ends the line on which a prompt stands.
func (c *client) newLine() { io.WriteString(c.Err, "\n") }

// typeHead reads a head up to its empty line. An empty line before the request-line is sent too.
func (c *client) typeHead(keys *keyboard) (head []byte, err error) {
	for {
		io.WriteString(c.Err, "> ")
		line, err := keys.line()
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
				"Give it to the command:\n\n  %s %s\n", c.opt.addr, command, quoted(string(line)))
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
func (c *client) typeBody(keys *keyboard, r *wireclient.Request) error {
	length, err := r.Head.BodyLength()
	if r.Err != nil || r.Head.Simple || err != nil {
		return nil
	}
	var body []byte
	for int64(len(body)) < length {
		c.prompt("body: %d of %d octets to go", length-int64(len(body)), length)
		line, err := keys.line()
		body = append(body, line...)
		if err == io.EOF {
			c.newLine()
			c.say("Content-Length says %d, but the body that was typed has %s. The request is sent as it is",
				length, explain.OctetCount(int64(len(body))))
			break
		}
		if err != nil {
			return err
		}
		body = append(body, '\n')
	}
	if over := int64(len(body)) - length; over > 1 {
		c.say("not sent: %s after those that Content-Length announces", explain.OctetCount(over-1))
	}
	r.Body = body[:min(int64(len(body)), length)]
	r.Octets = append(r.Octets, r.Body...)
	return nil
}

// A keyboard hands over the lines that are typed.
type keyboard struct {
	ctx   context.Context // when it ends, line returns errInterrupted
	typed chan typedLine
	held  *typedLine // the next line, if it was received already
}

// A typedLine has no line end. With io.EOF it is what was typed before the input ended.
type typedLine struct {
	text []byte
	err  error
}

// newKeyboard reads lines until the input ends. A read from a terminal cannot be interrupted, so it
// goes on when ctx ends.
func newKeyboard(ctx context.Context, in io.Reader) *keyboard {
	k := &keyboard{ctx: ctx, typed: make(chan typedLine)}
	go func() {
		rd := bufio.NewReader(in)
		for line := (typedLine{}); line.err == nil; {
			if line.text, line.err = rd.ReadBytes('\n'); line.err == nil {
				line.text = bytes.TrimSuffix(bytes.TrimSuffix(line.text, []byte("\n")), []byte("\r"))
			} else if line.err != io.EOF {
				line = typedLine{err: usageError("cannot read what is typed: %v", line.err)}
			}
			select {
			case k.typed <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	return k
}

// line returns the next line.
func (k *keyboard) line() ([]byte, error) {
	if line := k.held; line != nil {
		k.held = nil
		return line.text, line.err
	}
	select {
	case line := <-k.typed:
		return line.text, line.err
	case <-k.ctx.Done():
		return nil, errInterrupted
	}
}

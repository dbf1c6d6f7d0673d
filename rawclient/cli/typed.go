package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"rawhttp/httpwire"
)

// errInterrupted ends a request that was being typed.
var errInterrupted error = &failure{exitBroken, "interrupted, nothing was sent"}

// typed reads a request from the keyboard. It is sent when it is complete, so that nobody has to
// type against the clock of the server.
func (x *exchange) typed(ctx context.Context, r *request) error {
	x.say("type a request for %s, such as  GET / HTTP/1.0", r.addr)
	x.say("Enter sends CR LF; an empty line ends the head;  %s -h  says more", command)
	ctx, done := context.WithCancel(ctx)
	defer done()
	keys := &keyboard{lines: make(chan typedLine), ctx: ctx}
	go keys.read(x.In)
	err := x.typeHead(keys, r)
	if err == nil {
		err = x.typeBody(keys, r)
	}
	if err == errInterrupted {
		x.newLine()
	}
	return err
}

// newLine leaves the line of a prompt, where the cursor stands behind it or behind what was typed.
func (x *exchange) newLine() { io.WriteString(x.Err, "\n") }

func (x *exchange) typeHead(keys *keyboard, r *request) error {
	for {
		io.WriteString(x.Err, "> ")
		line, err := keys.next()
		switch {
		case err == io.EOF && len(r.octets)+len(line) == 0:
			x.newLine()
			return usageError("nothing was typed")
		case err == io.EOF:
			r.octets = append(r.octets, line...)
			x.newLine()
			x.say("the head has no empty line yet: sent as far as it goes")
			return nil
		case err != nil:
			return err
		}
		if !x.opt.given["addr"] && len(r.octets) == 0 && looksLikeURL(string(line)) {
			return usageError("what is typed here is sent to %s, and a URL names its own server; give it "+
				"to the command:\n\n  %s %s\n", r.addr, command, quoted([]string{string(line)}))
		}
		r.octets = append(append(r.octets, line...), "\r\n"...)
		if len(r.octets) == len("\r\n") {
			x.say("an empty line is sent first; the request line follows it")
		} else if len(line) == 0 {
			return nil
		}
	}
}

// typeBody reads the octets that the head announces. The Enter behind the last of them is needed
// to get the line here, and is not sent.
func (x *exchange) typeBody(keys *keyboard, r *request) error {
	var req httpwire.Request
	n, err := httpwire.ConsumeRequestHead(r.octets, &req)
	if err != nil || n != len(r.octets) {
		return nil
	}
	length, err := req.BodyLength()
	if err != nil || length == 0 {
		return nil
	}
	var body []byte
	for int64(len(body)) < length {
		x.say("body: %d of %d octets to go", length-int64(len(body)), length)
		line, err := keys.next()
		body = append(body, line...)
		if err == io.EOF {
			x.newLine()
			x.say("Content-Length says %d and %d octets were typed: sent as far as they go",
				length, len(body))
			break
		}
		if err != nil {
			return err
		}
		body = append(body, '\n')
	}
	if over := int64(len(body)) - length; over > 1 {
		x.say("%d octets beyond Content-Length were not sent", over-1)
	}
	r.octets = append(r.octets, body[:min(int64(len(body)), length)]...)
	return nil
}

// A keyboard hands out lines, without their ends, and can be given up waiting for.
type keyboard struct {
	lines chan typedLine
	ctx   context.Context
}

type typedLine struct {
	octets []byte
	err    error
}

// read goes on until the input ends; a read from a terminal cannot be called off.
func (k *keyboard) read(in io.Reader) {
	rd := bufio.NewReader(in)
	for {
		line, err := rd.ReadBytes('\n')
		if err == nil {
			line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		}
		select {
		case k.lines <- typedLine{line, err}:
		case <-k.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// next returns the next line. With io.EOF comes what was typed before the end.
func (k *keyboard) next() ([]byte, error) {
	select {
	case line := <-k.lines:
		if line.err != nil && !errors.Is(line.err, io.EOF) {
			return nil, usageError("cannot read what is typed: %v", line.err)
		}
		return line.octets, line.err
	case <-k.ctx.Done():
		return nil, errInterrupted
	}
}

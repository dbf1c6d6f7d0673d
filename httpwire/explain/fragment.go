package explain

import "bytes"

// AppendMessage appends the octets of a listing as HTML elements for a page that shows many messages.
// Each run has the color of its rule, and its meaning as a title; the error follows. StyleSheet has
// the colors.
func AppendMessage(dst []byte, l Listing) []byte { return appendTemplate(dst, "message", l) }

// AppendSection appends a listing as the HTML element section, as AppendPage has it: the octets, and
// the note of each run beside them.
func AppendSection(dst []byte, l Listing) []byte { return appendTemplate(dst, "section", l) }

func appendTemplate(dst []byte, name string, l Listing) []byte {
	buf := bytes.NewBuffer(dst)
	if err := pageTemplate.ExecuteTemplate(buf, name, newSection(0, l)); err != nil {
		panic(err) // the buffer takes everything, and the template fits its data
	}
	return buf.Bytes()
}

// StyleSheet returns the style sheet of the others. It also has the type and the
// colours of a page of text, whose main element has the class text, and tables, forms and commands.
func StyleSheet() string { return pageCSS }

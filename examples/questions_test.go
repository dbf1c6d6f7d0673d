package main

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rawhttp/httpwire"
	"rawhttp/rawclient/cli"
)

const base = "/address_book/api/v1.0/addresses"

// questions says how the answer to each question of the lessons is measured. It has the words of the
// question too, so that a question cannot change while its answer stays. A question that begins with
// "Why" is not here: TestReasons checks its answer.
var questions = []struct {
	lesson, question string
	measure          func(p *played) string
}{
	{"1", "What if you press Enter only once? Is the request complete then? (yes or no)",
		func(p *played) string {
			p.same(missing("GET /hello HTTP/1.0\r\n", "\r\n"), "2")
			p.same(strconv.Itoa(len(p.response(1).Fields)), "3")
			return yes(missing("GET /hello HTTP/1.0\r\n", "\r\n") == "0")
		}},
	{"1", "What if you send this request to the mirror? Which number will Content-Length have? (Add the " +
		"ends of the three lines.)",
		func(p *played) string {
			p.same(length(p.sent(2)), strconv.Itoa(17+14+3*2))
			return string(p.response(2).Fields.Get("Content-Length"))
		}},
	{"1", "What if you ask for it? The request is well formed. Which status code, the number in the " +
		"first line of the response, will it get?",
		func(p *played) string { return status(p.received(3)) }},
	{"1", "What if you use it? Will the status code begin with 4, an error of the client, or with 5, " +
		"an error of the server? (4 or 5)",
		func(p *played) string { p.same(status(p.received(4)), "501"); return status(p.received(4))[:1] }},
	{"1", "What if two fields have the same name, and different values? How many of them will the " +
		"mirror return: 0, 1 or 2?",
		func(p *played) string {
			response := p.ask("GET /raw HTTP/1.0", "Mood: good", "Mood: tired")
			p.same(status(response), "200")
			return strconv.Itoa(strings.Count(body(response), "\r\nMood: "))
		}},

	{"2", "What if a client does not know the code 299? Must it treat the response as a success or " +
		"as a failure? (success or failure)",
		func(p *played) string {
			var resp httpwire.Response
			if _, err := httpwire.ConsumeResponseHead([]byte(p.file("responses/empty-reason.http")),
				&resp); err != nil || resp.Code != 299 {
				p.t.Errorf("%v, %v", resp.Code, err)
			}
			if resp.Code/100 == 2 && p.sends[1].exit == 0 {
				return "success"
			}
			return "failure"
		}},
	{"2", "The first line of the response is `HTTP/1.0 200 OK`. At which offset will the second line " +
		"begin?",
		func(p *played) string {
			return strconv.Itoa(strings.Index(p.received(3), "\r\n") + len("\r\n"))
		}},
	{"2", "What if you ask for the address with HEAD? Which Content-Length will the response have: 0, " +
		"because no body comes, or 162, as with GET?",
		func(p *played) string {
			p.same(length(body(p.received(4))), "0")
			return p.same(string(p.response(4).Fields.Get("Content-Length")), length(body(p.received(1))))
		}},
	{"2", "What if you ask for it with GET? Will the response with the status code 404 have a body? " +
		"(yes or no)",
		func(p *played) string {
			p.same(string(p.response(5).Fields.Get("Content-Type")), "application/problem+json")
			return yes(body(p.received(5)) != "")
		}},
	{"2", "What if the lines of a head ended with LF instead of CR LF? Each would be one octet " +
		"shorter. Would Content-Length change? (yes or no)",
		func(p *played) string {
			p.same(status(p.ask("GET "+base+"/2 HTTP/1.0")), "200")
			head, rest := split(p.received(5))
			_, shorter, _ := strings.Cut(strings.ReplaceAll(head, "\r\n", "\n")+rest, "\n\n")
			return yes(string(p.response(5).Fields.Get("Content-Length")) != length(shorter))
		}},

	{"3", "What if you send only that? Will a response come within two seconds? (yes or no)",
		func(p *played) string { return yes(p.sends[0].exit != 4) }},
	{"3", "What if the client closes its side? Will the status code begin with 2, success, with 4, an error " +
		"of the client, or with 5, an error of the server? (2, 4 or 5)",
		func(p *played) string {
			p.same(fault(p.received(2)), length(p.sent(2)))
			p.same(status(p.received(2)), "400")
			return status(p.received(2))[:1]
		}},
	{"3", "With which four octets does every head end, if it has the right line ends? Write " +
		"hexadecimal digits.",
		func(p *played) string {
			head, _ := split(p.sent(3))
			return strings.Join(hex(head[len(head)-4:]), " ")
		}},
	{"3", "What if an empty line comes too early? Which field will the server not see? Give its name.",
		func(p *played) string {
			p.same(status(p.received(4)), "411")
			return find(`\^ (\S+) is missing`, p.received(4))
		}},

	{"4", "What if the same POST comes again? The book began with two addresses. How many will it have then?",
		func(p *played) string {
			p.same(status(p.received(1)), "201")
			p.same(status(p.received(2)), "409")
			p.same(status(p.received(5)), "201")
			all := strings.Count(body(p.ask("GET "+base+" HTTP/1.0")), `"ID":`)
			return strconv.Itoa(all - 1) // that of question 6 came later
		}},
	{"4", "What if it is sent as it is? Which four octets will be the last ones that the server takes " +
		"for the body?",
		func(p *played) string { return body(p.sent(3))[15-4 : 15] }},
	{"4", "What if the number is too large? How many octets will the server say it still expects?",
		func(p *played) string { return find(`expecting (\d+) more`, p.received(4)) }},
	{"4", "What if a word of four letters is sent with such an é? How many octets does the word have?",
		func(p *played) string { return length(find(`"(Caf[^"]*)"`, p.sent(5))) }},

	{"5", "The first octet has offset 0. At which offset will the server stop?",
		func(p *played) string { return fault(p.received(1)) }},
	{"5", "What if lines end with LF alone: must a server refuse that, or may it accept it? " +
		"(must or may)",
		func(p *played) string {
			if strings.Contains(p.received(2), "our choice; RFC 9112 section 2.2 allows it") {
				return "may"
			}
			return "must"
		}},
	{"5", "What if there are two lengths? Does the server use the first one, the last one, or neither?",
		func(p *played) string {
			p.same(fault(p.received(4)), strconv.Itoa(strings.LastIndex(p.sent(4), "Content-Length")))
			if status(p.received(4)) == "400" {
				return "neither"
			}
			return "one of them"
		}},
	{"5", "What if a client begins with TLS? How many octets does the server need to see, to know that " +
		"this is not HTTP?",
		func(p *played) string {
			p.same(status(p.received(5)), "400")
			p.same(strings.Join(hex(p.sent(5)[:3]), " "), "16 03 01")
			p.same(strings.Join(hex("GET"), " "), "47 45 54")
			for n := 1; ; n++ {
				var req httpwire.Request
				_, err := httpwire.ConsumeRequestHead([]byte(p.sent(5)[:n]), &req)
				if _, refused := err.(*httpwire.SyntaxError); refused {
					return strconv.Itoa(n)
				}
			}
		}},

	{"6", "What if neither side has more to send after a response of HTTP/1.0? Which side closes the " +
		"connection first: the client or the server?",
		func(p *played) string { return find(`\* the (\w+) closed the connection`, p.sends[0].shown) }},
	{"6", "What if the close comes too early, and there is no length? Can the client tell that " +
		"something is missing? (yes or no)",
		func(p *played) string {
			return yes(p.sends[1].exit != 0 || strings.Contains(p.sends[1].shown, "* incomplete"))
		}},
	{"6", "What if the close comes too early, and there is a length? Can the client tell now that " +
		"something is missing? (yes or no)",
		func(p *played) string {
			p.same(find(`incomplete: (\d+) of 5`, p.sends[2].shown), "3")
			return yes(p.sends[2].exit != 0)
		}},
	{"6", "What if the first request does not ask to keep the connection open? How many responses " +
		"will come?",
		func(p *played) string { return strconv.Itoa(strings.Count(p.received(4), "HTTP/1.0 200")) }},

	{"7", "What if the server keeps the connection open? Can the client still use the close to find " +
		"the end of the body? (yes or no)",
		func(p *played) string { return yes(!strings.Contains(p.sends[0].shown, "keeps the connection")) }},
	{"7", "What if the first of two requests asks to keep the connection open? How many responses will come?",
		func(p *played) string {
			p.same(strconv.Itoa(p.sends[1].connections), "1")
			p.same(strconv.Itoa(len("Connection: keep-alive\r\n")), "24")
			return strconv.Itoa(strings.Count(p.received(2), "HTTP/1.0 200"))
		}},
	{"7", "What if six requests use a connection each? How many round trips do they take in all?",
		func(p *played) string { return p.same(roundTrips(p, 6, false), tableCell(p.sends[2].shown, "each")) }},
	{"7", "What if the six use one connection, each after the response to the one before? How many " +
		"round trips are left?",
		func(p *played) string { return p.same(roundTrips(p, 6, true), tableCell(p.sends[2].shown, "open")) }},
	{"7", "What if a page has 29 pictures and a script, so that there are 31 requests? How many round " +
		"trips does one connection save?",
		func(p *played) string {
			apart, _ := strconv.Atoi(roundTrips(p, 31, false))
			together, _ := strconv.Atoi(roundTrips(p, 31, true))
			p.same(strconv.Itoa(apart), "62")
			return strconv.Itoa(apart - together)
		}},

	{"8", "What if a request has no version? How many lines of head will its response have?",
		func(p *played) string {
			p.same(p.received(1), body(p.received(2)))
			return strconv.Itoa(strings.Count(strings.TrimSuffix(p.received(1), body(p.received(2))), "\n"))
		}},
	{"8", "What if the client speaks 1.1 and the server only 1.0? Which version will the response name?",
		func(p *played) string {
			p.same(body(p.received(2)), body(p.received(3)))
			return find(`^(\S+) `, p.received(3))
		}},
	{"8", "What if Host is missing in 1.1? Which status code will the response have?",
		func(p *played) string { return status(p.received(4)) }},
	{"8", "How many octets does the body have, once the chunks are joined?",
		func(p *played) string {
			_, after, _ := strings.Cut(strings.ReplaceAll(p.sends[4].shown, "\r", ""), "\n\n")
			joined, _, _ := strings.Cut(after, "\n")
			return p.same(length(joined), length("hello0123456789"))
		}},
	{"8", "What if a request-line says HTTP/2.0? Will the status code begin with 4, an error of the " +
		"client, or with 5, an error of the server? (4 or 5)",
		func(p *played) string { p.same(status(p.received(6)), "505"); return status(p.received(6))[:1] }},

	{"9", "What if you send the same request twice, and nothing changes? Which field may differ in the " +
		"second response? Give its name.",
		func(p *played) string {
			const name = "Date"
			line := regexp.MustCompile(`\r\n` + name + `: .*`)
			p.same(line.ReplaceAllString(p.received(1), ""), line.ReplaceAllString(p.received(2), ""))
			return name
		}},
	{"9", "What if you send a POST there? The server knows the method, and this resource does not have " +
		"it. Which status code will you get: 404, 405 or 501? (You have met two of them in lesson 1.)",
		func(p *played) string {
			p.same(string(p.response(3).Fields.Get("Allow")), string(p.response(4).Fields.Get("Allow")))
			return status(p.received(4))
		}},
	{"9", "What if the server makes a new address? Which field of the response will say where it is? " +
		"Give its name.",
		func(p *played) string {
			p.followed(5, 9)
			p.same(p.link(5, "collection"), base)
			return p.field(6, func(v string) bool { return strings.HasSuffix(v, p.target(7)) })
		}},
	{"9", "What if you delete it? The response to DELETE has no body. Which status code says that this " +
		"is intended: 200, 201 or 204?",
		func(p *played) string {
			p.same(p.target(8), find(`Link: .*<([^>]*)>; rel="edit"`, p.received(7)))
			p.same(status(p.received(9)), "404")
			return status(p.received(8))
		}},
	{"9", "What if you send such a target to the server itself? Will it accept the request? (yes or no)",
		func(p *played) string { return yes(status(p.received(10)) == "200") }},

	{"10", "What if the address has not changed? How many octets will the body of the response have?",
		func(p *played) string {
			p.same(string(p.response(1).Fields.Get("ETag")), find(`If-None-Match: (.*)\r`, p.sent(2)))
			p.same(status(p.received(2)), "304")
			return length(body(p.received(2)))
		}},
	{"10", "Does `no-cache` forbid keeping a copy? (yes or no)",
		func(p *played) string {
			p.same(string(p.response(1).Fields.Get("Cache-Control")), "no-cache")
			return "no" // RFC 9111 section 5.2.2.4
		}},
	{"10", "What if Bob's condition is not met any more? Whose street will the address have after his " +
		"request: Ann's or Bob's?",
		func(p *played) string {
			p.same(status(p.received(3)), "200")
			p.same(status(p.received(4)), "412")
			return whoseStreet(p)
		}},
	{"10", "What if Bob had sent no If-Match? Whose street would the address have now: Ann's or Bob's?",
		func(p *played) string {
			put := strings.ReplaceAll(p.sent(4), find(`(If-Match: .*\r\n)`, p.sent(4)), "")
			name := p.t.TempDir() + "/put.http"
			if err := os.WriteFile(name, []byte(put), 0o644); err != nil {
				p.t.Fatal(err)
			}
			cli.Run(p.t.Context(), []string{"-addr", p.tap.addr, "-in", name}, cli.Stdio{
				Out: new(strings.Builder), Err: new(strings.Builder)})
			p.tap.passed()
			return whoseStreet(p)
		}},
	{"10", "What if you delete an address twice? Which status code will the second DELETE get?",
		func(p *played) string {
			p.same(status(p.received(5)), "204")
			return status(p.received(6))
		}},

	{"11", "What if you ask server B for the address? Which status code will the response have?",
		func(p *played) string { return find(`(?s)killed.*to B: GET .*< HTTP/1\.0 (\d{3})`, p.sends[0].shown) }},
	{"11", "What if a server starts with this file? How many of the two addresses will it have?",
		func(p *played) string {
			after := find(`(?s)(cut off.*)`, p.sends[1].shown)
			return p.same(strconv.Itoa(strings.Count(after, "< HTTP/1.0 200")), find(`has (\d+) address`, after))
		}},
	{"11", "What if the fault is not at the end of the file? Will the server start? (yes or no)",
		func(p *played) string { return yes(!strings.Contains(p.sends[2].shown, "server: -book: ")) }},
	{"11", "What if B is asked for the address that A has added? Which status code will its response have?",
		func(p *played) string {
			p.same(find(`to A: GET .*\n< HTTP/1\.0 (\d{3})`, p.sends[3].shown), "200")
			return find(`to B: GET .*\n< HTTP/1\.0 (\d{3})`, p.sends[3].shown)
		}},
	{"11", "What if server B gets the file that server A is using? How many of the two servers will run: " +
		"0, 1 or 2?",
		func(p *played) string {
			return strconv.Itoa(2 - strings.Count(p.sends[4].shown, "has this file open"))
		}},

	{"12", "What if the response has neither a Date nor a Content-Type? Will the client show the body? " +
		"(yes or no)",
		func(p *played) string {
			server, client, _ := strings.Cut(p.sends[0].shown, "The client:")
			p.same(find(`> (\w+-\w+):`, server), "Content-Length")
			return yes(strings.Contains(client, "\n\nhello"))
		}},
	{"12", "What if the length is too large? Which side notices it: the client, the server, or both?",
		func(p *played) string {
			server, client, _ := strings.Cut(p.sends[1].shown, "The client:")
			p.same(find(`incomplete: (\d+ of \d+) octets`, client), "5 of 9")
			if strings.Contains(server, "the client was waiting for more") {
				return "both"
			}
			return "the client"
		}},
	{"12", "What if the body is longer than its length? How many octets belong to no message?",
		func(p *played) string {
			return p.same(find(`surplus: (\d+) octets`, p.sends[2].shown), find(`(\d+) octets follow`, p.sends[2].shown))
		}},
}

// whoseStreet says whose street address 1 has now.
func whoseStreet(p *played) string {
	address := p.ask("GET " + base + "/1 HTTP/1.0")
	for street, whose := range map[string]string{"North Road": "Ann's", "North Avenue": "Bob's"} {
		if strings.Contains(address, street) {
			return whose
		}
	}
	return "neither"
}

// roundTrips returns how many round trips n requests take on the link with delay.
func roundTrips(p *played, n int, keep bool) string {
	link := &farLink{addr: p.server, wait: func(time.Duration) {}}
	if err := link.fetch(n, keep); err != nil {
		p.t.Error(err)
	}
	return strconv.Itoa(link.roundTrips)
}

// tableCell returns the number of round trips in the row of a way.
func tableCell(table, way string) string { return find(way+` +\d+ +(\d+) `, table) }

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

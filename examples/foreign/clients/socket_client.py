# The article's client: a socket, one request, and the octets until the close.
import json
import socket
import sys

s = socket.create_connection(("localhost", int(sys.argv[1])))
s.sendall(b"GET /address_book/api/v1.0/addresses HTTP/1.0\r\n\r\n")
answer = b""
while octets := s.recv(4096):
    answer += octets
head, body = answer.split(b"\r\n\r\n", 1)
lines = head.decode("ascii").split("\r\n")
length = [line for line in lines if line.startswith("Content-Length: ")][0]
assert int(length[16:]) == len(body), (length, len(body))
print(lines[0], [a["ID"] for a in json.loads(body)["addresses"]])

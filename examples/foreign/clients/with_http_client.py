# http.client: one connection, asked to be kept, opened again where it is not.
import exchanges
import http.client
import urllib.parse

connection = http.client.HTTPConnection(urllib.parse.urlsplit(exchanges.base).netloc)
for method, path, fields, body in exchanges.all():
    connection.request(method, path, body, {**fields, "Connection": "keep-alive"})
    answer = connection.getresponse()
    exchanges.show(answer.status, answer.read())

# http.client, told to speak HTTP/1.0: a connection for each exchange.
import exchanges
import http.client
import urllib.parse


class Connection(http.client.HTTPConnection):
    _http_vsn = 10
    _http_vsn_str = "HTTP/1.0"


for method, path, fields, body in exchanges.all():
    connection = Connection(urllib.parse.urlsplit(exchanges.base).netloc)
    connection.request(method, path, body, fields)
    answer = connection.getresponse()
    exchanges.show(answer.status, answer.read())
    connection.close()

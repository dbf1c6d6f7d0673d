# urllib.request, without a proxy.
import exchanges
import urllib.error
import urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
for method, path, fields, body in exchanges.all():
    request = urllib.request.Request(exchanges.base + path, body, fields, method=method)
    try:
        answer = opener.open(request)
    except urllib.error.HTTPError as e:
        answer = e
    exchanges.show(answer.status, answer.read())

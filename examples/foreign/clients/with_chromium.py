# Chromium, driven by chromedriver: a page of the server's calls fetch. Three arguments come before
# the usual ones: the URL of chromedriver, the path of the browser, and its flags.
import json
import sys
import urllib.request

driver, binary, flags = sys.argv[1:4]
del sys.argv[1:4]
import exchanges

FETCH = """
const [method, path, text, done] = arguments;
const body = text === null ? undefined : text;
const headers = text === null ? {} : {"Content-Type": "application/json"};
fetch(path, {method, headers, body}).then(
    async r => done([r.status, (await r.arrayBuffer()).byteLength]),
    e => done([0, String(e)]));
"""


def command(method, path, **body):
    data = json.dumps(body).encode() if method == "POST" else None
    request = urllib.request.Request(driver + path, data, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request) as answer:
        return json.load(answer)["value"]


session = "/session/" + command("POST", "/session", capabilities={"alwaysMatch": {
    "goog:chromeOptions": {"binary": binary, "args": flags.split()}}})["sessionId"]
try:
    command("POST", session + "/url", url=exchanges.base + "/")
    for method, path, fields, body in exchanges.all():
        text = None if body is None else body.decode()
        print(*command("POST", session + "/execute/async", script=FETCH, args=[method, path, text]))
finally:
    command("DELETE", session)

# A directory, as python3 -m http.server serves it. On another port, a handler responds to every path with
# 200. It reads the body that Content-Length announces, with int() as most programs do.
import sys
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Every(BaseHTTPRequestHandler):
    def respond(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"ok\n")

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = respond


plain, every, directory = sys.argv[1:]
server = ThreadingHTTPServer(("127.0.0.1", int(every)), Every)
Thread(target=server.serve_forever, daemon=True).start()
handler = partial(SimpleHTTPRequestHandler, directory=directory)
ThreadingHTTPServer(("127.0.0.1", int(plain)), handler).serve_forever()

# One page, and one that takes a while to make, by the server that comes with Flask. On another port, a
# function responds to every path with 200 and reads the body.
import sys
from threading import Thread

from flask import Flask, Response, request

app = Flask("app")
every = Flask("every")


@app.route("/", methods=["GET", "POST"])
def page():
    request.get_data()
    return "hello\n"


@app.route("/stream")
def stream():
    return Response((piece for piece in ("hel", "lo\n")), mimetype="text/plain")


@every.before_request
def respond():
    request.get_data()
    return "ok\n"


ports = [int(arg) for arg in sys.argv[1:]]
Thread(target=every.run, args=("127.0.0.1", ports[1]), daemon=True).start()
app.run("127.0.0.1", ports[0])

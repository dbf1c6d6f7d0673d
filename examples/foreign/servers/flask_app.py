# One page, one that takes a while to make, by the server that comes with Flask.
import sys

from flask import Flask, Response, request

app = Flask("app")


@app.route("/", methods=["GET", "POST"])
def page():
    request.get_data()
    return "hello\n"


@app.route("/stream")
def stream():
    return Response((piece for piece in ("hel", "lo\n")), mimetype="text/plain")


app.run("127.0.0.1", int(sys.argv[1]))

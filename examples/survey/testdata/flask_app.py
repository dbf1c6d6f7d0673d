# Reads the body and answers 200, whatever the path; served by the development server.
import sys

from flask import Flask, request

app = Flask(__name__)


@app.before_request
def answer():
    request.get_data()
    return "ok\n"


app.run(host="127.0.0.1", port=int(sys.argv[1]))

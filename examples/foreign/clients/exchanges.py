# The command line that all the clients have: URL METHOD PATH FILE METHOD PATH FILE ...
import sys

base = sys.argv[1]


def all():
    """Each exchange: method, path, fields, and the body or None."""
    rest = iter(sys.argv[2:])
    for method, path, file in zip(rest, rest, rest):
        if file == "-":
            yield method, path, {}, None
            continue
        with open(file, "rb") as f:
            yield method, path, {"Content-Type": "application/json"}, f.read()


def show(status, body):
    print(status, len(body), flush=True)

# With requests, on a server with users: who may not is refused, and of two who have seen the same
# address the second one is told. Usage: two_editors.py URL-of-the-address
import sys
import requests

url = sys.argv[1]
new = {"number": 3, "post_code": "PY11 0PY"}
alice = ("alice", "open sesame")


def put(**more):
    return requests.put(url, json=new, **more).status_code


print(put(), put(auth=("alice", "x")))
seen = requests.get(url)
tag = seen.headers["ETag"]
again = requests.get(url, headers={"If-None-Match": tag})
print(seen.links["collection"]["url"], again.status_code)
match = {"If-Match": tag}
print(put(auth=alice, headers=match), put(auth=alice, headers=match))
print(requests.delete(url, auth=alice).status_code, requests.get(url).status_code)

# requests, with one session for all.
import exchanges
import requests

session = requests.Session()
session.trust_env = False  # no proxy of the environment
for method, path, fields, body in exchanges.all():
    r = session.request(method, exchanges.base + path, headers=fields, data=body)
    exchanges.show(r.status_code, r.content)

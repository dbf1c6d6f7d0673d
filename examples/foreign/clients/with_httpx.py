# httpx, with one client for all.
import exchanges
import httpx

with httpx.Client(trust_env=False, timeout=30) as client:
    for method, path, fields, body in exchanges.all():
        r = client.request(method, exchanges.base + path, headers=fields, content=body)
        exchanges.show(r.status_code, r.content)

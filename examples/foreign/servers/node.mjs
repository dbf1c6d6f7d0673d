// One page, one sent in pieces, one announced by early hints; plain and with TLS.
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";

const [plain, tls, cert, key] = process.argv.slice(2);

function page(request, response) {
  request.resume();
  request.on("end", () => {
    if (request.url === "/hints") response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    if (request.url === "/stream") response.write("hel");
    response.end(request.url === "/stream" ? "lo\n" : "hello\n");
  });
}

http.createServer({ keepAliveTimeout: 1000 }, page).listen(plain, "127.0.0.1");
const secret = { cert: readFileSync(cert), key: readFileSync(key) };
https.createServer(secret, page).listen(tls, "127.0.0.1");

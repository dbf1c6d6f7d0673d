// One page, one sent in pieces, one announced by early hints; plain and with TLS. On another port, a function
// responds to every path with 200 and reads the body.
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";

const [plain, every, secure, cert, key] = process.argv.slice(2);

function page(request, response) {
  request.resume();
  request.on("end", () => {
    if (request.url === "/hints") response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    if (request.url === "/stream") response.write("hel");
    response.end(request.url === "/stream" ? "lo\n" : "hello\n");
  });
}

http.createServer({ keepAliveTimeout: 1000 }, page).listen(plain, "127.0.0.1");
http.createServer(page).listen(every, "127.0.0.1");
const secret = { cert: readFileSync(cert), key: readFileSync(key) };
https.createServer(secret, page).listen(secure, "127.0.0.1");

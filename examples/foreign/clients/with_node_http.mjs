// Node's http, with an agent that keeps connections where it may. It asks before it sends a long
// body, and then waits for the answer, be it the interim one or the final one.
import http from "node:http";
import { all, base } from "./exchanges.mjs";

const agent = new http.Agent({ keepAlive: true });

function exchange({ method, path, headers, body }) {
  return new Promise((done, failed) => {
    const asks = body && body.length > 100_000;
    const length = body ? { "Content-Length": body.length } : {};
    const expect = asks ? { Expect: "100-continue" } : {};
    const options = { method, agent, headers: { ...headers, ...length, ...expect } };
    const request = http.request(base + path, options, (answer) => {
      let octets = 0;
      answer.on("data", (chunk) => (octets += chunk.length));
      answer.on("end", () => done(`${answer.statusCode} ${octets}`));
      answer.on("error", failed);
    });
    request.on("error", failed);
    if (asks) request.on("continue", () => request.end(body)).flushHeaders();
    else request.end(body);
  });
}

for (const e of all()) console.log(await exchange(e));
agent.destroy();

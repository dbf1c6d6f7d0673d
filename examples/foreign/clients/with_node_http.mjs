// Node's http, with an agent that keeps connections where it may.
import http from "node:http";
import { all, base } from "./exchanges.mjs";

const agent = new http.Agent({ keepAlive: true });

function exchange({ method, path, headers, body }) {
  return new Promise((done, failed) => {
    const length = body ? { "Content-Length": body.length } : {};
    const options = { method, agent, headers: { ...headers, ...length } };
    const request = http.request(base + path, options, (answer) => {
      let octets = 0;
      answer.on("data", (chunk) => (octets += chunk.length));
      answer.on("end", () => done(`${answer.statusCode} ${octets}`));
      answer.on("error", failed);
    });
    request.on("error", failed);
    request.end(body);
  });
}

for (const e of all()) console.log(await exchange(e));
agent.destroy();

// Node's fetch, which keeps connections where it may.
import { all, base } from "./exchanges.mjs";

for (const { method, path, headers, body } of all()) {
  const response = await fetch(base + path, { method, headers, body });
  console.log(response.status, (await response.arrayBuffer()).byteLength);
}

// The command line that all the clients have: URL METHOD PATH FILE METHOD PATH FILE ...
import { readFileSync } from "node:fs";

export const base = process.argv[2];

export function* all() {
  for (let i = 3; i < process.argv.length; i += 3) {
    const [method, path, file] = process.argv.slice(i, i + 3);
    const body = file === "-" ? undefined : readFileSync(file);
    yield { method, path, headers: body ? { "Content-Type": "application/json" } : {}, body };
  }
}

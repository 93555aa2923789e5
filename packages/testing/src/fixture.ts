import { readFileSync } from "node:fs";

/** Reads a JSON fixture that lies at `path` from the test: `fixture<Case[]>(import.meta.url, "../fixtures/torch/x.json")`. */
export function fixture<T>(from: string, path: string): T {
  return JSON.parse(readFileSync(new URL(path, from), "utf8")) as T;
}

/** Reads a JSON fixture that lies at `path` from the test: `fixture<Case[]>(import.meta.url, "../fixtures/torch/x.json")`. */
export function fixture<T>(from: string, path: string): T {
  // not imported, so that tests in a browser can import the rest of this package
  const { readFileSync } = process.getBuiltinModule("node:fs");
  return JSON.parse(readFileSync(new URL(path, from), "utf8")) as T;
}

/**
 * The first key that some object in `json` has twice, of which `JSON.parse` keeps the last in silence. `json` is well formed.
 */
export function repeatedKey(json: string): string | null {
  const around: (Set<string> | null)[] = []; // the keys of each open object; null stands for an array
  let expectsKey = false;
  for (let i = 0; i < json.length; i++) {
    const sign = json[i];
    if (sign === "{") around.push(new Set());
    else if (sign === "[") around.push(null);
    else if (sign === "}" || sign === "]") around.pop();
    if (sign === "{" || sign === ",") expectsKey = true;
    if (sign !== '"') continue;
    const start = i++;
    while (json[i] !== '"') i += json[i] === "\\" ? 2 : 1;
    const keys = around.at(-1);
    if (keys && expectsKey) {
      const key = JSON.parse(json.slice(start, i + 1)) as string;
      if (keys.has(key)) return key;
      keys.add(key);
    }
    expectsKey = false;
  }
  return null;
}

const [quote, backslash, comma, openBrace, closeBrace, openBracket, closeBracket] = Array.from(
  '"\\,{}[]',
  (sign) => sign.charCodeAt(0),
);

/**
 * The first key that some object in `json` has twice, of which `JSON.parse` keeps the last in silence. `json` is well formed.
 */
export function repeatedKey(json: string): string | null {
  const around: (Set<string> | null)[] = []; // the keys of each open object; null stands for an array
  let expectsKey = false;
  for (let i = 0; i < json.length; i++) {
    const sign = json.charCodeAt(i);
    if (sign === openBrace) around.push(new Set());
    else if (sign === openBracket) around.push(null);
    else if (sign === closeBrace || sign === closeBracket) around.pop();
    if (sign === openBrace || sign === comma) expectsKey = true;
    if (sign !== quote) continue;
    const start = i++;
    while (json.charCodeAt(i) !== quote) i += json.charCodeAt(i) === backslash ? 2 : 1;
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

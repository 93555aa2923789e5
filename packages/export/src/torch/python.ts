const keywords = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);

/** A value as Python writes it: `True`, `None`, `(1, 2)`, `1e-05`. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return tuple(value.map(literal));
  if (typeof value !== "number") return JSON.stringify(value);
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? 'float("nan")' : `float("${value > 0 ? "" : "-"}inf")`;
  const isSmall = value !== 0 && Math.abs(value) < 1e-4;
  return (isSmall ? value.toExponential() : String(value)).replace(/e([+-])(\d)$/, "e$10$2");
}

/** A number that is real, also where it has no fraction: `1.0`. */
export function real(value: number): string {
  const text = literal(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Python's tuple of some expressions. */
export function tuple(items: readonly string[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/** `cAttn` -> `c_attn`; a word of the language gets an underscore. */
export function pythonName(name: string): string {
  const snake = name
    .replace(/(?<=[a-z0-9])[A-Z]/g, (capital) => `_${capital}`)
    .replace(/[^A-Za-z0-9_]/g, "_")
    .toLowerCase();
  const safe = /^[a-z_]/.test(snake) ? snake : `_${snake}`;
  return keywords.has(safe) ? `${safe}_` : safe;
}

/** An expression without the brackets around it. */
export function bare(code: string): string {
  return /^\([^()]*(\([^()]*\)[^()]*)*\)$/.test(code) ? code.slice(1, -1) : code;
}

/** `:n` of a slice, with a space before what is more than a name. */
export function upTo(code: string): string {
  return /^\w+$/.test(code) ? `:${code}` : `: ${bare(code)}`;
}

/** Whether a text is a name in Python. */
export function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text) && !keywords.has(text);
}

/** One number where all are equal, else a tuple: the kernel size of a square window. */
export function oneOrTuple(sizes: unknown): string {
  if (!Array.isArray(sizes)) return literal(sizes);
  return sizes.length > 0 && sizes.every((size) => size === sizes[0]) ? literal(sizes[0]) : literal(sizes);
}

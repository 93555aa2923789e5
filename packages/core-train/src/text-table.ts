/** Options for {@link textTable}. */
interface TextTableOptions {
  /** The number of columns at the left whose cells begin at one edge; those after them end at one, as numbers do. */
  readonly left: number;
  /** The last row, of totals, below a second ruler. Default: none. */
  readonly foot?: readonly string[];
}

/** A table in characters of one width, with a ruler below its head. */
export function textTable(
  head: readonly string[],
  body: readonly (readonly string[])[],
  { left, foot }: TextTableOptions,
): string {
  const lines = [head, ...body, ...(foot === undefined ? [] : [foot])];
  const widths = head.map((_, i) => lines.reduce((width, line) => Math.max(width, line[i]?.length ?? 0), 0));
  const set = (line: readonly string[]) =>
    line.map((cell, i) => (i < left ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
  const ruler = widths.map((width) => "─".repeat(width)).join("──");
  const text = lines.map((line) => set(line).join("  ").trimEnd());
  text.splice(1, 0, ruler);
  if (foot !== undefined) text.splice(-1, 0, ruler);
  return text.join("\n");
}

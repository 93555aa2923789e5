// Small drawings as SVG, all 640 pixels wide, on white.
const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The whole of a drawing. */
export const drawing = (height: number, ...parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="${height}" font-family="system-ui, sans-serif" font-size="14"><rect width="640" height="${height}" fill="#fff"/>${parts.join("")}</svg>`;

/** A text; `more` are its attributes. */
export const text = (x: number, y: number, words: string, more = ""): string =>
  `<text x="${x}" y="${y}" fill="#17181c" ${more}>${escape(words)}</text>`;

export const line = (points: readonly (readonly [number, number])[], more: string): string =>
  `<polyline points="${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")}" fill="none" ${more}/>`;

/** Rows of pixels as squares of `size`; a color is three numbers from 0 to 1. */
export function pixels(
  [left, top]: readonly [number, number],
  [height, width]: readonly [number, number],
  size: number,
  color: (row: number, column: number) => readonly number[],
): string {
  let squares = "";
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const [r = 0, g = r, b = r] = color(row, column).map((part) => Math.round(255 * part));
      squares += `<rect x="${left + column * size}" y="${top + row * size}" width="${size}" height="${size}" fill="rgb(${r} ${g} ${b})"/>`;
    }
  return `<g shape-rendering="crispEdges">${squares}</g>`;
}

/** What a program prints, as a terminal shows it. */
export function terminal(output: string): string {
  const lines = output
    .trimEnd()
    .split("\n")
    .flatMap((words) => words.match(/.{1,92}(?:\s|$)|.{1,92}|^$/gu) ?? [""]);
  const height = 24 + 17 * lines.length;
  const shown = lines.map((words, i) =>
    text(14, 28 + 17 * i, words, 'font-family="monospace" font-size="10.8" xml:space="preserve"'),
  );
  return drawing(height, `<rect width="640" height="${height}" fill="#f0efeb"/>`, ...shown);
}

/** A curve of shares over epochs as an SVG with a grid: what Matplotlib's `plot` and `grid` would show. */
export function curveSvg(shares: readonly number[], label: string): string {
  const [width, height, left, top] = [480, 300, 48, 12];
  const [inner, down] = [width - left - 12, height - top - 36];
  const floor = Math.max(0, Math.floor(10 * Math.min(...shares)) / 10);
  const x = (epoch: number) => left + (inner * (epoch - 1)) / Math.max(1, shares.length - 1);
  const y = (share: number) => top + (down * (1 - share)) / (1 - floor);
  const each = Math.ceil(shares.length / 10);
  const epochs = shares.map((_, i) => i + 1).filter((epoch) => (epoch - 1) % each === 0);
  const tenths = Array.from({ length: Math.round(10 * (1 - floor)) + 1 }, (_, i) => floor + i / 10);
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#ccc"/>`;
  const text = (at: readonly [number, number], anchor: string, words: string) =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" text-anchor="${anchor}">${words}</text>`;
  const points = shares.map((share, i) => `${x(i + 1).toFixed(1)},${y(share).toFixed(1)}`).join(" ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<title>${label} by epoch: ${shares.map((share) => share.toFixed(3)).join(", ")}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...tenths.flatMap((share) => [
      line(left, y(share), left + inner, y(share)),
      text([left - 6, y(share) + 4], "end", `${Math.round(100 * share)} %`),
    ]),
    ...epochs.flatMap((epoch) => [
      line(x(epoch), top, x(epoch), top + down),
      text([x(epoch), top + down + 16], "middle", String(epoch)),
    ]),
    text([left + inner / 2, height - 4], "middle", `epoch (${label})`),
    `<polyline points="${points}" fill="none" stroke="#06c" stroke-width="2"/>`,
    "</svg>",
    "",
  ].join("\n");
}

/** Eight digits side by side, two characters a pixel. */
export function draw(values: readonly number[]): string {
  const shade = (value: number) => " ░▒▓█"[Math.max(0, Math.min(4, Math.round((value + 1) * 2)))] ?? " ";
  return Array.from({ length: 8 }, (_, row) =>
    Array.from({ length: 8 }, (_unused, digit) =>
      values
        .slice(digit * 64 + row * 8, digit * 64 + row * 8 + 8)
        .map((value) => shade(value).repeat(2))
        .join(""),
    ).join("  "),
  ).join("\n");
}

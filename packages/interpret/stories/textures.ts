/** Textures in color for the stories: one that repeats, and two that vary. */
export const textures = {
  bricks: (x, y) => {
    const row = Math.floor(y / 8);
    const mortar = y % 8 < 1.5 || (x + (row % 2) * 8) % 16 < 1.5;
    return mortar
      ? [0.85, 0.82, 0.78]
      : [0.62 + 0.05 * Math.sin(x * 1.7 + row), 0.25 + 0.04 * Math.sin(y * 2.3), 0.18];
  },
  waves: (x, y) => {
    const height = Math.sin((y + 2.5 * Math.sin(x / 5)) * 0.8);
    return [0.15 + 0.15 * height, 0.4 + 0.2 * height, 0.7 + 0.25 * height];
  },
  spots: (x, y) => {
    const [row, column] = [Math.floor(y / 8), Math.floor(x / 8)];
    const wobble = (salt: number) => 1.2 * Math.sin(12.9 * row + 78.2 * column + salt);
    const far = Math.hypot((x % 8) - 3.5 - wobble(0), (y % 8) - 3.5 - wobble(2));
    return far < 2.4 ? [0.95, 0.75, 0.2] : [0.18, 0.3, 0.22];
  },
} as const satisfies Readonly<Record<string, (x: number, y: number) => readonly [number, number, number]>>;

/** Which texture. */
export type TextureName = keyof typeof textures;

/** One of them: `[size, size, 3]`, from 0 to 1. */
export function texture(
  name: TextureName,
  size = 32,
): { readonly data: Float32Array; readonly shape: [number, number, 3] } {
  const data = new Float32Array(size * size * 3);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) data.set(textures[name](x, y), 3 * (y * size + x));
  return { data, shape: [size, size, 3] };
}

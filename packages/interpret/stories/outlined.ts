import type { Image } from "@pellucid/core-train";

/** An image with outlines of boxes in white, a pixel wide; first each pixel becomes `scale` × `scale` of them. */
export function outlined(
  { data, shape }: Image,
  boxes: readonly (readonly [left: number, top: number, right: number, bottom: number])[],
  scale = 1,
): Image {
  const [height, width, channels] = [shape[0] * scale, shape[1] * scale, shape[2]];
  const drawn = Float32Array.from({ length: height * width * channels }, (_, i) => {
    const [y, x] = [Math.floor(i / (width * channels)), Math.floor(i / channels) % width];
    const at = Math.floor(y / scale) * shape[1] + Math.floor(x / scale);
    return data[at * channels + (i % channels)] ?? NaN;
  });
  for (const box of boxes) {
    const [left, top, right, bottom] = box.map((side) => side * scale) as [number, number, number, number];
    const [x1, y1] = [Math.max(0, Math.floor(left)), Math.max(0, Math.floor(top))];
    const [x2, y2] = [Math.min(width, Math.ceil(right)) - 1, Math.min(height, Math.ceil(bottom)) - 1];
    for (let y = y1; y <= y2; y++)
      for (let x = x1; x <= x2; x++)
        if (x === x1 || x === x2 || y === y1 || y === y2)
          drawn.fill(1, channels * (y * width + x), channels * (y * width + x + 1));
  }
  return { data: drawn, shape: [height, width, channels] };
}

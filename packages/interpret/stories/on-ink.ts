import type { Subject } from "./nets/subject.ts";

/** Which pixels of a picture are on what is drawn, or adjacent to it. */
function nearInk({ shape: [height, width, colors], inkFrom }: Subject, pixels: ArrayLike<number>): boolean[] {
  const bright = Array.from({ length: height * width }, (_, i) => {
    let sum = 0;
    for (let color = 0; color < colors; color++) sum += pixels[i * colors + color] as number;
    return sum / colors > inkFrom;
  });
  const at = (row: number, column: number) =>
    row >= 0 && row < height && column >= 0 && column < width && bright[row * width + column] === true;
  return bright.map((_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return [
      [0, 0],
      [-1, 0],
      [1, 0],
      [0, -1],
      [0, 1],
    ].some(([down, right]) => at(row + (down as number), column + (right as number)));
  });
}

/** How much of a map, by size, lies there. The map may be in a layer's own resolution. */
export function shareOnInk(
  map: { readonly data: ArrayLike<number>; readonly shape: readonly number[] },
  subject: Subject,
  pixels: ArrayLike<number>,
): number {
  const [height, width] = subject.shape;
  const [rows, columns] = map.shape as [number, number];
  let [on, all] = [0, 0];
  nearInk(subject, pixels).forEach((ink, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const cell = Math.floor((row * rows) / height) * columns + Math.floor((column * columns) / width);
    const size = Math.abs(map.data[cell] as number);
    all += size;
    if (ink) on += size;
  });
  return all === 0 ? 0 : on / all;
}

/** That share for a uniform map. */
export function uniformShare(subject: Subject, pixels: ArrayLike<number>): number {
  return shareOnInk({ data: [1], shape: [1, 1] }, subject, pixels);
}

/** A share as people write it. */
export const percent = (part: number): string => `${Math.round(100 * part)} %`;

/** Both shares in a sentence. */
export function sayShares(share: number, subject: Subject, pixels: ArrayLike<number>): string {
  return `${percent(share)} of the heat falls on what is drawn or next to it. An even map would put ${percent(uniformShare(subject, pixels))} there.`;
}

/** How much of a map, by size, lies on the ink of a digit or right beside it. */
export function shareOnInk(map: ArrayLike<number>, pixels: ArrayLike<number>): number {
  let [on, all] = [0, 0];
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      const size = Math.abs(map[8 * y + x] as number);
      all += size;
      if (nearInk(pixels, y, x)) on += size;
    }
  }
  return all === 0 ? 0 : on / all;
}

function nearInk(pixels: ArrayLike<number>, y: number, x: number): boolean {
  return [
    [0, 0],
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
  ].some(([dy, dx]) => {
    const [row, column] = [y + (dy as number), x + (dx as number)];
    return row >= 0 && row < 8 && column >= 0 && column < 8 && (pixels[8 * row + column] as number) > 0.25;
  });
}

/** That share for a map that is the same everywhere: what chance gives. */
export const shareByChance = (pixels: ArrayLike<number>): number =>
  shareOnInk(new Float32Array(64).fill(1), pixels);

/** Both shares in a sentence. */
export function sayShares(share: number, pixels: ArrayLike<number>): string {
  const percent = (part: number) => `${Math.round(100 * part)} %`;
  return `${percent(share)} of the map, by size, lies on the stroke or right beside it; of a map that is the same everywhere it would be ${percent(shareByChance(pixels))}.`;
}

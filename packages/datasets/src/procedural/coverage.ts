import type { Loop, Point } from "./outlines.ts";

/** Lines for each row of pixels: coverage is exact along a line, and averaged over them. */
const LINES = 4;

/**
 * How much of each pixel lies within loops (an even number of them around a point is outside), from 0 to 1.
 *
 * @returns `[height, width]`
 */
export function coverage(loops: readonly Loop[], height: number, width: number): Float32Array {
  const covered = new Float32Array(height * width);
  const heights = loops.flatMap((loop) => loop.map(([, y]) => y));
  const first = Math.max(0, Math.floor(Math.min(...heights) * LINES));
  const last = Math.min(height * LINES, Math.ceil(Math.max(...heights) * LINES));
  for (let line = first; line < last; line++) {
    const y = (line + 0.5) / LINES;
    const row = Math.floor(line / LINES) * width;
    const crossings = loops.flatMap((loop) => crossingsOf(loop, y)).sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const start = Math.max(0, crossings[i] ?? NaN);
      const end = Math.min(width, crossings[i + 1] ?? NaN);
      for (let x = Math.floor(start); x < end; x++)
        covered[row + x] = (covered[row + x] ?? NaN) + (Math.min(end, x + 1) - Math.max(start, x)) / LINES;
    }
  }
  return covered;
}

/** Where a loop crosses the line at height `y`. */
function crossingsOf(loop: Loop, y: number): number[] {
  const crossings: number[] = [];
  let [x0, y0] = loop.at(-1) as Point;
  for (const [x1, y1] of loop) {
    if (y0 <= y !== y1 <= y) crossings.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
    [x0, y0] = [x1, y1];
  }
  return crossings;
}

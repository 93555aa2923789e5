import type { Corners } from "./program.ts";
import { plane } from "./scene.ts";

/** Corners of a box in the address: at least 8 units wide and high, within the plane. */
export const cornersText = {
  write: (corners: Corners) => corners.map(Math.round).join("."),
  read: (text: string): Corners | undefined => {
    const [a = -1, b = -1, c = -1, d = -1, ...others] = text.split(".").map(Number);
    const inside = [a, b, c, d].every((n, i) => n >= 0 && n <= plane[i % 2 === 0 ? 0 : 1]);
    return inside && others.length === 0 && c - a >= 8 && d - b >= 8 ? [a, b, c, d] : undefined;
  },
};

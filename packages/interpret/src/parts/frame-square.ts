import type { Square } from "./explain-number.ts";

/** Lays a box over a square of a map of so many rows and columns; without a square the box is hidden. */
export function frameSquare(
  box: HTMLElement,
  square: Square | undefined,
  [height, width]: readonly [height: number, width: number],
): void {
  box.classList.toggle("on", square !== undefined);
  if (square === undefined) return;
  const at = (n: number, size: number) => `${(100 * n) / size}%`;
  box.style.left = at(square.column, width);
  box.style.top = at(square.row, height);
  box.style.width = at(square.side, width);
  box.style.height = at(square.side, height);
}

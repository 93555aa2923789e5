/**
 * The IoU of box `i` of a list of `x1, y1, x2, y2` and box `j` of another; 0, not NaN, for two without any area.
 *
 * @param border by how much boxes are wider than `x2 − x1`: 1 where `x2` is the last pixel
 */
export function hostIou(
  a: ArrayLike<number>,
  i: number,
  b: ArrayLike<number>,
  j: number,
  border = 0,
): number {
  const [ax1, ay1, ax2, ay2] = boxAt(a, i);
  const [bx1, by1, bx2, by2] = boxAt(b, j);
  const width = Math.min(ax2, bx2) - Math.max(ax1, bx1) + border;
  const height = Math.min(ay2, by2) - Math.max(ay1, by1) + border;
  if (!(width > 0 && height > 0)) return 0;
  const intersection = width * height;
  const own = (ax2 - ax1 + border) * (ay2 - ay1 + border);
  const other = (bx2 - bx1 + border) * (by2 - by1 + border);
  return intersection / (own + other - intersection);
}

function boxAt(boxes: ArrayLike<number>, i: number): [number, number, number, number] {
  return [boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]] as [
    number,
    number,
    number,
    number,
  ];
}

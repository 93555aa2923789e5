/** The IoU of boxes `i` and `j` of a list of `x1, y1, x2, y2`; 0, not NaN, for two without any area. */
export function hostIou(boxes: ArrayLike<number>, i: number, j: number): number {
  const [ax1, ay1, ax2, ay2] = boxAt(boxes, i);
  const [bx1, by1, bx2, by2] = boxAt(boxes, j);
  const width = Math.min(ax2, bx2) - Math.max(ax1, bx1);
  const height = Math.min(ay2, by2) - Math.max(ay1, by1);
  if (!(width > 0 && height > 0)) return 0;
  const intersection = width * height;
  return intersection / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - intersection);
}

function boxAt(boxes: ArrayLike<number>, i: number): [number, number, number, number] {
  return [boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]] as [
    number,
    number,
    number,
    number,
  ];
}

/** The indices of the `most` largest numbers, the largest first, equal ones by index, NaN before all: as `torch.topk`. */
export function largestFirst(values: ArrayLike<number>, most: number): Int32Array {
  const rank = (i: number): number => (Number.isNaN(values[i]) ? Infinity : (values[i] ?? NaN));
  const order = Int32Array.from({ length: values.length }, (_, i) => i);
  order.sort((i, j) => rank(j) - rank(i) || i - j);
  return order.subarray(0, most);
}

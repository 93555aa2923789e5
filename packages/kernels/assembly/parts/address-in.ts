/** Where the numbers of query `i` are, in bytes: `strides` is those from one to the next along each of the axes `[batch, head, query]`. */
export function addressIn(strides: usize, b: i32, h: i32, i: i32): usize {
  return <usize>(b * load<i32>(strides) + h * load<i32>(strides, 4) + i * load<i32>(strides, 8));
}

/**
 * Where, along the middle axis of `[outer, count, inner]`, the first of the largest numbers is, times a sign: of the smallest for −1. The
 * first that is not a number wins over all.
 */
export function argMax(x: usize, indices: usize, outer: i32, count: i32, inner: i32, sign: f32): void {
  const step = (<usize>inner) << 2;
  for (let o = 0; o < outer; o++, x += <usize>(count - 1) * step) {
    for (let i = 0; i < inner; i++, x += 4, indices += 4) {
      let best = sign * load<f32>(x);
      let index = 0;
      for (let c = 0, at = x; c < count; c++, at += step) {
        const value = sign * load<f32>(at);
        if (isNaN(best) || value <= best) continue;
        best = value;
        index = c;
      }
      store<i32>(indices, index);
    }
  }
}

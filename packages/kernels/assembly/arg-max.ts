/** Where in each row the first of the largest numbers is, times a sign: of the smallest for −1. The first that is not a number wins over all. */
export function argMax(x: usize, indices: usize, rows: i32, columns: i32, sign: f32): void {
  for (let r = 0; r < rows; r++, indices += 4) {
    let best = sign * load<f32>(x);
    let index = 0;
    for (let c = 0; c < columns; c++, x += 4) {
      const value = sign * load<f32>(x);
      if (isNaN(best) || value <= best) continue;
      best = value;
      index = c;
    }
    store<i32>(indices, index);
  }
}

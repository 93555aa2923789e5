/**
 * The discrete Fourier transform of each row of `n` complex numbers, times `scale`: Stockham's, which needs no reordering, for
 * any factors (Bluestein is not needed: a large prime factor p costs n p, which is what tfjs pays for all lengths).
 * `roots` has the n-th roots of unity, clockwise forward and counter-clockwise backward; `factors` has n's.
 */
export function fft(
  from: usize,
  to: usize,
  work: usize,
  roots: usize,
  factors: usize,
  passes: i32,
  rows: i32,
  n: i32,
  scale: f32,
): void {
  const bytes = (<usize>n) << 3;
  for (let row = 0; row < rows; row++, from += bytes, to += bytes) {
    if (passes == 0) memory.copy(to, from, bytes);
    let source = from;
    let done = 1;
    for (let pass = 0; pass < passes; pass++) {
      const target = (passes - pass) & 1 ? to : work;
      const radix = load<i32>(factors + ((<usize>pass) << 2));
      const left = n / done / radix;
      if (radix == 2) halves(source, target, roots, done, left);
      else parts(source, target, roots, done, left, radix, n);
      source = target;
      done *= radix;
    }
    for (let at: usize = 0; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) * scale);
  }
}

// With `done` the product of the radices so far, and `left` that of those to come: number `(k, j, r)` of the source, where k is the
// fastest and runs to `done`, j to `left` and r to `radix`, goes to `(k, q, j)` of the target for all q, as one term of a sum over r.

function halves(source: usize, target: usize, roots: usize, done: i32, left: i32): void {
  const half = (<usize>(done * left)) << 3;
  const row = (<usize>done) << 3;
  for (let j = 0; j < left; j++, roots += row, target += row) {
    const cos = load<f32>(roots);
    const sin = load<f32>(roots, 4);
    for (const end = source + row; source < end; source += 8, target += 8) {
      const a = load<f32>(source);
      const b = load<f32>(source, 4);
      const c = load<f32>(source + half);
      const d = load<f32>(source + half, 4);
      store<f32>(target, a + c);
      store<f32>(target, b + d, 4);
      store<f32>(target + row, (a - c) * cos - (b - d) * sin);
      store<f32>(target + row, (a - c) * sin + (b - d) * cos, 4);
    }
  }
}

function parts(source: usize, target: usize, roots: usize, done: i32, left: i32, radix: i32, n: i32): void {
  const apart = (<usize>(done * left)) << 3;
  const row = (<usize>done) << 3;
  const step = n / radix;
  for (let j = 0; j < left; j++, target += row * (radix - 1)) {
    for (const end = source + row; source < end; source += 8, target += 8) {
      for (let q = 0; q < radix; q++) {
        let re: f32 = 0;
        let im: f32 = 0;
        let turn = 0;
        for (let r = 0, at = source; r < radix; r++, at += apart) {
          const root = roots + ((<usize>(turn * step)) << 3);
          const a = load<f32>(at);
          const b = load<f32>(at, 4);
          const cos = load<f32>(root);
          const sin = load<f32>(root, 4);
          re += a * cos - b * sin;
          im += a * sin + b * cos;
          turn += q;
          if (turn >= radix) turn -= radix;
        }
        const twist = roots + ((<usize>(j * q * done)) << 3);
        const cos = load<f32>(twist);
        const sin = load<f32>(twist, 4);
        store<f32>(target + row * q, re * cos - im * sin);
        store<f32>(target + row * q, re * sin + im * cos, 4);
      }
    }
  }
}

/** `√(a² + b²)` of pairs, in 64 bits so that no square is too large. */
export function complexAbs(from: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i++, from += 8, to += 4) {
    const a: f64 = load<f32>(from);
    const b: f64 = load<f32>(from, 4);
    store<f32>(to, <f32>sqrt(a * a + b * b));
  }
}

import { loadLanes } from "./parts/lanes";
import { madd } from "./parts/madd";

/** For each edge and head the product of the rows at its ends: of `a` at the target, of `b` at the source. */
export function edgeDot(
  a: usize,
  b: usize,
  target: usize,
  source: usize,
  y: usize,
  edges: i32,
  features: i32,
  heads: i32,
): void {
  const bytes = (<usize>features) << 2;
  const width = features / heads;
  for (let e = 0; e < edges; e++, target += 4, source += 4) {
    let left = a + <usize>load<u32>(target) * bytes;
    let right = b + <usize>load<u32>(source) * bytes;
    for (let head = 0; head < heads; head++, y += 4) {
      let sum = f32x4.splat(0);
      let count = width;
      for (; count >= 4; count -= 4, left += 16, right += 16)
        sum = madd(sum, v128.load(left), v128.load(right));
      let total: f32 =
        f32x4.extract_lane(sum, 0) +
        f32x4.extract_lane(sum, 1) +
        (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
      for (; count > 0; count--, left += 4, right += 4) total += load<f32>(left) * load<f32>(right);
      store<f32>(y, total);
    }
  }
}

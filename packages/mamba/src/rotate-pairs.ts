import {
  add,
  concat,
  cos,
  mul,
  sin,
  slice,
  stack,
  sub,
  type Tensor,
  tidy,
  reshape,
} from "@tensorflow/tfjs-core";

/**
 * Turns the first pairs of neighboring entries, each by its angle: `(a, b) → (a cos θ − b sin θ, a sin θ + b cos θ)`. A product
 * of two rows that are turned depends on the difference of their angles alone; so angles that add up over time make a
 * state turn while it decays.
 *
 * Su et al., 2021. RoFormer. https://arxiv.org/abs/2104.09864
 *
 * @param x `[…, entry]`
 * @param angles `[…, pair]`, of at most half as many pairs as there are entries; those that are left stay as they are
 */
export function rotatePairs<T extends Tensor>(x: T, angles: Tensor): T {
  const entries = x.shape.at(-1) as number;
  const pairs = angles.shape.at(-1) as number;
  const lead = x.shape.slice(0, -1);
  const first = lead.map(() => 0);
  return tidy(() => {
    const turning = reshape(slice(x, [...first, 0], [...lead, 2 * pairs]), [...lead, pairs, 2]);
    const at = (i: number) =>
      reshape(slice(turning, [...first, 0, i], [...lead, pairs, 1]), [...lead, pairs]);
    const [a, b] = [at(0), at(1)];
    const [c, s] = [cos(angles), sin(angles)];
    const turned = stack([sub(mul(a, c), mul(b, s)), add(mul(a, s), mul(b, c))], -1); // [..., pair, 2]
    const flat = reshape(turned, [...lead, 2 * pairs]);
    if (2 * pairs === entries) return flat as T;
    const rest = slice(x, [...first, 2 * pairs], [...lead, entries - 2 * pairs]);
    return concat([flat, rest], lead.length) as T;
  });
}

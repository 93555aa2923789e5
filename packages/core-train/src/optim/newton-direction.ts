import { dot, type FlatVector, move, scaled } from "./flat-vector.ts";
import type { LbfgsState } from "./lbfgs.ts";

/** `−H g` with the inverse curvature `H` of previous iterations: Nocedal and Wright's two loops. */
export function newtonDirection(
  gradient: FlatVector,
  { s, y, rho, scale }: Pick<LbfgsState, "s" | "y" | "rho" | "scale">,
): FlatVector {
  const alphas: number[] = [];
  const q = scaled(-1, gradient);
  for (let i = s.length - 1; i >= 0; i--) {
    const [si, yi] = [s[i] as FlatVector, y[i] as FlatVector];
    const alpha = (alphas[i] = dot(si, q) * (rho[i] ?? NaN));
    move(q, -alpha, yi);
  }
  const r = scaled(scale, q);
  for (const [i, si] of s.entries()) {
    const beta = dot(y[i] as FlatVector, r) * (rho[i] ?? NaN);
    move(r, (alphas[i] ?? NaN) - beta, si);
  }
  return r;
}

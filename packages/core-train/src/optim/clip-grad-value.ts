import { clamp } from "../op/clamp.ts";
import { checkNotNegative } from "./check-numbers.ts";
import { stateless } from "./stateless.ts";
import type { Stateless, Transform } from "./transform.ts";

/** Cuts each number of a gradient to `[−limit, limit]`: PyTorch's `clip_grad_value_`. */
export function clipGradValue(limit: number): Transform<Stateless> {
  checkNotNegative("clipGradValue", { limit });
  return stateless((gradient) => clamp(gradient, -limit, limit));
}

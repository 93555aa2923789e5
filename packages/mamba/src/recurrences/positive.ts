import { sigmoid } from "@pellucid/core-train";
import { add, greaterEqual, type Tensor3D, tidy, where } from "@tensorflow/tfjs-core";

/** Continuous and above 0: `x + ½` where `x ≥ 0`, else `sigmoid(x)`. Feng et al., 2024, appendix B.2. */
export function positive(x: Tensor3D): Tensor3D {
  return tidy(() => where(greaterEqual(x, 0), add(x, 0.5), sigmoid(x)));
}

import type { HostTensor } from "@pellucid/core-train";
import { isLarger, Matcher } from "./matcher.ts";

/**
 * Matches default boxes with objects, torchvision's `SSDMatcher`: the object of the highest quality from the threshold on, else −1 (background); then the best box of each
 * object with that object, the last object's where two have the same.
 *
 * Liu et al., 2016. SSD, section 2.2. https://arxiv.org/abs/1512.02325
 */
export class SSDMatcher extends Matcher {
  constructor(threshold: number) {
    super(threshold, threshold);
  }

  override match(quality: HostTensor<Float32Array>): Int32Array {
    const matches = super.match(quality);
    const [objects = 0, candidates = 0] = quality.shape;
    for (let i = 0; i < objects; i++) {
      const row = quality.data.subarray(i * candidates, (i + 1) * candidates);
      let best = 0;
      for (const [j, value] of row.entries()) if (isLarger(value, row[best] ?? NaN)) best = j;
      matches[best] = i;
    }
    return matches;
  }
}

import { checkArguments } from "@pellucid/core-train";
import type { Layer } from "@pellucid/core-train";
import { expandDims, mul, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { gradCam } from "./grad-cam.ts";
import { guidedBackprop } from "../relevance/guided-backprop.ts";
import type { Score } from "../score/score.ts";
import { upsampleMap } from "./upsample-map.ts";

/**
 * Guided Grad-CAM: {@link guidedBackprop} times the {@link gradCam} map, upsampled by nearest neighbor. It inherits the limitations of guided backpropagation.
 *
 * Selvaraju et al., 2017, section 3.2. https://arxiv.org/abs/1610.02391
 */
export function guidedGradCam(score: Score, layer: Layer<never, Tensor4D>): (x: Tensor4D) => Tensor4D {
  checkArguments("guidedGradCam", { function: { score }, "{ forward }": { layer } });
  const [coarse, fine] = [gradCam(score, layer), guidedBackprop(score)];
  return (x) =>
    tidy(() => {
      const map = upsampleMap(coarse(x), [x.shape[1], x.shape[2]], "nearest");
      return mul<Tensor4D>(fine(x), expandDims(map, 3));
    });
}

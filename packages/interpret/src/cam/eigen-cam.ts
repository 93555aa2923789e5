import { capture, checkArguments, type Layer, sizeAlong, type Structured } from "@pellucid/core-train";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { checkFinite, modelAdvice } from "../run/check-finite.ts";
import { firstPrincipalComponent } from "./first-principal-component.ts";
import { spatialAxes, type SpatialMap } from "./spatial-map.ts";

/**
 * Eigen-CAM, which does not depend on the class: a layer's activations projected on their first principal component over positions.
 * The sign of a component is arbitrary; here the entry of largest magnitude is positive.
 *
 * Muhammad and Yeasin, 2020. https://arxiv.org/abs/2008.00299
 *
 * @param run calls the layer, such as the model's `forward`
 * @returns `[batch, …spatial]`
 */
export function eigenCam<X extends Structured<X>>(
  run: (x: X) => unknown,
  layer: Layer<never, Tensor>,
): (x: X) => Promise<SpatialMap> {
  checkArguments("eigenCam", { function: { run }, "{ forward }": { layer } });
  return async (x) => {
    const activations = capture(layer, () => run(x)); // [batch, …spatial, channel]
    try {
      const size = spatialAxes(activations).map((axis) => activations.shape[axis] ?? NaN);
      const [batch, channels] = [sizeAlong(activations, 0), sizeAlong(activations, -1)];
      const values = await activations.data();
      checkFinite("eigenCam", "the layer's output", values, activations.shape, modelAdvice);
      const count = values.length / batch;
      const map = new Float32Array((count / channels) * batch);
      for (let i = 0; i < batch; i++) {
        const rows = values.slice(i * count, (i + 1) * count) as Float32Array;
        const { projections } = firstPrincipalComponent(rows, channels);
        const strongest = projections.reduce((best, v) => (Math.abs(v) > Math.abs(best) ? v : best), 0);
        map.set(strongest < 0 ? projections.map((v) => -v) : projections, (i * count) / channels);
      }
      return tensor(map, [batch, ...size]);
    } finally {
      activations.dispose();
    }
  };
}

import { capture, type Layer } from "@pellucid/core-train";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { type PlacesMap, placeAxes } from "./class-activation.ts";
import { firstPrincipalComponent } from "./first-principal-component.ts";

/**
 * Where a layer saw most of what it saw, whatever the class: its activations along their first principal component over places.
 * A component has no sign; here the strongest place is positive.
 *
 * Muhammad and Yeasin, 2020. https://arxiv.org/abs/2008.00299
 *
 * @param run what runs the layer: the model's `forward`
 * @returns `[batch, …places]`
 */
export function eigenCam<X extends Tensor>(
  run: (x: X) => unknown,
  layer: Layer<never, Tensor>,
): (x: X) => Promise<PlacesMap> {
  return async (x) => {
    const activations = capture(layer, () => run(x)); // [batch, …places, channel]
    try {
      const places = placeAxes(activations).map((axis) => activations.shape[axis] as number);
      const [batch, channels] = [activations.shape[0] as number, activations.shape.at(-1) as number];
      const values = await activations.data();
      const size = values.length / batch;
      const map = new Float32Array((size / channels) * batch);
      for (let i = 0; i < batch; i++) {
        const rows = values.slice(i * size, (i + 1) * size) as Float32Array;
        const { projections } = firstPrincipalComponent(rows, channels);
        const strongest = projections.reduce((best, v) => (Math.abs(v) > Math.abs(best) ? v : best), 0);
        map.set(strongest < 0 ? projections.map((v) => -v) : projections, (i * size) / channels);
      }
      return tensor(map, [batch, ...places]);
    } finally {
      activations.dispose();
    }
  };
}

import { useBackend } from "@pellucid/backends";
import "@pellucid/core-train/gradients";
import { Rng } from "@pellucid/core-train";
import { roiAlign } from "@pellucid/detection";
import {
  dispose,
  mean,
  square,
  type Tensor4D,
  tensor4d,
  transpose,
  valueAndGrad,
} from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { manyBoxes, pooling } from "./work.ts";

/** RoIAlign of regions of a map, and the gradient of the mean square at the map. */
export async function prepare(): Promise<Step> {
  await useBackend({ only: "wasm" });
  const { size, channels, regions, output, samplingRatio } = pooling;
  const map = tensor4d(new Rng(1).rand([1, channels, size, size]).data, [1, channels, size, size]);
  const x: Tensor4D = transpose(map, [0, 2, 3, 1]);
  const { boxes } = manyBoxes(regions);
  const rows = Array.from({ length: regions }, (_, i) => [0, ...boxes.subarray(4 * i, 4 * i + 4)]);
  const rois = { data: Float32Array.from(rows.flat()), shape: [regions, 5] };
  const options = { spatialScale: size / 1000, samplingRatio };
  const lossAndGradient = valueAndGrad((x: Tensor4D) => mean(square(roiAlign(x, rois, output, options))));
  return async () => {
    const { value, grad } = lossAndGradient(x);
    const [loss = NaN] = await value.data();
    dispose([value, grad]);
    return loss;
  };
}

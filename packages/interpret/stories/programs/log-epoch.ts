import type { DigitsCnn } from "@pellucid/cnn";
import type { EventFile } from "@pellucid/core-train/tensorboard";
import type { LabeledImages } from "@pellucid/datasets";
import { activationsOf, filterImages, type Flow } from "@pellucid/interpret";
import { readValues } from "@pellucid/interpret/draw";
import { dispose, type Tensor4D, tensor4d, transpose } from "@tensorflow/tfjs-core";

/** Logs after an epoch the histograms of the parameters, their gradient flow, the filters, and the feature maps of one digit. */
export async function logEpoch(
  log: EventFile,
  net: DigitsCnn,
  flows: readonly Flow[],
  epoch: number,
  images: LabeledImages<Float32Array>,
): Promise<void> {
  for (const [path, weights] of net.namedParameters()) log.addHistogram(path, weights, epoch);
  for (const { path, ratio } of flows) log.addScalar(`flow/${path}`, ratio, epoch);
  const x = tensor4d(images.get(0).x.data, [1, 8, 8, 1]);
  const activations = activationsOf(net, () => net.forward(x));
  const maps = (path: string) => transpose(activations[path] as Tensor4D, [3, 1, 2, 0]); // [channel, height, width, 1]
  const shown = {
    filters: filterImages(net.conv1), // [filter, height, width, in]
    "feature maps/conv1": maps("conv1"),
    "feature maps/conv2": maps("conv2"),
  };
  dispose([x, ...Object.values(activations)]);
  for (const [tag, values] of Object.entries(shown)) {
    const { data, shape } = await readValues(values);
    values.dispose();
    const largest = Math.max(...Array.from(data, Math.abs)) || 1;
    log.addImages(tag, { data: Float32Array.from(data, (v) => 0.5 + v / largest / 2), shape }, epoch); // gray is 0
  }
}

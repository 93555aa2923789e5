import { abs, capture, type Layer } from "@pellucid/core-train";
import { heatmap, readValues } from "@pellucid/interpret/draw";
import { hiddenAttention, Mamba } from "@pellucid/mamba";
import { dispose, mean, tensor2d, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { mambaReader } from "../nets/plays-reader.ts";

export interface Options {
  readonly text: string;
  /** From 1. */
  readonly layer: number;
  /** How many single channels are drawn: in turn that with the longest and that with the shortest reach. */
  readonly channels: number;
}

export const options: Options = { text: "To be, or not to", layer: 1, channels: 2 };

export async function program({ text, layer, channels }: Options) {
  const { net, encode } = await mambaReader();
  const { texts, ids } = encode(text);
  const n = texts.length;
  const tokens = tensor2d(ids, [1, n], "int32");
  const { norm, mixer } = net.backbone.layers[layer - 1] ?? {};
  if (!(mixer instanceof Mamba)) throw new RangeError(`The net has no selective scan in layer ${layer}.`);
  const [weights, sizes] = tidy(() => {
    const x = capture(norm as Layer<Tensor3D, Tensor3D>, () => net.forward(tokens)); // what the mixer reads
    const found = hiddenAttention(mixer.scanInputs(x)); // [1, channel, n, n]
    return [found, mean(abs(found), [0, 1])] as const;
  });
  const [each, average] = [await readValues(weights), await readValues(sizes)];
  dispose([tokens, weights, sizes]);

  const maps = Array.from({ length: weights.shape[1] }, (_, i) => {
    const data = Array.from(each.data).slice(i * n * n, (i + 1) * n * n);
    return { channel: i, data, reach: reachOf(data, n) };
  }).toSorted((a, b) => b.reach - a.reach);
  const chosen = Array.from({ length: channels }, (_, i) =>
    maps.at(i % 2 === 0 ? i / 2 : -(i + 1) / 2),
  ).filter((map) => map !== undefined);
  const how = { rowNames: texts, columnNames: texts, width: Math.min(20 * n, 420) };
  const title = `Layer ${layer}: mean size over ${maps.length} channels`;
  const pictures = [
    heatmap(average, { ...how, title, signed: false }),
    ...chosen.map(({ channel, data, reach }) => {
      const named = `Channel ${channel}, which reaches ${reach.toFixed(1)} characters back`;
      return heatmap({ data, shape: [n, n] }, { ...how, title: named, signed: true });
    }),
  ];
  return { pictures, maps, reach: reachOf(average.data, n) };
}

/** How many positions back the weights of a map `[n, n]` lie on average, by their sizes. */
function reachOf(map: ArrayLike<number>, n: number): number {
  let [sum, far] = [0, 0];
  for (const [i, value] of Array.from(map).entries()) {
    sum += Math.abs(value);
    far += Math.abs(value) * (Math.floor(i / n) - (i % n));
  }
  return far / sum;
}

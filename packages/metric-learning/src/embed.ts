import {
  checkArguments,
  checkOptions,
  checkSizes,
  type HostTensor,
  type Layer,
  sizeOf,
  tidyLeaves,
} from "@pellucid/core-train";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";

/** Options for {@link embed}. */
export interface EmbedOptions {
  /** Examples that go through the encoder together. Default: 64. */
  readonly size?: number;
}

/**
 * The embeddings of a whole dataset on the host, for {@link retrievalScores}, {@link NeighborIndex} and their kin.
 *
 * @param inputs `[example, …]`
 * @returns `[example, feature]`
 * @throws {StructError} for what is not a layer, or not a host tensor
 * @throws {OptionError} for a wrong option
 */
export async function embed<X extends Tensor>(
  encoder: Layer<X, Tensor>,
  inputs: HostTensor<Float32Array>,
  options: EmbedOptions = {},
): Promise<HostTensor<Float32Array>> {
  checkArguments("embed", { "{ forward }": { encoder }, "{ data, shape }": { inputs } });
  checkArguments("embed", {
    numbers: { "inputs.data": inputs.data },
    "size[]": { "inputs.shape": inputs.shape },
  });
  checkOptions("embed", options, ["size"]);
  const { size = 64 } = options;
  checkSizes("embed", { size });
  const [count = 0, ...rest] = inputs.shape;
  const each = sizeOf(rest);
  const parts: Float32Array[] = [];
  let features = 0;
  for (let start = 0; start < count; start += size) {
    const end = Math.min(count, start + size);
    const part = tidyLeaves(() =>
      encoder.forward(tensor(inputs.data.slice(start * each, end * each), [end - start, ...rest]) as X),
    );
    try {
      parts.push(Float32Array.from(await part.data()));
      features = part.shape[1] ?? 0;
    } finally {
      part.dispose();
    }
  }
  const data = new Float32Array(count * features);
  for (const [i, part] of parts.entries()) data.set(part, i * size * features);
  return { data, shape: [count, features] };
}

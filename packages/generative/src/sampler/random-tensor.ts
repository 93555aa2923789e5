import { checkArguments, drawn, permute, type Rng } from "@pellucid/core-train";
import { type Tensor } from "@tensorflow/tfjs-core";

/**
 * Standard normal numbers, drawn on the host in PyTorch's order: images there are `[batch, channel, height, width]`.
 *
 * @param shape `[batch, ...]`; images `[batch, height, width, channel]`
 * @throws {StructError} For a shape that is not an array of sizes, or without a random generator.
 */
export function randomTensor(shape: readonly number[], rng: Rng): Tensor {
  checkArguments("randomTensor", { "size[]": { shape }, rng: { rng } });
  const last = shape.length - 1;
  const isImage = last === 3 || last === 4;
  const theirs = isImage ? [shape[0] ?? 0, shape[last] ?? 0, ...shape.slice(1, last)] : shape;
  const axes = isImage ? [0, ...shape.slice(2).map((_, i) => i + 2), 1] : shape.map((_, i) => i);
  return drawn(() => permute(rng.randn(theirs), axes));
}

import { matMul } from "@pellucid/core-train";
import { digits } from "@pellucid/datasets";
import { pca } from "@pellucid/interpret";
import { curves, pictures as drawPictures } from "@pellucid/interpret/draw";
import { add, dispose, mean, slice, sub, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { take } from "../measures.ts";
import { codeSizes, generativeNet } from "../nets/generative-nets.ts";

export interface Options {
  /** The size of the codes that are shown. */
  readonly numbers: 1 | 2 | 4 | 8;
  /** How many digits are shown. */
  readonly count: number;
}

export const options: Options = { numbers: 2, count: 9 };

export async function program({ numbers, count }: Options) {
  const { train, test } = await digits();
  const net = await generativeNet("digits-autoencoders");
  const [seen, unseen] = [rows(train.images.data), rows(test.images.data)];
  const truth = Float32Array.from(await unseen.data());
  const { components, embedding } = await pca(seen, 8);
  const linear = async (size: number) =>
    take(
      tidy(() => {
        const [center, few] = [mean(seen, 0), slice(components, [0, 0], [size, 64])];
        return add(matMul(matMul(sub<Tensor2D>(unseen, center), few, false, true), few), center);
      }),
    );
  const back = { pca: [] as Float32Array[], autoencoder: [] as Float32Array[] };
  for (const [i, size] of codeSizes.entries()) {
    back.pca.push(await linear(size));
    back.autoencoder.push(await take((net.models[i] as (typeof net.models)[number]).forward(unseen)));
  }
  dispose([seen, unseen, components, embedding]);
  net.dispose();
  const errors = {
    PCA: back.pca.map((images) => error(images, truth)),
    autoencoder: back.autoencoder.map((images) => error(images, truth)),
  };
  const at = codeSizes.indexOf(numbers);
  const shown = [truth, back.pca[at] as Float32Array, back.autoencoder[at] as Float32Array].flatMap(
    (images) => Array.from(images.subarray(0, 64 * count), (v) => Math.min(1, Math.max(0, v))),
  );
  return {
    pictures: [
      drawPictures(
        { data: Float32Array.from(shown), shape: [3 * count, 8, 8, 1] },
        {
          title: `Unseen digits, from ${numbers} numbers by PCA, and from ${numbers} by the autoencoder`,
          each: 48,
          columns: count,
        },
      ),
      curves(errors, {
        title: "Mean squared error",
        x: codeSizes,
        xLabel: "numbers in a code",
        yLabel: "error",
      }),
    ],
    linear: errors.PCA[at] as number,
    curved: errors.autoencoder[at] as number,
  };
}

const rows = (data: Uint8Array): Tensor2D =>
  tensor2d(
    Float32Array.from(data, (v) => v / 16),
    [data.length / 64, 64],
  );
const error = (images: Float32Array, truth: Float32Array) =>
  images.reduce((sum, v, i) => sum + (v - (truth[i] as number)) ** 2, 0) / images.length;

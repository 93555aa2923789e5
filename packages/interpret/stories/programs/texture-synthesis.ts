import { Rng } from "@pellucid/core-train";
import { growTexture, optimizeImage, quiltTexture, styleDistance } from "@pellucid/interpret";
import { exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { randomFilters } from "../random-filters.ts";
import { texture, type TextureName } from "../textures.ts";
import type { Run, Show } from "./run.ts";

export interface Options {
  readonly method: "grow" | "quilt" | "gram";
  readonly texture: TextureName;
  /** Of growing, odd; a patch of quilting is 5 pixels larger. */
  readonly window: number;
  /** Of optimization. */
  readonly steps: number;
  readonly seed: number;
}

export const options: Options = { method: "quilt", texture: "bricks", window: 11, steps: 200, seed: 0 };

export async function program(
  { method, texture: name, window, steps, seed }: Options,
  { signal, onProgress }: Run = {},
  show?: Show,
) {
  const cancel = signal === undefined ? {} : { signal };
  const { data, shape } = texture(name); // [32, 32, 3], from 0 to 1
  const sample = tensor4d(data, [1, ...shape]);
  const rng = new Rng(seed);
  const larger = { ...cancel, rng, size: [48, 48], ...(onProgress && { onProgress }) } as const;
  const methods = {
    grow: () => growTexture(sample, { ...larger, window }),
    quilt: () => quiltTexture(sample, { ...larger, patch: Math.max(8, window + 5) }),
    gram: () => matchGramMatrices(),
  };
  try {
    const made = await methods[method]();
    const values = exampleOf(await readValues(made));
    made.dispose();
    const [size = NaN] = values.shape;
    const pictures = [
      picture({ data, shape }, { title: "The sample", width: 192 }),
      picture(values, { title: "Synthesized", width: 6 * size }),
    ];
    return { pictures, sample: data, values };
  } finally {
    sample.dispose();
  }

  async function matchGramMatrices(): Promise<Tensor4D> {
    const filters = randomFilters(); // 24 each of sizes 3, 5, 7 and 11
    const style = styleDistance(filters.run, filters.layers, [{ image: sample, weight: 1e5 }]);
    const start = tensor4d(rng.rand([1, 32, 32, 3]).data, [1, 32, 32, 3]);
    try {
      return await optimizeImage(style.loss, {
        ...cancel,
        rng,
        start,
        steps,
        learningRate: 0.1,
        bounded: true,
        onStep: (step, _, at) => {
          onProgress?.(step + 1, steps);
          if (step % 20 === 0)
            show?.(picture({ data: at.dataSync(), shape }, { title: `Step ${step}`, width: 192 }));
        },
      });
    } finally {
      for (const held of [start, style, filters]) held.dispose();
    }
  }
}

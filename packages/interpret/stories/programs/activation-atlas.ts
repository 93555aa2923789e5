import { Rng } from "@pellucid/core-train";
import { activationAtlas, directionScore, optimizeImage, totalVariation } from "@pellucid/interpret";
import { mosaic, readValues } from "@pellucid/interpret/draw";
import {
  dispose,
  mean,
  mul,
  split,
  sub,
  type Tensor,
  type Tensor1D,
  tensor2d,
  type Tensor4D,
  tensor4d,
  tidy,
} from "@tensorflow/tfjs-core";
import { firstUnseen } from "../nets/first-unseen.ts";
import { subject } from "../nets/subjects.ts";
import type { Run, Show } from "./run.ts";

export interface Options {
  readonly layer: string;
  readonly grid: number;
  readonly steps: number;
  readonly seed: number;
}

export const options: Options = { layer: "layer3", grid: 5, steps: 40, seed: 0 };

export async function program(
  { layer: path, grid, steps, seed }: Options,
  { signal, onProgress }: Run = {},
  show?: Show,
) {
  const of = await subject("shapes");
  const layer = of.layers[path];
  if (layer === undefined) throw new RangeError(`activationAtlas: the net has no layer ${path}.`);
  const run = (x: Tensor4D) => of.model.forward(x);
  const cancel = signal === undefined ? {} : { signal };
  const { images, labels } = await firstUnseen(of, 300);
  const made: Tensor[] = [images];
  try {
    const batches = split<Tensor4D>(images, 6); // 50 each
    made.push(...batches);
    const how = { ...cancel, rng: new Rng(seed), position: "strongest", grid } as const;
    const { cells, embedding } = await activationAtlas(run, layer, batches, how);
    made.push(embedding);
    const examples = Int32Array.from(cells, ({ examples: [first = 0] }) => first);
    const first = (await of.unseen()).gather(examples).x;
    const real = mosaic(first, cells, { title: "One image of each cell", width: 400 });
    show?.(real);
    const directions = tensor2d(cells.map(({ activation }) => Array.from(activation)));
    made.push(directions);
    const score = directionScore<Tensor4D>(run, layer, directions);
    const icons = await optimizeImage(
      (x: Tensor4D) => tidy(() => sub<Tensor1D>(mul(totalVariation(x), 0.02), score(x))),
      {
        ...cancel,
        rng: new Rng(seed),
        start: [cells.length, ...of.shape],
        steps,
        basis: "waves",
        bounded: true,
        learningRate: 0.05,
        jitter: 2,
        onStep: (step) => onProgress?.(step + 1, steps),
      },
    );
    made.push(icons);
    const shown = tensor4d(first.data, [cells.length, ...of.shape]);
    const means = tidy(() => [mean(score(shown)), mean(score(icons))]);
    made.push(shown, ...means);
    const [before = NaN, after = NaN] = await Promise.all(means.map(async (x) => (await x.data())[0]));
    const title = "An image optimized for each cell's mean activation";
    const pictures = [real, mosaic(await readValues(icons), cells, { title, width: 400 })];
    return { pictures, cells, labels, before, after };
  } finally {
    dispose(made);
  }
}

import { Rng } from "@pellucid/core-train";
import { mapStability, pca, tsne, umap } from "@pellucid/interpret";
import { readValues, scatter } from "@pellucid/interpret/draw";
import { dispose, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { firstUnseen } from "../nets/first-unseen.ts";
import type { Subject } from "../nets/subject.ts";
import { subject, type SubjectName } from "../nets/subjects.ts";
import type { Run } from "./run.ts";

export interface Options {
  readonly net: SubjectName;
  readonly of: "hidden features" | "noise";
  readonly method: "tsne" | "umap";
  readonly seeds: number;
  readonly steps: number;
}

export const options: Options = {
  net: "digits",
  of: "hidden features",
  method: "tsne",
  seeds: 3,
  steps: 200,
};

const count = 150;

export async function program({ net, of, method, seeds, steps }: Options, { signal, onProgress }: Run = {}) {
  const cancel = signal === undefined ? {} : { signal };
  const { features: hidden, labels } = await featuresOf(await subject(net));
  const noise = tensor2d(new Rng(9).randn([count, 30]).data, [count, 30]);
  const features = of === "noise" ? noise : hidden;
  const maps: Tensor2D[] = [];
  try {
    for (let seed = 0; seed < seeds; seed++) {
      const onStep = (step: number) => onProgress?.(seed * steps + step + 1, seeds * steps);
      const how = { ...cancel, rng: new Rng(seed), steps, onStep };
      maps.push(
        method === "umap"
          ? await umap(features, how)
          : (await tsne(features, { ...how, perplexity: 15 })).embedding,
      );
    }
    const stability = await mapStability(maps, cancel);
    const [map] = maps;
    const [aligned] = stability.aligned;
    if (map === undefined || aligned === undefined) throw new RangeError("mapStability: two seeds or more.");
    const agreement = {
      amounts: stability.agreementOfEach,
      amountLabel: "share of nearest neighbors that agree",
    };
    const pictures = [
      scatter(await readValues(map), { title: "Agreement of the seeds", classes: labels, ...agreement }),
      scatter(
        { data: aligned, shape: [count, 2] },
        { title: "The second seed's map, aligned with the first", classes: labels },
      ),
    ];
    return { pictures, stability, count };
  } finally {
    dispose([hidden, noise, ...maps]);
  }
}

/** The first 30 principal components of the input of the last linear layer. */
async function featuresOf(of: Subject) {
  const { images, labels } = await firstUnseen(of, count);
  const hidden = tidy(() => of.features(images));
  const { embedding, components } = await pca(hidden, 30);
  dispose([images, hidden, components]);
  return { features: embedding, labels };
}

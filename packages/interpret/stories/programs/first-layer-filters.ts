import { type Conv2d, Rng } from "@pellucid/core-train";
import { filterImages, optimizeImage, receptiveField } from "@pellucid/interpret";
import {
  exampleOf,
  heatmap,
  imageGrid,
  pictures as drawPictures,
  readValues,
} from "@pellucid/interpret/draw";
import {
  add,
  dispose,
  mul,
  neg,
  slice,
  square,
  sum,
  type Tensor1D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { layerAt } from "../nets/subject.ts";
import { subject, type SubjectName } from "../nets/subjects.ts";
import type { Run } from "./run.ts";

export interface Options {
  readonly net: SubjectName;
  /** The filter for which a patch is optimized. */
  readonly unit: number;
}

export const options: Options = { net: "mnist", unit: 0 };

export async function program({ net, unit }: Options, { signal }: Run = {}) {
  const of = await subject(net);
  const filters = filterImages(of.first); // [filter, height, width, color]
  const [count, height, width, colors] = filters.shape;
  const summed = sum(filters, 3);
  const which = Math.min(unit, count - 1);
  const optimal = await optimalPatch(of.first, which, signal);
  const reached = sum(optimal, 3);
  const [, last] = layerAt(of, "last");
  const run = (x: Tensor4D) => of.model.forward(x);
  const field = await receptiveField(run, last, of.shape, { rng: new Rng(0), samples: 4 });
  const [all, gray, patch, patchGray, influence] = await Promise.all(
    [filters, summed, optimal, reached, field.influence].map((tensor) => readValues(tensor)),
  );
  dispose([filters, summed, optimal, reached, field.influence]);
  if (!all || !gray || !patch || !patchGray || !influence) throw new RangeError("Nothing was read.");
  const title = `${count} filters of ${height} × ${width}`;
  const pictures = [
    imageGrid(gray, { title, signed: true, width: 300 }),
    heatmap(exampleOf(patchGray), { title: `Optimal patch for filter ${which}`, signed: true, width: 120 }),
    heatmap(influence, { title: "Receptive field of the center of the last layer", width: 224 }),
  ];
  if (colors === 3) {
    const limit = Math.max(...Array.from(all.data, Math.abs));
    const data = Float64Array.from(all.data, (v) => 0.5 + v / limit / 2);
    const how = { title: "In color, gray is 0", columns: 4, each: 60 };
    pictures.push(drawPictures({ data, shape: all.shape }, how));
  }
  return { pictures, which, filter: exampleOf(all, which).data, patch: patch.data, field };
}

/** The patch `p` that maximizes `filter · p − ‖p‖² / 2`: `[1, height, width, color]`. */
async function optimalPatch(first: Conv2d, unit: number, signal?: AbortSignal): Promise<Tensor4D> {
  const filters = filterImages(first);
  const [, height, width, colors] = filters.shape;
  const filter = slice(filters, [unit, 0, 0, 0], [1, -1, -1, -1]);
  const loss = (p: Tensor4D) =>
    tidy(() => {
      const response: Tensor1D = sum(mul(p, filter), [1, 2, 3]);
      const length: Tensor1D = sum(square(p), [1, 2, 3]);
      return neg(add<Tensor1D>(response, mul(length, -0.5)));
    });
  try {
    return await optimizeImage(loss, {
      rng: new Rng(0),
      start: [1, height, width, colors],
      steps: 60,
      learningRate: 0.02,
      ...(signal && { signal }),
    });
  } finally {
    dispose([filters, filter]);
  }
}

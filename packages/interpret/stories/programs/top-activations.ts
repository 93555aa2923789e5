import { topActivations } from "@pellucid/interpret";
import { pictures as drawPictures } from "@pellucid/interpret/draw";
import { split, type Tensor4D } from "@tensorflow/tfjs-core";
import { firstUnseen } from "../nets/first-unseen.ts";
import { layerAt } from "../nets/subject.ts";
import { subject, type SubjectName } from "../nets/subjects.ts";
import type { Run } from "./run.ts";

export interface Options {
  readonly net: SubjectName;
  readonly unit: number;
  readonly count: number;
  readonly layer: "first" | "last";
}

export const options: Options = { net: "shapes", unit: 0, count: 12, layer: "last" };

export async function program({ net, unit, count, layer }: Options, { signal }: Run = {}) {
  const of = await subject(net);
  const { model, shape, classes, unseen } = of;
  const [path, at] = layerAt(of, layer);
  const { images, labels } = await firstUnseen(of, 200);
  const batches = split<Tensor4D>(images, 4); // 50 each
  try {
    const units = await topActivations((x: Tensor4D) => model.forward(x), at, batches, {
      count,
      ...(signal && { signal }),
    });
    const which = Math.min(unit, units.length - 1);
    const top = units[which] ?? [];
    const names = top.map(({ example, value }) => `${classes[Number(labels[example])]}: ${value.toFixed(1)}`);
    const { x } = (await unseen()).gather(Int32Array.from(top, ({ example }) => example));
    const title = `Unit ${which} of ${path}`;
    const drawn = drawPictures(
      { data: x.data, shape: [top.length, ...shape] },
      { title, labels: names, columns: 6, each: 96 },
    );
    return { pictures: [drawn], units, top, labels, path };
  } finally {
    for (const tensor of [images, ...batches]) tensor.dispose();
  }
}

import { Linear } from "@pellucid/core-train";
import { weightMatrix } from "@pellucid/interpret";
import { heatmap, readValues } from "@pellucid/interpret/draw";
import { subject, type SubjectName } from "../nets/subjects.ts";

export interface Options {
  readonly net: SubjectName;
}

export const options: Options = { net: "shapes" };

export async function program({ net }: Options) {
  const { model, classes } = await subject(net);
  const layers = Array.from(model.namedModules(), ([, layer]) => layer);
  const last = layers.findLast((layer) => layer instanceof Linear);
  if (last === undefined) throw new RangeError(`${net} has no linear layer.`);
  const weights = weightMatrix(last); // [class, feature]
  const values = await readValues(weights);
  weights.dispose();
  const drawn = heatmap(values, {
    title: "The last layer: classes by features",
    rowNames: classes,
    width: 640,
    cellAspect: 0.4,
    signed: true,
  });
  return { pictures: [drawn], last, values };
}

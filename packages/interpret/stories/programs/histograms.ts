import { activationsOf, deadUnits, histograms } from "@pellucid/interpret";
import { histogramChart } from "@pellucid/interpret/draw";
import { dispose, type Tensor4D } from "@tensorflow/tfjs-core";
import { firstUnseen } from "../nets/first-unseen.ts";
import { subject, type SubjectName } from "../nets/subjects.ts";

export interface Options {
  readonly net: SubjectName;
  readonly of: "weights" | "activations";
  readonly bins: number;
}

export const options: Options = { net: "digits", of: "weights", bins: 30 };

export async function program({ net, of: what, bins }: Options) {
  const of = await subject(net);
  const { images } = await firstUnseen(of, 64);
  const activations = activationsOf(of.model, () => of.model.forward(images));
  images.dispose();
  try {
    const counted =
      what === "weights"
        ? [...of.model.namedParameters()].filter(([path]) => /(conv\d|fc).*weight$/.test(path))
        : Object.entries(activations).filter(([path]) => path in of.layers);
    const found = await histograms(Object.fromEntries(counted), { bins });
    const last = String(Object.keys(of.layers).at(-1));
    const dead = await deadUnits(activations[last] as Tensor4D);
    const pictures = Object.entries(found).map(([title, histogram]) => histogramChart(histogram, { title }));
    const size = counted.reduce((sum, [, tensor]) => sum + tensor.size, 0);
    return { pictures, found: Object.values(found), size, last, dead };
  } finally {
    dispose(activations);
  }
}

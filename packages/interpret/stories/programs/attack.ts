import { fgsm, marginScore, minimalPerturbation, pgd } from "@pellucid/interpret";
import { curves, exampleOf, heatmap, picture, readValues } from "@pellucid/interpret/draw";
import { dispose, sub, type Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { perPixel } from "./attribution-pictures.ts";
import type { Run } from "./run.ts";

export interface Options extends AboutPicture {
  readonly attack: "fgsm" | "pgd" | "minimalPerturbation";
  /** The largest change of a pixel. */
  readonly epsilon: number;
  /** The index of the class to be predicted, or `any other class`. */
  readonly towards: string;
}

export const options: Options = {
  net: "digits",
  picture: 3,
  target: 3,
  attack: "pgd",
  epsilon: 0.2,
  towards: "any other class",
};

export const program = ({ attack, epsilon, towards, ...about }: Options, { signal, onProgress }: Run = {}) =>
  withPicture(about, async ({ net, subject: { classes }, image, x, name }) => {
    const cancel = signal === undefined ? {} : { signal };
    const margin = marginScore<Tensor4D>(net, about.target);
    const aim = Number(towards) % classes.length; // NaN without a class
    const targeted = Number.isInteger(aim) && aim !== about.target;
    const score = targeted ? marginScore<Tensor4D>(net, aim) : margin;
    const attackBy = async (size: number): Promise<Tensor4D> => {
      const direction = targeted ? "raise" : "lower";
      const bounds = { epsilon: size, direction, range: [0, 1] } as const;
      if (attack === "fgsm") return fgsm(score, bounds)(x);
      if (attack === "pgd") return pgd(score, { ...cancel, ...bounds })(x);
      return minimalPerturbation(margin, cancel)(x);
    };
    const made: Tensor[] = [];
    try {
      const sizes = [0.2, 0.5, 1].map((share) => share * epsilon);
      const attacked: Tensor4D[] = [];
      for (const [i, size] of sizes.entries()) {
        attacked.push(await attackBy(size));
        onProgress?.(i + 1, sizes.length);
      }
      made.push(...attacked);
      const scores = [x, ...attacked].map(margin);
      made.push(...scores);
      const margins = await Promise.all(scores.map(async (one) => Number((await one.data())[0])));
      const last = attacked.at(-1) ?? x;
      const logits = net.forward(last);
      const change = sub<Tensor4D>(last, x);
      made.push(logits, change);
      const values = await logits.data();
      const prediction = String(classes[values.indexOf(Math.max(...values))]);
      const largest = Math.max(...Array.from(await change.data(), Math.abs));
      const adversarial = exampleOf(await readValues(last));
      const boundary = { margin: margins, "decision boundary": margins.map(() => 0) };
      const perturbation = x.shape[3] === 1 ? "Perturbation" : "Perturbation: red + green + blue";
      const axes = { x: [0, ...sizes], xLabel: "largest change ε", yLabel: "margin" };
      const pictures = [
        picture(image, { title: `Predicted: ${name}`, width: 224 }),
        heatmap(await perPixel(change.clone()), { title: perturbation, signed: true, width: 224 }),
        picture(adversarial, { title: `Predicted: ${prediction}`, width: 224 }),
      ];
      if (attack !== "minimalPerturbation")
        pictures.push(curves(boundary, { title: "The margin falls", ...axes }));
      return { pictures, margins, prediction, largest };
    } finally {
      dispose(made);
    }
  });

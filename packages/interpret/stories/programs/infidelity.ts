import { Rng } from "@pellucid/core-train";
import {
  classScore,
  guidedBackprop,
  infidelity,
  maxSensitivity,
  saliency,
  smoothGrad,
} from "@pellucid/interpret";
import { matrix } from "@pellucid/interpret/draw";
import { type Tensor, type Tensor4D, dispose } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import type { Run } from "./run.ts";

export interface Options extends AboutPicture {
  readonly noise: number;
  readonly radius: number;
  readonly samples: number;
}

export const options: Options = {
  net: "digits",
  picture: 3,
  target: 3,
  noise: 0.1,
  radius: 0.02,
  samples: 128,
};

export const program = ({ noise, radius, samples, ...about }: Options, { signal, onProgress }: Run = {}) =>
  withPicture(about, async ({ net, x }) => {
    const score = classScore<Tensor4D>(net, about.target);
    const methods = {
      saliency: saliency(score),
      smoothGrad: (at: Tensor4D) => smoothGrad(score, { rng: new Rng(0), samples: 20 })(at),
      guidedBackprop: guidedBackprop(score),
    };
    const columnNames = Object.keys(methods);
    const run = signal === undefined ? {} : { signal };
    const [infidelities, sensitivities]: [number[], number[]] = [[], []];
    for (const [i, explain] of Object.values(methods).entries()) {
      const map = await explain(x);
      try {
        const perturbed = { ...run, rng: new Rng(0), samples, noise };
        infidelities.push(await numberIn(await infidelity(score, { map, x }, perturbed)));
        const near = { ...run, rng: new Rng(0), radius };
        sensitivities.push(await numberIn(await maxSensitivity<Tensor4D>(explain, x, near)));
      } finally {
        map.dispose();
      }
      onProgress?.(i + 1, columnNames.length);
    }
    const row = (name: string, title: string, data: number[]) =>
      matrix(
        { data, shape: [1, data.length] },
        { title, rowNames: [name], columnNames, rowLabel: "measure", columnLabel: "method", signed: false },
      );
    return {
      pictures: [
        row("infidelity", "Infidelity: lower is better", infidelities),
        row("sensitivity", "Sensitivity: lower is more stable", sensitivities),
      ],
      infidelities,
      sensitivities,
    };
  });

async function numberIn(tensor: Tensor): Promise<number> {
  const [value = NaN] = await tensor.data();
  dispose(tensor);
  return value;
}

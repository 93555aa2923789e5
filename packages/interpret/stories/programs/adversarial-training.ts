import { DigitsCnn } from "@pellucid/cnn";
import { adam, batches, crossEntropy, fit, Rng } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { adversarialBatches, fgsm, marginScore, pgd } from "@pellucid/interpret";
import { curves } from "@pellucid/interpret/draw";
import { argMax, dispose, tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";
import type { Run } from "./run.ts";

export interface Options {
  /** The largest change of a pixel in training. */
  readonly epsilon: number;
  readonly epochs: number;
  readonly seed: number;
}

export const options: Options = { epsilon: 0.16, epochs: 6, seed: 0 };

export const count = 150;
/** The largest changes of a pixel in the attacks that the models are tested with. */
export const sizes = [0, 0.04, 0.08, 0.12, 0.16, 0.2];
const range = [0, 1] as const;

export async function program({ epsilon, epochs, seed }: Options, { signal, onProgress }: Run = {}) {
  const cancel = signal === undefined ? {} : { signal };
  const { train, test } = await digits();
  const { x, y } = toFloatImages(test).gather(Int32Array.from({ length: count }, (_, i) => i));
  const images = tensor4d(x.data, [count, 8, 8, 1]);
  const labels = Array.from(y.data);
  let done = 0;
  const advance = () => onProgress?.(++done, 2 * (epochs + sizes.length));

  const accuracyAfter = async (net: DigitsCnn, size: number) => {
    const attack = { ...cancel, epsilon: size, range, steps: 10 };
    const attacked =
      size === 0 ? images.clone() : await pgd(marginScore<Tensor4D>(net, labels), attack)(images);
    const logits = net.forward(attacked);
    const classes = argMax(logits, 1);
    const predicted = await classes.data();
    dispose([attacked, logits, classes]);
    advance();
    return labels.filter((label, i) => predicted[i] === label).length / count;
  };
  const accuracies = async (adversarial: boolean) => {
    const rng = new Rng(seed);
    const net = new DigitsCnn({ rng });
    try {
      const plain = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
      const attacked = adversarialBatches(plain, async (batch) => {
        const margin = marginScore<Tensor4D>(net, Array.from(await batch.y.data()));
        return fgsm(margin, { epsilon, range })(batch.x as Tensor4D);
      });
      const optimizer = adam({ learningRate: 3e-3 });
      const how = { ...cancel, loss: crossEntropy, optimizer, epochs };
      for await (const event of fit(net, adversarial ? attacked : plain, how))
        if (event.kind === "epoch") advance();
      signal?.throwIfAborted();
      const found: number[] = [];
      for (const size of sizes) found.push(await accuracyAfter(net, size));
      return found;
    } finally {
      net.dispose();
    }
  };
  try {
    const [plain, adversarial] = [await accuracies(false), await accuracies(true)];
    const lines = { "standard training": plain, "adversarial training": adversarial };
    const axes = { x: sizes, xLabel: "largest change ε", yLabel: "accuracy" };
    const drawn = curves(lines, { title: "Accuracy after an attack", ...axes });
    return { pictures: [drawn], plain, adversarial };
  } finally {
    images.dispose();
  }
}

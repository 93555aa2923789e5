// Four nets on MNIST, from linear layers to residual blocks: one recipe, so that only the architecture differs.
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import { MnistCnn, MnistInception, MnistMlp, MnistResNet } from "@pellucid/cnn";
import {
  Accuracy,
  batches,
  crossEntropy,
  fit,
  type Layer,
  type Module,
  Rng,
  sgd,
} from "@pellucid/core-train";
import { type LabeledImages, mnist, mnist10k, normalizeImages, type Splits } from "@pellucid/datasets";
import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";

/** The nets, by the names they have on the command line. */
export const nets = {
  mlp: MnistMlp,
  cnn: MnistCnn,
  inception: MnistInception,
  residual: MnistResNet,
} as const;

/** What to train, on what. */
export interface MnistOptions {
  readonly net: keyof typeof nets;
  readonly data: Splits<LabeledImages>;
  readonly epochs?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** An epoch: its mean training loss, and the share of the test digits that are right after it. */
export interface Epoch {
  readonly loss: number;
  readonly accuracy: number;
}

/** Trains a net. */
export async function main(options: MnistOptions): Promise<readonly Epoch[]> {
  const { net, data, epochs = 10, seed = 0, log = () => {} } = options;
  const rng = new Rng(seed);
  const model: Module & Layer<Tensor4D, Tensor2D> = new nets[net]({ rng });
  const train = batches(normalizeImages(data.train), { size: 64, shuffle: true, rng });
  const run: Epoch[] = [];
  for await (const event of fit(model, train, {
    loss: crossEntropy,
    optimizer: sgd({ learningRate: 0.01, momentum: 0.5 }),
    epochs,
    validation: batches(normalizeImages(data.test), { size: 250 }),
    metrics: { accuracy: new Accuracy() },
    logEvery: 300,
  })) {
    if (event.kind === "step") log(`[${event.epoch}, ${event.batch}] mean loss ${event.loss.toFixed(3)}`);
    if (event.kind === "epoch") {
      const accuracy = event.validation?.metrics["accuracy"] ?? Number.NaN;
      run.push({ loss: event.loss, accuracy });
      const seconds = event.seconds.toFixed(1);
      log(
        `epoch ${event.epoch}: ${(100 * accuracy).toFixed(2)} % of the test digits are right (${seconds} s)`,
      );
    }
  }
  return run;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      epochs: { type: "string", default: "10" },
      seed: { type: "string", default: "0" },
      whole: { type: "boolean", default: false }, // all 70,000 images instead of the 10,000 of the test set
    },
  });
  const [net = "mlp"] = positionals;
  if (!Object.hasOwn(nets, net))
    throw new Error(`No net "${net}": expected ${Object.keys(nets).join(", ")}.`);
  await useBackend();
  const root = process.env["PELLUCID_DATA"]; // a folder that has MNIST's own files in mnist/; otherwise they are downloaded
  const source = root === undefined ? {} : { folder: `${root}/mnist` };
  const data = values.whole
    ? { train: await mnist({ split: "train", ...source }), test: await mnist({ split: "test", ...source }) }
    : await mnist10k(source);
  const [epochs, seed] = [Number(values.epochs), Number(values.seed)];
  await main({ net: net as keyof typeof nets, data, epochs, seed, log: console.log });
}

import { DigitsCnn } from "@pellucid/cnn";
import {
  Accuracy,
  adam,
  batches,
  crossEntropy,
  fit,
  Rng,
  trainable,
  valueAndGradients,
} from "@pellucid/core-train";
import { EventFile, tensorBoard } from "@pellucid/core-train/tensorboard";
import { digits, type LabeledImages, toFloatImages } from "@pellucid/datasets";
import { filterImages, type Flow, gradientFlow } from "@pellucid/interpret";
import { curves, imageGrid, readValues } from "@pellucid/interpret/draw";
import { dispose, tensor1d, tensor4d } from "@tensorflow/tfjs-core";
import { logEpoch } from "./log-epoch.ts";
import type { Run, Show } from "./run.ts";

export interface Options {
  readonly epochs: number;
  readonly learningRate: number;
  readonly seed: number;
}

export const options: Options = { epochs: 3, learningRate: 0.003, seed: 0 };

export async function program(
  { epochs, learningRate, seed }: Options,
  { signal, onProgress }: Run = {},
  show?: Show,
) {
  const { train, test } = await digits();
  const [learned, unseen] = [toFloatImages(train), toFloatImages(test)];
  const rng = new Rng(seed);
  const net = new DigitsCnn({ rng });
  const [loss, accuracy, flows]: [number[], number[], Flow[][]] = [[], [], []];
  const log = new EventFile();
  try {
    const training = fit(net, batches(learned, { size: 64, shuffle: true, rng }), {
      loss: crossEntropy,
      optimizer: adam({ learningRate }),
      epochs,
      validation: batches(unseen, { size: 450 }),
      metrics: { accuracy: new Accuracy() },
      logEvery: 2,
      ...(signal && { signal }),
    });
    for await (const event of tensorBoard(training, log)) {
      if (event.kind === "step") loss.push(event.loss);
      if (event.kind === "epoch") {
        accuracy.push(event.validation?.metrics["accuracy"] ?? NaN);
        const flow = await flowOf(net, learned);
        flows.push(flow);
        await logEpoch(log, net, flow, event.epoch, unseen);
        onProgress?.(event.epoch, epochs);
        show?.(...(await draw(net, loss, accuracy, flows)));
      }
    }
    signal?.throwIfAborted();
    return { pictures: await draw(net, loss, accuracy, flows), loss, accuracy, flows, log };
  } finally {
    net.dispose();
  }
}

/** The gradient flow on the first 64 images. */
async function flowOf(net: DigitsCnn, images: LabeledImages<Float32Array>): Promise<Flow[]> {
  const { x, y } = images.gather(Int32Array.from({ length: 64 }, (_, i) => i));
  const [batch, labels] = [tensor4d(x.data, [64, 8, 8, 1]), tensor1d(y.data, "int32")];
  const parameters = trainable(net);
  const { value, gradients } = valueAndGradients(parameters, () => crossEntropy(net.forward(batch), labels));
  const flows = await gradientFlow(parameters, gradients);
  dispose([batch, labels, value, ...Object.values(gradients)]);
  return flows;
}

async function draw(
  net: DigitsCnn,
  loss: readonly number[],
  accuracy: readonly number[],
  flows: readonly (readonly Flow[])[],
): Promise<HTMLElement[]> {
  const filters = filterImages(net.conv1);
  const { data } = await readValues(filters);
  filters.dispose();
  const byEpoch = { x: accuracy.map((_, i) => i + 1), xLabel: "epoch" };
  const weights = flows[0]?.filter(({ path }) => path.endsWith("weight")) ?? [];
  const ratio = (path: string) => flows.map((flow) => flow.find((one) => one.path === path)?.ratio ?? NaN);
  const ratios = Object.fromEntries(weights.map(({ path }) => [path, ratio(path)]));
  const scaled = { title: "First-layer filters", signed: true, width: 220 };
  return [
    curves({ loss }, { title: "Loss of each batch", yLabel: "cross-entropy" }),
    curves({ accuracy }, { ...byEpoch, title: "Accuracy on unseen digits", yLabel: "accuracy" }),
    curves(ratios, { ...byEpoch, title: "Gradient flow", yLabel: "‖gradient‖ / ‖weights‖" }),
    imageGrid({ data, shape: [16, 3, 3] }, scaled),
  ];
}

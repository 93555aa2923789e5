import { adam, batches, fit, Linear, Module, Rng } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { curves, heatmap } from "@pellucid/interpret/draw";
import { ceCountLoss, energyCount, Leaky, rate, SpikingSequential } from "@pellucid/spiking";
import { dispose, reshape, type Tensor, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Run } from "./run.ts";

export interface Options {
  /** How much of a membrane is left after a time step. */
  readonly beta: number;
  readonly timeSteps: number;
  /** One of the unseen digits. */
  readonly digit: number;
  readonly epochs: number;
  readonly seed: number;
}

export const options: Options = { beta: 0.9, timeSteps: 20, digit: 3, epochs: 3, seed: 0 };

class SpikingDigits extends Module {
  readonly net: SpikingSequential;
  readonly code: (images: Tensor) => Tensor;

  constructor(beta: number, timeSteps: number, rng: Rng) {
    super();
    this.code = (images) => tidy(() => rate(reshape(images, [-1, 64]), timeSteps, { rng }));
    this.net = new SpikingSequential(
      new Linear(64, 48, { rng }),
      new Leaky(48, { beta }),
      new Linear(48, 10, { rng }),
      new Leaky(10, { beta }),
    );
  }

  forward(images: Tensor): Tensor {
    return tidy(() => this.net.forward(this.code(images)));
  }
}

export async function program(
  { beta, timeSteps, digit, epochs, seed }: Options,
  { signal, onProgress }: Run = {},
) {
  const { train, test } = await digits();
  const rng = new Rng(seed);
  const model = new SpikingDigits(beta, timeSteps, rng);
  try {
    const training = fit(model, batches(toFloatImages(train), { size: 64, shuffle: true, rng }), {
      loss: ceCountLoss,
      optimizer: adam({ learningRate: 3e-3 }),
      epochs,
      ...(signal && { signal }),
    });
    for await (const event of training) if (event.kind === "epoch") onProgress?.(event.epoch, epochs);
    signal?.throwIfAborted();

    const { x, y } = toFloatImages(test).get(digit);
    const image = tensor2d(x.data, [1, 64]);
    const coded = model.code(image);
    const records = model.net.record(coded);
    const [input, hidden, output, membranes] = await Promise.all(
      [coded, records[1]?.output, records[3]?.output, records[3]?.membranes].map(
        async (one) => one?.data() ?? [],
      ),
    );
    const work = await energyCount(model.net, coded);
    dispose([image, coded, ...records.flatMap((record) => [record.output, record.membranes])]);
    const raster = (spikes: ArrayLike<number>, neurons: number, title: string) =>
      heatmap(
        {
          data: Array.from(
            { length: neurons * timeSteps },
            (_, i) => spikes[(i % timeSteps) * neurons + Math.floor(i / timeSteps)] as number,
          ),
          shape: [neurons, timeSteps],
        },
        { title, signed: false, width: 300, cellAspect: neurons / timeSteps > 2 ? 2 : 1 },
      );
    const counts = Array.from({ length: 10 }, (_, c) =>
      Array.from({ length: timeSteps }, (__, t) => output?.[t * 10 + c] as number).reduce((a, b) => a + b, 0),
    );
    const says = counts.indexOf(Math.max(...counts));
    const label = Number(y);
    const shown = [...new Set([label, says, (label + 1) % 10])];
    const traces = Object.fromEntries(
      shown.map((c) => [
        `class ${c}`,
        Array.from({ length: timeSteps }, (_, t) => membranes?.[t * 10 + c] as number),
      ]),
    );
    const pictures = [
      raster(input ?? [], 64, "Spikes of the pixels"),
      raster(hidden ?? [], 48, "Spikes of the hidden neurons"),
      raster(output ?? [], 10, "Spikes of the classes"),
      curves(
        { ...traces, threshold: new Float64Array(timeSteps).fill(1) },
        { title: "Membranes of classes", xLabel: "time step", yLabel: "membrane" },
      ),
    ];
    return { pictures, says, label, spikes: counts[says] ?? 0, work };
  } finally {
    model.dispose();
  }
}

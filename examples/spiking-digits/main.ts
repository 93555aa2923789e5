// Leaky integrate-and-fire neurons tell digits apart by spikes; and what that costs.
import { useBackend } from "@pellucid/backends";
import { adam, batches, fit, Linear, Module, Rng } from "@pellucid/core-train";
import { digits, type LabeledImages, toFloatImages } from "@pellucid/datasets";
import { accuracyRate, ceCountLoss, energyCount, Leaky, rate, SpikingSequential } from "@pellucid/spiking";
import { dispose, reshape, type Tensor, tensor1d, tensor4d, tidy } from "@tensorflow/tfjs-core";

/** Two layers of neurons that see the brightness of each pixel as the rate of its spikes. */
class SpikingDigits extends Module {
  readonly net: SpikingSequential;
  readonly #rng: Rng;

  constructor(rng: Rng) {
    super();
    this.#rng = rng;
    this.net = new SpikingSequential(
      new Linear(64, 128, { rng }),
      new Leaky(128, { beta: 0.9 }),
      new Linear(128, 10, { rng }),
      new Leaky(10, { beta: 0.9 }),
    );
  }

  /** Spikes of the pixels, `[batch, 20, 64]`. */
  coded(images: Tensor): Tensor {
    return tidy(() => rate(reshape(images, [-1, 64]), 20, { rng: this.#rng }));
  }

  /** Spikes of the classes, `[batch, 20, 10]`. */
  forward(images: Tensor): Tensor {
    return tidy(() => this.net.forward(this.coded(images)));
  }
}

/** Trains, and returns the share of the 450 unseen digits that are right, and the work that one of them takes. */
export async function main({ epochs = 20, seed = 0 } = {}) {
  const { train, test } = await digits();
  const rng = new Rng(seed);
  const model = new SpikingDigits(rng);
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  for await (const _ of fit(model, data, {
    loss: ceCountLoss,
    optimizer: adam({ learningRate: 2e-3 }),
    epochs,
  }));
  return measure(model, toFloatImages(test));
}

async function measure(model: SpikingDigits, test: LabeledImages<Float32Array>) {
  const images = tensor4d(test.images.data, [test.length, 8, 8, 1]);
  const labels = tensor1d(test.labels.data, "int32");
  const coded = model.coded(images);
  const spikes = model.net.forward(coded);
  const accuracy = await accuracyRate(spikes, labels);
  const { synapticOperations, denseOperations } = await energyCount(model.net, coded);
  dispose([images, labels, coded, spikes]);
  model.dispose();
  return { accuracy, operations: synapticOperations / test.length, dense: denseOperations / test.length };
}

if (import.meta.main) {
  await useBackend();
  const { accuracy, operations, dense } = await main();
  console.log(
    `${(100 * accuracy).toFixed(1)} % of 450 unseen digits are right; ${Math.round(operations)} additions each, of ${dense} if every input counted`,
  );
}

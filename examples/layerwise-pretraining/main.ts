// A net of sigmoid layers that is too deep to learn: gradients vanish on the way down. Trained layer by layer first, it can.
import { useBackend } from "@pellucid/backends";
import {
  Accuracy,
  adam,
  type AnyLayer,
  batches,
  crossEntropy,
  evaluate,
  fit,
  type Layer,
  Linear,
  type Module,
  norm,
  Rng,
  Sequential,
  sgd,
  TensorDataset,
  trainable,
  valueAndGradients,
} from "@pellucid/core-train";
import { digits, type LabeledImages } from "@pellucid/datasets";
import { pretrain, StackedAutoencoder } from "@pellucid/generative";
import { type Tensor1D, type Tensor2D, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";

const sizes = [64, 48, 32, 32, 32, 32];

/** Fine-tunes the deep net from random and from pre-trained layers, and returns for both the accuracy and the vanishing of gradients. */
export async function main({ pretrainEpochs = 30, epochs = 30, seed = 0 } = {}) {
  const { train, test } = await digits();
  const random = await tuned(train, test, epochs, seed, 0);
  const pretrained = await tuned(train, test, epochs, seed, pretrainEpochs);
  return { random, pretrained };
}

async function tuned(
  train: LabeledImages<Uint8Array>,
  test: LabeledImages<Uint8Array>,
  epochs: number,
  seed: number,
  pretrainEpochs: number,
) {
  const rng = new Rng(seed);
  const stack = new StackedAutoencoder(sizes, { rng });
  const data = batches(rows(train), { size: 64, shuffle: true, rng });
  if (pretrainEpochs > 0)
    for await (const _ of pretrain(stack, data, {
      optimizer: adam({ learningRate: 1e-2 }),
      epochs: pretrainEpochs,
    }));
  const head: AnyLayer = new Linear(32, 10, { rng });
  const model = new Sequential(...stack.layers, head) as Module & Layer<Tensor2D, Tensor2D>;
  const vanishing = ratio(model, train);
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
  for await (const _ of fit(model, data, { loss: crossEntropy, optimizer, epochs }));
  const measure = { loss: crossEntropy, metrics: { accuracy: new Accuracy() } };
  const { metrics } = await evaluate(model, batches(rows(test), { size: 450 }), measure);
  return { accuracy: metrics["accuracy"] ?? 0, vanishing };
}

/** How much smaller the gradient of the first layer is than that of the last. */
function ratio(
  model: Module & Layer<Tensor2D, Tensor2D>,
  { images, labels, length }: LabeledImages<Uint8Array>,
): number {
  return tidy(() => {
    const x = tensor2d(
      Float32Array.from(images.data, (value) => value / 16),
      [length, 64],
    );
    const y: Tensor1D = tensor1d(labels.data, "int32");
    const { gradients } = valueAndGradients(trainable(model), () => crossEntropy(model.forward(x), y));
    const lengths = Object.entries(gradients)
      .filter(([path]) => path.endsWith("weight"))
      .map(([, g]) => norm(g).dataSync()[0] as number);
    return (lengths[0] as number) / (lengths.at(-1) as number);
  });
}

function rows({ images, labels, length }: LabeledImages<Uint8Array>) {
  const x = Float32Array.from(images.data, (value) => value / 16);
  return new TensorDataset({ x: { data: x, shape: [length, 64] as const }, y: labels });
}

if (import.meta.main) {
  await useBackend();
  for (const [name, { accuracy, vanishing }] of Object.entries(await main())) {
    const right = (100 * accuracy).toFixed(1);
    console.log(
      `${name}: ${right} % of the unseen digits; the first gradient is ${vanishing.toExponential(1)} of the last`,
    );
  }
}

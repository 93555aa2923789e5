import { DigitsCnn, resnet18 } from "@pellucid/cnn";
import {
  adam,
  adamw,
  Conv2d,
  crossEntropy,
  flatten,
  generate,
  type LanguageModel,
  Linear,
  maxPool2d,
  Module,
  Optimizer,
  ReLU,
  relu,
  Rng,
  Sequential,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { MambaLm } from "@pellucid/mamba";
import { RecurrentLm } from "@pellucid/rnn";
import { Gpt } from "@pellucid/transformer";
import {
  reshape,
  type Tensor,
  tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";

/** A step, and its inputs. */
export interface Work {
  readonly step: (...inputs: Tensor[]) => Promise<number>;
  readonly inputs: readonly Tensor[];
}

interface Maps extends Module {
  forward(x: Tensor): Tensor;
}

const vocabSize = 65;

/** Every work by its name. The inputs are drawn by a generator of seed 1, weights by one of seed 0. */
export const works: Readonly<Record<string, () => Work>> = {
  "mlp-small": () => perceptron(16, [64, 64, 32, 10]),
  mlp: () => perceptron(128, [784, 256, 128, 10]),
  cnn: () => classifier(new DigitsCnn({ rng: new Rng(0) }), [64, 8, 8, 1]),
  mnist: () => classifier(new MnistCnn(new Rng(0)), [64, 28, 28, 1]),
  resnet: () => classifier(resnet18({ rng: new Rng(0), numClasses: 10 }), [16, 32, 32, 3], 1e-5),
  "gpt-small": () =>
    reader(new Gpt({ rng: new Rng(0), vocabSize, blockSize: 32, nLayer: 2, nHead: 2, nEmbd: 32 }), 4, 32),
  gpt: () =>
    reader(new Gpt({ rng: new Rng(0), vocabSize, blockSize: 64, nLayer: 4, nHead: 4, nEmbd: 128 }), 12, 64),
  "lstm-small": () =>
    reader(
      new RecurrentLm({ rng: new Rng(0), vocabSize, embeddingDim: 32, hiddenSize: 32, numLayers: 1 }),
      4,
      32,
    ),
  lstm: () =>
    reader(
      new RecurrentLm({ rng: new Rng(0), vocabSize, embeddingDim: 256, hiddenSize: 256, numLayers: 2 }),
      12,
      64,
    ),
  "mamba-small": () => reader(new MambaLm({ rng: new Rng(0), vocabSize, dModel: 32, nLayer: 2 }), 4, 32),
};

/** Two convolutions, of 24 and 32 channels. */
class MnistCnn extends Module implements Maps {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly fc: Linear;

  constructor(rng: Rng) {
    super();
    this.conv1 = new Conv2d(1, 24, 5, { rng });
    this.conv2 = new Conv2d(24, 32, 5, { rng });
    this.fc = new Linear(512, 10, { rng });
  }

  forward(x: Tensor): Tensor {
    return tidy(() => {
      const first = maxPool2d(relu(this.conv1.forward(x as Tensor4D)), 2); //      [batch, 12, 12, 24]
      const second = maxPool2d(relu(this.conv2.forward(first)), 2); //             [batch, 4, 4, 32]
      return this.fc.forward(flatten(second));
    });
  }
}

function perceptron(batch: number, [first = 0, second = 0, third = 0, last = 0]: readonly number[]): Work {
  const rng = new Rng(0);
  const layers = [
    new Linear(first, second, { rng }),
    new ReLU(),
    new Linear(second, third, { rng }),
    new ReLU(),
    new Linear(third, last, { rng }),
  ] as const;
  return classifier(new Sequential(...layers) as Maps, [batch, first]);
}

function classifier(model: Maps, shape: number[], learningRate = 1e-3): Work {
  const rng = new Rng(1);
  const optimizer = new Optimizer(adam({ learningRate }), trainable(model));
  const x = tensor(rng.randn(shape).data, shape);
  const y = tensor(rng.randint(0, 10, [shape[0] as number]).data, [shape[0] as number], "int32");
  const step = (images: Tensor, labels: Tensor) =>
    trainStep(model, optimizer, () => crossEntropy(model.forward(images) as Tensor2D, labels as Tensor1D));
  return { step: step as Work["step"], inputs: [x, y] };
}

function reader(model: Module & { forward(x: never): Tensor }, batch: number, time: number): Work {
  const rng = new Rng(1);
  const optimizer = new Optimizer(adamw({ learningRate: 1e-3 }), trainable(model));
  const x = tensor(rng.randint(0, vocabSize, [batch, time]).data, [batch, time], "int32");
  const y = tensor(rng.randint(0, vocabSize, [batch * time]).data, [batch * time], "int32");
  const step = (tokens: Tensor, next: Tensor) =>
    trainStep(model, optimizer, () => {
      const logits = model.forward(tokens as never) as Tensor3D;
      return crossEntropy(reshape(logits, [-1, logits.shape[2]]) as Tensor2D, next as Tensor1D);
    });
  return { step: step as Work["step"], inputs: [x, y] };
}

/** Twenty tokens of a Mamba of three blocks. */
export async function tokens(compiles: boolean): Promise<() => Promise<number>> {
  const model = new MambaLm({
    rng: new Rng(0),
    vocabSize,
    dModel: 96,
    nLayer: 3,
  }) as unknown as LanguageModel<unknown>;
  const text = generate(model, [1], { temperature: 0, compile: compiles });
  return async () => {
    let last = 0;
    for (let i = 0; i < 20; i++) last = (await text.next()).value ?? 0;
    return last;
  };
}

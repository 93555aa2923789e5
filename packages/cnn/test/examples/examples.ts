import { DigitsCnn, MnistCnn, MnistInception, MnistMlp, MnistResNet } from "@pellucid/cnn";
import {
  adagrad,
  adam,
  adamax,
  asgd,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  cosineAnnealingWarmRestarts,
  crossEntropy,
  Flatten,
  type Layer,
  Linear,
  type Module,
  mseLoss,
  oneHot,
  partition,
  ReLU,
  replaceModule,
  rmsprop,
  type Rng,
  rprop,
  Sequential,
  sgd,
  Sigmoid,
  strongWolfe,
  trainable,
  trainOnly,
} from "@pellucid/core-train";
import { div, mul, square, sum, type Tensor } from "@tensorflow/tfjs-core";
import { diabetesRows, digitsInOrder, digitsOf28, lastFiveDigits, rows, type Rows } from "./data.ts";
import { byLbfgs, byTransform, type Descent } from "./descent.ts";

/** An example: a model, its data, its loss, and its optimizer. */
export interface Example {
  readonly make: (rng: Rng) => Module & Layer<never, Tensor>;
  readonly data: () => Promise<Rows>;
  /** Rows of a step. Default: all. */
  readonly size?: number;
  readonly loss: (y: Tensor, target: Tensor) => Tensor;
  /** A term added to the loss. Default: none. */
  readonly penalty?: (model: Module) => Tensor;
  readonly descend: (model: Module) => Descent;
  /** Whether it is too slow for plain JavaScript and for a software renderer. */
  readonly isLong?: boolean;
}

const line = { make: (rng: Rng) => new Linear(1, 1, { rng }), loss: mseLoss };
const threePoints = async () => ({ x: rows(1, 2, 3), y: rows(2, 4, 6) });

const learningRate = 0.01;
const racing = (descend: Example["descend"]): Example => ({ ...line, data: threePoints, descend });

/** The optimizers of the comparison; SGD is in the linear regression. */
const race: Record<string, Example> = {
  "optimizer race: Adagrad": racing(byTransform(adagrad({ learningRate }))),
  "optimizer race: Adam": racing(byTransform(adam({ learningRate }))),
  "optimizer race: Adamax": racing(byTransform(adamax({ learningRate }))),
  "optimizer race: ASGD": racing(byTransform(asgd({ learningRate }))),
  "optimizer race: RMSprop": racing(byTransform(rmsprop({ learningRate }))),
  "optimizer race: Rprop": racing(byTransform(rprop({ learningRate }))),
  "optimizer race: LBFGS": { ...racing(byLbfgs({ learningRate })), isLong: true },
};

const nets = { MLP: MnistMlp, CNN: MnistCnn, Inception: MnistInception, "residual net": MnistResNet };
const mnist: Record<string, Example> = Object.fromEntries(
  Object.entries(nets).map(([name, Net]) => [
    `MNIST ${name}`,
    {
      make: (rng: Rng) => new Net({ rng }),
      isLong: true,
      data: digitsOf28,
      size: 4,
      loss: crossEntropy,
      descend: byTransform(sgd({ learningRate: 0.01, momentum: 0.5 })),
    },
  ]),
);

function fiveDigits(rng: Rng): DigitsCnn {
  const model = new DigitsCnn({ rng });
  replaceModule(model, "fc", new Linear(512, 5, { rng }));
  return model;
}

const isHead = (path: string): boolean => path.startsWith("fc.");
const student = { isLong: true, make: fiveDigits, data: lastFiveDigits, size: 8, loss: crossEntropy };
const transfer: Record<string, Example> = {
  "transfer learning: fine-tuned": {
    ...student,
    descend: byTransform(
      partition([
        { match: isHead, transform: adam({ learningRate: 1e-3 }) },
        { match: (path) => !isHead(path), transform: adam({ learningRate: 1e-4 }) },
      ]),
    ),
  },
  "transfer learning: head only": {
    ...student,
    descend: (model) => {
      trainOnly(model, isHead);
      return byTransform(adam({ learningRate: 1e-3 }))(model);
    },
  },
};

/** Classifiers of digits with weight decay: `loss + ‖weight‖² / 2N`. */
const linearDigits = (lossOf: (logits: Tensor, target: Tensor) => Tensor): Example => ({
  make: (rng) => new Sequential(new Flatten(), new Linear(64, 10, { rng })),
  data: () => digitsInOrder(300),
  loss: lossOf,
  penalty: (model) => div(sum(square(trainable(model)["1.weight"] as Tensor)), 600),
  isLong: true,
  descend: byLbfgs({ maxIter: 1, lineSearch: strongWolfe }),
});

/**
 * The examples that train by gradient descent. Of the others two have no gradients (`weight-search` tries all weights, `rbf-network`
 * solves for them), `manual-gradient` has no tensors, and `augmentation-gallery` does not train.
 */
export const examples: Readonly<Record<string, Example>> = {
  "linear regression": {
    make: (rng) => new Linear(1, 1, { rng }),
    data: threePoints,
    loss: mseLoss,
    descend: byTransform(sgd({ learningRate: 0.01 })),
  },
  "logistic regression": {
    make: (rng) => new Sequential(new Linear(1, 1, { rng }), new Sigmoid()),
    data: async () => ({ x: rows(1, 2, 3), y: rows(0, 0, 1) }),
    loss: binaryCrossEntropy,
    descend: byTransform(sgd({ learningRate: 0.01 })),
  },
  "diabetes regression": {
    make: (rng) => new Sequential(new Linear(10, 64, { rng }), new ReLU(), new Linear(64, 1, { rng })),
    data: diabetesRows,
    size: 32,
    loss: mseLoss,
    descend: byTransform(adam({ learningRate: 1e-2 })),
  },
  "digits MLP": {
    make: (rng) =>
      new Sequential(new Flatten(), new Linear(64, 128, { rng }), new ReLU(), new Linear(128, 10, { rng })),
    data: digitsInOrder,
    size: 64,
    loss: crossEntropy,
    descend: byTransform(adam({ learningRate: 1e-3 })),
  },
  "digits CNN": {
    make: (rng) => new DigitsCnn({ rng }),
    data: digitsInOrder,
    size: 8,
    loss: crossEntropy,
    descend: byTransform(adam()),
  },
  ...mnist,
  ...race,
  "ensemble: a wanderer": {
    make: (rng) =>
      new Sequential(new Flatten(), new Linear(64, 16, { rng }), new ReLU(), new Linear(16, 10, { rng })),
    data: digitsInOrder,
    size: 64,
    loss: crossEntropy,
    descend: byTransform(adam({ learningRate: cosineAnnealingWarmRestarts(1e-2, { t0: 25 }) })),
  },
  ...transfer,
  "one-vs-rest: ten": linearDigits((logits, target) =>
    mul(10, binaryCrossEntropyWithLogits(logits, oneHot(target, 10))),
  ),
  "one-vs-rest: one softmax": linearDigits(crossEntropy),
};

import {
  adam,
  crossEntropy,
  Linear,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { gather, tensor1d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** A classifier of digits. */
export type Classifier = Sequential<readonly [Linear, ReLU, Linear, ReLU, Linear]>;

/** A classifier of digits, whose last hidden layer sees what makes a digit. */
export async function trainedClassifier(x: Tensor2D, labels: Int32Array): Promise<Classifier> {
  const rng = new Rng(1);
  const [first, second, last] = [
    new Linear(64, 64, { rng }),
    new Linear(64, 32, { rng }),
    new Linear(32, 10, { rng }),
  ];
  const net: Classifier = new Sequential(first, new ReLU(), second, new ReLU(), last);
  const optimizer = new Optimizer(adam({ learningRate: 2e-3 }), trainable(net));
  for (let step = 0; step < 1000; step++) {
    const chosen = rng.randint(0, labels.length, [64]).data;
    await trainStep(net, optimizer, () => {
      const batch = gather(x, tensor1d([...chosen], "int32"));
      return crossEntropy(
        net.forward(batch),
        tensor1d(
          Array.from(chosen, (i) => labels[i] as number),
          "int32",
        ),
      );
    });
  }
  return net;
}

/** The classifier's last hidden features. */
export function features(net: Classifier, x: Tensor2D): Tensor2D {
  return tidy(() => {
    const [first, relu, second] = net.layers as readonly [Linear, ReLU, Linear];
    return relu.forward(second.forward(relu.forward(first.forward(x))));
  });
}

import { useBackend } from "@pellucid/backends";
import { DigitsCnn, MnistCnn } from "@pellucid/cnn";
import { abs, type Layer, loadWeights, type Module, Rng } from "@pellucid/core-train";
import { digits, type LabeledImages, toFloatImages } from "@pellucid/datasets";
import {
  classScore,
  gradCam,
  guidedBackprop,
  hiResCam,
  integratedGradients,
  saliency,
  sanityCheck,
} from "@pellucid/interpret";
import {
  gather,
  max,
  pad,
  slice,
  sub,
  sum,
  type Tensor,
  tensor1d,
  type Tensor2D,
  tensor4d,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { drawnDigits } from "../stories/drawn-digits.ts";
import { shapes, ShapesNet } from "../stories/nets/shapes-net.ts";

interface Shipped {
  readonly make: () => Module & Layer<Tensor4D, Tensor2D>;
  readonly last: (net: Module) => Layer<never, Tensor4D>;
  readonly unseen: () => Promise<LabeledImages<Float32Array>>;
  readonly accuracy: number;
}

const rng = () => new Rng(0);
const nets: Readonly<Record<string, Shipped>> = {
  "digits-cnn": {
    make: () => new DigitsCnn({ rng: rng() }),
    last: (net) => (net as DigitsCnn).conv2,
    unseen: async () => toFloatImages((await digits()).test),
    accuracy: 0.97,
  },
  "mnist-cnn": {
    make: () => new MnistCnn({ rng: rng() }),
    last: (net) => (net as MnistCnn).conv2,
    unseen: () => Promise.resolve(drawnDigits(100)),
    accuracy: 0.95,
  },
  "shapes-net": {
    make: () => new ShapesNet({ rng: rng() }),
    last: (net) => (net as ShapesNet).layer3,
    unseen: () => Promise.resolve(shapes(0, 100).test.load()),
    accuracy: 0.95,
  },
};

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

async function shipped(name: string, count: number) {
  const { make, last, unseen } = nets[name] as Shipped;
  const net = make();
  const file = readFileSync(new URL(`../stories/nets/${name}.safetensors`, import.meta.url));
  loadWeights(net, Uint8Array.from(file).buffer);
  const { x, y } = (await unseen()).gather(Int32Array.from({ length: count }, (_, i) => i));
  return { net, last: last(net), images: tensor4d(x.data, [...x.shape]), labels: Array.from(y.data) };
}

test.for(Object.keys(nets))("%s has learned", async (name) => {
  const { net, images, labels } = await shipped(name, name === "digits-cnn" ? 450 : 100);
  const logits = (await net.forward(images).array()) as number[][];
  const right = logits.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length;
  expect(right / labels.length).toBeGreaterThan((nets[name] as Shipped).accuracy);
});

test.for(Object.keys(nets))(
  "of %s, guided backpropagation and a map of edges fail the sanity check",
  async (name) => {
    const { net, images, labels } = await shipped(name, 4);
    const guided = guidedBackprop(classScore<Tensor4D>(net, labels));
    const edges = (x: Tensor4D) => tidy(() => sub(x, shifted(x)));
    expect((await sanityCheck(net, guided, images, { rng: rng() })).passed).toBe(false);
    expect((await sanityCheck(net, edges, images, { rng: rng() })).passed).toBe(false);
  },
);

test.for(Object.keys(nets))("of %s, gradient, integrated gradients and Grad-CAM pass it", async (name) => {
  const { net, last, images, labels } = await shipped(name, 4);
  const score = classScore<Tensor4D>(net, labels);
  for (const explain of [saliency(score), integratedGradients(score, { steps: 4 }), gradCam(score, last)]) {
    expect(await sanityCheck(net, explain, images, { rng: rng() })).toMatchObject({ passed: true });
  }
});

test("of the digits net, whose linear layer reads positions, HiResCAM adds up to the logit and is never all zero, as Grad-CAM is", async () => {
  const { net, last, images, labels } = await shipped("digits-cnn", 450);
  const score = classScore<Tensor4D>(net, labels);
  const { bias } = (net as DigitsCnn).fc;
  const biases = await gather(bias as Tensor, tensor1d(labels, "int32")).data();
  const scores = await score(images).data();
  const sums = await sum(hiResCam(score, last, { positive: false })(images), [1, 2]).data();
  sums.forEach((total, i) => expect(total).toBeCloseTo((scores[i] ?? 0) - (biases[i] ?? 0), 3));
  const empty = async (map: Tensor) =>
    (await max(abs(map), [1, 2]).data()).filter((largest) => largest === 0).length;
  expect(await empty(hiResCam(score, last)(images))).toBe(0);
  expect(await empty(gradCam(score, last)(images))).toBeGreaterThan(40);
});

function shifted(x: Tensor4D): Tensor4D {
  const [, height, width] = x.shape;
  return slice(
    pad(x, [
      [0, 0],
      [1, 0],
      [1, 0],
      [0, 0],
    ]),
    [0, 0, 0, 0],
    [-1, height, width, -1],
  );
}

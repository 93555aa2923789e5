import { useBackend } from "@pellucid/backends";
import { Conv2d, Rng, torchStateOf, trainable, valueAndGradients } from "@pellucid/core-train";
import { optimizeImage, StyleNet, styleDistance, trainStyleNet } from "@pellucid/interpret";
import { fixture } from "@pellucid/testing";
import {
  memory,
  mul,
  reshape,
  type Scalar,
  stridedSlice,
  sum,
  type Tensor4D,
  tensor,
  tensor4d,
  tidy,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

await useBackend({ only: "wasm" });

const torch = fixture<{ names: string[]; output: number[]; gradient: number[] }>(
  import.meta.url,
  "../../fixtures/torch/style_net.json",
);

const small = () => new StyleNet({ rng: new Rng(0), channels: 4, blocks: 2 });
const images = tensor4d(
  Float32Array.from({ length: 2 * 12 * 12 * 3 }, (_, i) => Math.sin(i * 0.7) / 2 + 0.5),
  [2, 12, 12, 3],
);

const sines = tensor(Float32Array.from({ length: images.size }, (_, i) => Math.sin(i)));

test("it is PyTorch's net: names, weights from a seed, output and gradient", async () => {
  const net = small();
  expect(Object.keys(await torchStateOf(net))).toEqual(torch.names);
  const y = net.forward(images);
  expect(y).toHaveShape([2, 12, 12, 3]);
  expect(stridedSlice(y, [0, 0, 0, 0], [2, 12, 12, 3], [1, 3, 3, 1])).toBeAllclose(torch.output, {
    rtol: 1e-4,
    atol: 1e-5,
  });
  const { gradients } = valueAndGradients(trainable(net), () =>
    sum(mul(reshape(net.forward(images), [-1]), sines)),
  );
  const gradient = gradients["conv1.conv2d.weight"] as Tensor4D;
  expect(stridedSlice(gradient, [0, 0, 0, 0], gradient.shape, [4, 4, 1, 1])).toBeAllclose(torch.gradient, {
    rtol: 1e-3,
    atol: 1e-4,
  });
  expect(() => net.forward(images)).toLeakNothing();
});

test("an image painted in one pass comes near to what a search for it finds, and the loss is that of both", async () => {
  const rng = new Rng(3);
  const filters = new Conv2d(3, 6, 3, { rng });
  const run = (x: Tensor4D) => filters.forward(x);
  const picture = tensor4d(
    Float32Array.from({ length: 16 * 16 * 3 }, (_, i) => [0.8, 0.3, 0.1][i % 3] as number),
    [1, 16, 16, 3],
  );
  const image = tensor4d(rng.rand([1, 16, 16, 3]).data, [1, 16, 16, 3]);
  const style = styleDistance(run, [filters], [{ image: picture, weight: 1e4 }]);
  const net = new StyleNet({ rng, channels: 6, blocks: 1 });
  const held = memory().numTensors;
  const losses: number[] = [];
  const once = Array.from({ length: 60 }, () => image);
  await trainStyleNet(net, once, {
    style: style.loss,
    content: { run, layer: filters, weight: 0 },
    learningRate: 0.01,
    onStep: (_, loss) => losses.push(loss),
  });
  expect(memory().numTensors).toBe(held);
  const start = tidy(() => style.loss(image).dataSync()[0] as number);
  expect(losses.at(-1)).toBeLessThan(0.1 * start);
  const searched: number[] = [];
  await optimizeImage(style.loss, {
    rng,
    start: image,
    steps: 60,
    bounded: true,
    onStep: (_, loss) => searched.push(loss),
  });
  expect(losses.at(-1)).toBeLessThan(3 * (searched.at(-1) as number) + 0.05 * start);
});

test("content stays where it is asked for; it stops at its signal and leaves nothing", async () => {
  const filters = new Conv2d(3, 4, 3, { rng: new Rng(1) });
  const run = (x: Tensor4D) => filters.forward(x);
  const net = small();
  const none = (x: Tensor4D) => mul<Scalar>(sum(x), 0);
  const losses: number[] = [];
  const options = { style: none, content: { run, layer: filters }, learningRate: 0.02 };
  await trainStyleNet(
    net,
    Array.from({ length: 25 }, () => images),
    {
      ...options,
      onStep: (_, loss) => losses.push(loss),
    },
  );
  expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] as number));
  const held = memory().numTensors;
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(trainStyleNet(net, [images], { ...options, signal })).rejects.toThrow("enough");
  expect(memory().numTensors).toBe(held);
});

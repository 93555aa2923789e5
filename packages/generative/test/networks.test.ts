// U-Net, DiT and masked convolutions against PyTorch: names, initial weights of a seed, outputs, gradients.
import { useBackend } from "@pellucid/backends";
import {
  capture,
  loadWeights,
  matMul,
  type Module,
  Rng,
  torchStateOf,
  trainable,
  valueAndGradients,
  sizeOf,
} from "@pellucid/core-train";
import { DiT, drawSamples, dropClasses, MaskedConv2d, PixelCnn, Unet } from "@pellucid/generative";
import { fixture, formulaWeights, hashedTensor } from "@pellucid/testing";
import {
  concat,
  fill,
  mul,
  reshape,
  slice,
  sum,
  square,
  type Tensor,
  tensor1d,
  tensor4d,
  type Tensor4D,
  tile,
  transpose,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Network {
  readonly shapes: Record<string, number[]>;
  readonly initial: Record<string, number[]>;
  readonly after: number[];
  readonly output: number[];
  readonly gradients: Record<string, [total: number, ofSquares: number]>;
}
type Fixture = Record<"unet" | "unet-context" | "dit", Network> & {
  readonly masked: Record<string, { output: number[]; gradient: number[] }>;
};
const torch = fixture<Fixture>(import.meta.url, "../fixtures/torch/networks.json");

const image = (channels: number, k: number) => hashedTensor<Tensor4D>([2, 8, 8, channels], k, (x) => 2 * x);
const time = () => tensor1d([0, 37]);
type Net = Module & { forward(input: never): Tensor };
const networks: Record<
  Exclude<keyof Fixture, "masked">,
  readonly [make: (rng: Rng) => Net, input: () => object]
> = {
  unet: [
    (rng) => new Unet(8, { rng, dimMults: [1, 2], channels: 3, attnHeads: 2, attnDimHead: 4 }),
    () => ({ x: image(3, 1), time: time() }),
  ],
  "unet-context": [
    (rng) =>
      new Unet(8, {
        rng,
        dimMults: [1, 2, 2],
        channels: 1,
        attnHeads: 2,
        attnDimHead: 4,
        contextChannels: 1,
        learnedVariance: true,
      }),
    () => ({ x: image(1, 1), time: time(), context: image(1, 2) }),
  ],
  dit: [
    (rng) =>
      new DiT({
        rng,
        inputSize: 8,
        patchSize: 2,
        inChannels: 3,
        hiddenSize: 16,
        depth: 2,
        numHeads: 4,
        numClasses: 5,
      }),
    () => ({ x: image(3, 1), time: time(), classes: tensor1d([3, -1], "int32") }),
  ],
};

const change = (x: number, name: string, shape: readonly number[]): number => {
  if (name.endsWith(".g")) return 1 + 0.2 * x;
  return shape.length === 1
    ? 0.2 * x
    : x * Math.min(1, Math.sqrt((12 * (shape[0] as number)) / sizeOf(shape)));
};

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  describe.each(Object.entries(networks))("%s", (name, [make, input]) => {
    const wanted = torch[name as keyof typeof networks];

    test("has PyTorch's names and initial weights of a seed, and draws nothing more", async () => {
      const rng = new Rng(5);
      const net = make(rng);
      const state = await torchStateOf(net);
      expect(Object.keys(state).toSorted()).toEqual(Object.keys(wanted.shapes).toSorted());
      for (const [key, { data, shape }] of Object.entries(state)) {
        expect(shape, key).toEqual(wanted.shapes[key]);
        const values = [...data];
        const [total, squares, ...first] = wanted.initial[key] as number[];
        const found = [values.reduce((a, b) => a + b, 0), values.reduce((a, b) => a + b * b, 0)];
        expect(found, key).toBeAllclose([total as number, squares as number], { atol: 2e-5, rtol: 2e-6 });
        expect(values.slice(0, 3), key).toBeAllclose(first.slice(0, values.length), { atol: 2e-7, rtol: 0 });
      }
      expect([...rng.rand([2]).data]).toBeAllclose(wanted.after, { atol: 1e-7, rtol: 0 });
      net.dispose();
    });

    test("its output and gradients are PyTorch's in 64 bits, and it leaks no tensors", () => {
      const net = make(new Rng(0));
      const shapes = Object.fromEntries(Object.entries(wanted.shapes).filter(([key]) => key !== "pos_embed"));
      const report = loadWeights(net, formulaWeights(shapes, change), { strict: false });
      expect(report.missing).toEqual(name === "dit" ? ["pos_embed"] : []);
      const given = input() as never;
      const output = net.forward(given);
      expect(output).toBeAllclose(wanted.output, { atol: 2e-5, rtol: 2e-5 });
      const weights = hashedTensor(output.shape, 9);
      const { gradients } = valueAndGradients(trainable(net), () => sum(mul(net.forward(given), weights)));
      const largest = Math.max(...Object.values(wanted.gradients).map(([, squares]) => Math.sqrt(squares)));
      const named = Object.entries(gradients).map(([path, gradient]) => [snake(path), gradient] as const);
      expect(named.map(([path]) => path).toSorted()).toEqual(Object.keys(wanted.gradients).toSorted());
      for (const [path, gradient] of named) {
        const [total, squares] = wanted.gradients[path] as [number, number];
        const found = [
          sum(gradient).dataSync()[0] as number,
          Math.sqrt(sum(square(gradient)).dataSync()[0] as number),
        ];
        expect(found, path).toBeAllclose([total, Math.sqrt(squares)], { atol: 2e-5 * largest, rtol: 2e-4 });
      }
      expect(() => net.forward(given)).toLeakNothing();
      net.dispose();
    });
  });

  test.each(Object.entries(torch.masked))("the masked convolution %s is PyTorch's", (name, wanted) => {
    const [kind, ...sizes] = name.split(" ") as ["A" | "B", ...string[]];
    const [kernel, from, to, groups] = sizes.map(Number) as [number, number, number, number];
    const conv = new MaskedConv2d(from, to, kernel, { rng: new Rng(0), mask: kind, groups, bias: false });
    loadWeights(conv, {
      weight: { data: weightOf([to, from, kernel, kernel]), shape: [to, from, kernel, kernel] },
    });
    const x = hashedTensor<Tensor4D>([2, 6, 6, from], 4, (value) => 2 * value);
    const y = conv.forward(x);
    expect(y).toBeAllclose(wanted.output, { atol: 5e-6, rtol: 0 });
    const { gradients } = valueAndGradients(trainable(conv), () =>
      sum(mul(conv.forward(x), hashedTensor(y.shape, 9))),
    );
    const theirs = transpose(gradients["weight"] as Tensor4D, [3, 2, 0, 1]);
    expect(theirs).toBeAllclose(wanted.gradient, { atol: 2e-5, rtol: 0 });
    expect(() => conv.forward(x)).toLeakNothing();
    conv.dispose();
  });
});

const weightOf = (shape: number[]): Float32Array => {
  const values = hashedTensor(shape, 3);
  const data = values.dataSync() as Float32Array;
  values.dispose();
  return data;
};

const snake = (path: string): string =>
  path
    .replace("adaLNModulation", "adaLN_modulation")
    .replace(/(?<=[.a-z\d])(?<!adaL|ada)[A-Z](?=[a-z])/gu, (capital) => `_${capital.toLowerCase()}`);

describe("PixelCnn", () => {
  const make = () =>
    new PixelCnn({ rng: new Rng(0), levels: 3, channels: 2, hiddenChannels: 8, depth: 1, kernelSize: 3 });
  beforeAll(() => useBackend({ only: "wasm" }));

  test("a pixel depends on earlier pixels and colors only", () => {
    const net = make();
    const x = hashedTensor<Tensor4D>([1, 4, 4, 2], 1, (value) => (value > 0 ? 1 : 0));
    const before = net.forward(x).dataSync();
    const values = x.dataSync();
    for (const changed of [0, 9, 12, 31]) {
      const other = values.slice();
      other[changed] = 2;
      const after = net.forward(tensor4d(other, [1, 4, 4, 2])).dataSync();
      const moved = Array.from(after.keys()).filter((i) => after[i] !== before[i]);
      expect(Math.min(...moved, Infinity)).toBeGreaterThanOrEqual(3 * (changed + 1));
      if (changed < 31) expect(moved.length).toBeGreaterThan(0);
    }
    net.dispose();
  });

  test("the probabilities of all images of two pixels sum to 1, and samples have them", async () => {
    const net = new PixelCnn({ rng: new Rng(1), levels: 2, hiddenChannels: 8, depth: 1, kernelSize: 3 });
    const all = tensor4d([0, 0, 0, 1, 1, 0, 1, 1], [4, 1, 2, 1]);
    const logProb = net.logProb(all).dataSync();
    const probabilities = Array.from(logProb, Math.exp);
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    const sampler = net.sampler(1, 2);
    expect(sampler.steps).toBe(2);
    const drawn = await drawSamples(sampler, { shape: [4000, 1, 2, 1], rng: new Rng(3) });
    const values = drawn.dataSync();
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) {
      const which = 2 * (values[2 * i] as number) + (values[2 * i + 1] as number);
      counts[which] = (counts[which] as number) + 1 / 4000;
    }
    expect(counts).toBeAllclose(probabilities, { atol: 0.032, rtol: 0 }); // four standard errors
    net.dispose();
  });

  test("classes are dropped to none with a probability", () => {
    const classes = tensor1d(new Array<number>(1000).fill(4), "int32");
    const dropped = [...dropClasses(classes, 0.3, { rng: new Rng(0) }).dataSync()];
    expect(new Set(dropped)).toEqual(new Set([4, -1]));
    expect(dropped.filter((id) => id === -1).length / 1000).toBeCloseTo(0.3, 1);
    expect(() => dropClasses(classes, 2, { rng: new Rng(0) })).toThrow(
      "dropClasses: probability is 2, expected a probability, 0 to 1.",
    );
  });

  test("names what is wrong", () => {
    const rng = new Rng(0);
    expect(() => new MaskedConv2d(1, 1, 4, { rng, mask: "A" })).toThrow(
      "MaskedConv2d: kernelSize is 4, expected an odd integer.",
    );
    expect(() =>
      new Unet(6, { rng, channels: 1, dimMults: [1, 2] }).forward({ x: image(3, 1), time: time() }),
    ).toThrow("Unet: x is [2, 8, 8, 3], expected [batch, height, width, 1].");
    const net = new Unet(8, { rng, channels: 1, dimMults: [1, 2, 2, 2, 2], attnHeads: 1, attnDimHead: 2 });
    expect(() => net.forward({ x: image(1, 1), time: time() })).toThrow(
      "Unet: height is 8, expected a multiple of 16: pad the image.",
    );
    expect(() => net.forward({ x: slice(image(1, 1), 0, 1) as Tensor4D, time: time() })).toThrow(
      /time is \[2\]/u,
    );
    expect(() => new Unet(8, { rng, fullAttn: [true] })).toThrow(
      "Unet: fullAttn is [true], expected true, false or null for each of 4 resolutions.",
    );
    expect(() => new DiT({ rng, hiddenSize: 18 })).toThrow(
      "DiT: hiddenSize is 18, expected a multiple of 4.",
    );
  });
});

test("attention between pixels tells its weights: the values that they average are what it gives", async () => {
  await useBackend({ only: "wasm" });
  const net = new Unet(8, { rng: new Rng(0), dimMults: [1], channels: 1, attnHeads: 2, attnDimHead: 4 });
  const x = image(1, 1);
  const { midAttn } = net;
  const qkv = capture(midAttn.toQkv, () => net.forward({ x, time: time() }));
  const weights = midAttn.weights(qkv);
  expect(weights).toHaveShape([2, 2, 64, 68]);
  expect(sum(weights, 3)).toBeAllclose(fill([2, 2, 64], 1).dataSync(), { atol: 1e-5, rtol: 0 });
  const values = transpose(reshape(slice(qkv, [0, 0, 0, 16]), [2, 64, 2, 4]), [0, 2, 1, 3]); // [batch, head, pixel, feature]
  const learned = tile(slice(midAttn.memKv, [1, 0, 0, 0], [1, 2, 4, 4]) as Tensor4D, [2, 1, 1, 1]);
  const taken = transpose(matMul<Tensor4D>(weights, concat([learned, values], 2) as Tensor4D), [0, 2, 1, 3]);
  const output = capture(midAttn, () => net.forward({ x, time: time() }));
  expect(midAttn.toOut.forward(reshape(taken, [2, 8, 8, 8]))).toBeAllclose(output.dataSync(), {
    atol: 1e-5,
    rtol: 1e-4,
  });
  expect(() => midAttn.weights(qkv)).toLeakNothing();
});

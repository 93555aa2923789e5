// Models that tfjs-layers made, saved by it and imported: the same numbers, forward and in training.
import { useBackend } from "@pellucid/backends";
import { mseLoss, Optimizer, Rng, sgd, torchStateOf, trainable, trainStep } from "@pellucid/core-train";
import { fromTfjs, TfjsError, type TfjsFiles, type TfjsModel } from "@pellucid/export";
import { mean, memory, square, type Tensor, tensor, zerosLike } from "@tensorflow/tfjs-core";
import {
  input,
  layers as l,
  type LayersModel,
  model,
  sequential,
  type SymbolicTensor,
} from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";

const own = { recurrentInitializer: "glorotNormal" } as const; // the default needs methods of tensors that are not loaded here
const apply = (layer: { apply(x: never): unknown }, x: SymbolicTensor | SymbolicTensor[]) =>
  layer.apply(x as never) as SymbolicTensor;

/** Models with weights that are not those of an initializer, and the shapes of their inputs. */
const models: Readonly<Record<string, () => LayersModel>> = {
  "a perceptron": () =>
    sequential({
      layers: [
        l.dense({ units: 5, inputShape: [4], activation: "relu" }),
        l.dropout({ rate: 0.5 }),
        l.dense({ units: 4, activation: "tanh", useBias: false }),
        l.activation({ activation: "hardSigmoid" }),
        l.dense({ units: 3, activation: "softmax" }),
      ],
    }),
  "a convolutional network of digits": () =>
    sequential({
      layers: [
        l.conv2d({
          filters: 4,
          kernelSize: 3,
          inputShape: [9, 8, 2],
          padding: "same",
          strides: 2,
          activation: "relu",
        }),
        l.batchNormalization({ epsilon: 0.01 }),
        l.maxPooling2d({ poolSize: 2, strides: 1, padding: "same" }),
        l.conv2d({ filters: 3, kernelSize: [2, 3], dilationRate: 1, activation: "elu" }),
        l.flatten(),
        l.dense({ units: 3 }),
        l.batchNormalization({ scale: false }),
        l.softmax(),
      ],
    }),
  "depthwise and separable convolutions": () =>
    sequential({
      layers: [
        l.zeroPadding2d({
          padding: [
            [1, 0],
            [2, 1],
          ],
          inputShape: [7, 6, 2],
        }),
        l.depthwiseConv2d({
          kernelSize: 3,
          depthMultiplier: 2,
          padding: "same",
          strides: 2,
          activation: "relu6",
        }),
        l.batchNormalization({ center: false }),
        l.separableConv2d({ filters: 5, kernelSize: [3, 2], depthMultiplier: 3, padding: "same" }),
        l.leakyReLU({ alpha: 0.2 }),
        l.averagePooling2d({ poolSize: 3, strides: 2, padding: "same" }),
        l.prelu({ sharedAxes: [1, 2], alphaInitializer: "randomNormal" }),
        l.globalAveragePooling2d({}),
      ],
    }),
  "an autoencoder of images": () =>
    sequential({
      layers: [
        l.conv2d({
          filters: 4,
          kernelSize: 3,
          strides: 2,
          padding: "same",
          inputShape: [8, 6, 1],
          activation: "selu",
        }),
        l.upSampling2d({ size: [2, 2] }),
        l.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same", activation: "softplus" }),
        l.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 3, padding: "same" }),
        l.conv2dTranspose({
          filters: 2,
          kernelSize: [4, 3],
          strides: [2, 1],
          padding: "valid",
          useBias: false,
        }),
        l.cropping2D({
          cropping: [
            [1, 2],
            [0, 3],
          ],
        }),
        l.reLU({ maxValue: 0.5 }),
      ],
    }),
  "a convolution of sequences": () =>
    sequential({
      layers: [
        l.conv1d({
          filters: 4,
          kernelSize: 3,
          padding: "same",
          dilationRate: 2,
          inputShape: [11, 3],
          activation: "swish" as never,
        }),
        l.spatialDropout1d({ rate: 0.2 }),
        l.maxPooling1d({ poolSize: 3, strides: 2 }),
        l.averagePooling1d({ poolSize: 2, strides: 1, padding: "same" }),
        l.conv1d({ filters: 2, kernelSize: 2, padding: "same", activation: "softsign" }),
        l.globalMaxPooling1d({}),
        l.repeatVector({ n: 3 }),
        l.globalAveragePooling1d({}),
      ],
    }),
  "an LSTM of words": () =>
    sequential({
      layers: [
        l.embedding({ inputDim: 9, outputDim: 4, inputLength: 6 }),
        l.lstm({ units: 3, returnSequences: true, ...own }),
        l.lstm({ units: 4, recurrentActivation: "sigmoid", ...own }),
        l.dense({ units: 2, activation: "sigmoid" }),
      ],
    }),
  "a GRU, backward": () =>
    sequential({
      layers: [
        l.gru({ units: 3, inputShape: [5, 2], returnSequences: true, goBackwards: true, ...own }),
        l.gru({ units: 4, recurrentActivation: "sigmoid", activation: "relu", useBias: false, ...own }),
        l.layerNormalization({}),
      ],
    }),
  "both directions": () =>
    sequential({
      layers: [
        l.bidirectional({
          layer: l.lstm({ units: 3, returnSequences: true, ...own }) as never,
          mergeMode: "concat",
          inputShape: [5, 2],
        }),
        l.bidirectional({ layer: l.simpleRNN({ units: 3, ...own }) as never, mergeMode: "sum" }),
        l.elu(),
      ],
    }),
  "simple recurrences and a layer for each time step": () =>
    sequential({
      layers: [
        l.simpleRNN({ units: 3, inputShape: [4, 2], returnSequences: true, ...own }),
        l.simpleRNN({ units: 4, activation: "relu", returnSequences: true, ...own }),
        l.timeDistributed({ layer: l.dense({ units: 2, activation: "mish" as never }) }),
        l.permute({ dims: [2, 1] }),
        l.reshape({ targetShape: [4, 2] }),
        l.thresholdedReLU({ theta: 0.1 }),
      ],
    }),
  "a volume": () =>
    sequential({
      layers: [
        l.conv3d({
          filters: 2,
          kernelSize: 2,
          padding: "same",
          inputShape: [5, 4, 4, 1],
          activation: "relu",
        }),
        l.maxPooling3d({ poolSize: 2, strides: 2 }),
        l.averagePooling3d({ poolSize: [2, 1, 2], strides: 1 }),
        l.flatten(),
        l.dense({ units: 2, activation: "linear" }),
      ],
    }),
  "a residual network as a graph": () => {
    const x = input({ shape: [6, 6, 3] });
    const stem = apply(l.conv2d({ filters: 3, kernelSize: 1, activation: "relu" }), x);
    const block = sequential({
      layers: [
        l.conv2d({ filters: 3, kernelSize: 3, padding: "same", inputShape: [6, 6, 3] }),
        l.batchNormalization(),
      ],
    });
    const once = apply(l.add(), [stem, apply(block, stem)]);
    const twice = apply(l.multiply(), [once, apply(block, once)]);
    const ends = [l.maximum(), l.minimum(), l.average()].map((layer) => apply(layer, [once, twice]));
    return model({
      inputs: x,
      outputs: apply(l.globalMaxPooling2d({}), apply(l.concatenate({ axis: -1 }), ends)),
    });
  },
  "two inputs and two outputs": () => {
    const [a, b] = [input({ shape: [4], name: "left" }), input({ shape: [4], name: "right" })];
    const shared = l.dense({ units: 3, activation: "tanh" });
    const [p, q] = [apply(shared, a), apply(shared, b)];
    const likeness = apply(l.dot({ axes: -1, normalize: true, name: "likeness" }), [p, q]);
    return model({ inputs: [a, b], outputs: [likeness, apply(l.dense({ units: 2, name: "class" }), p)] });
  },
};

interface Saved {
  readonly json: {
    modelTopology: { config: { layers: { config: Record<string, unknown> }[] } };
    weightsManifest: unknown;
  };
  readonly bytes: ArrayBuffer;
}

/** What tfjs writes: `model.json`, and one file of weights. */
async function saved(made: LayersModel): Promise<Saved> {
  const found: Saved[] = [];
  await made.save({
    async save({ modelTopology, weightSpecs, weightData }) {
      const weightsManifest = [{ paths: ["group1-shard1of1.bin"], weights: weightSpecs }];
      found.push({ json: { modelTopology, weightsManifest } as never, bytes: weightData as ArrayBuffer });
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    },
  });
  const [one] = found as [Saved];
  return { ...one, json: JSON.parse(JSON.stringify(one.json)) as Saved["json"] };
}

/** A model whose weights, also those that start at 0 or 1, are drawn. */
function drawn(make: () => LayersModel): LayersModel {
  const made = make();
  const rng = new Rng(1);
  made.setWeights(
    made.getWeights().map((weight, i) => {
      const { data } = rng.uniform(weight.shape, -0.5, 0.5);
      const isPositive = (made.weights[i] as { name: string }).name.includes("variance");
      return tensor(isPositive ? data.map((n) => n + 1) : data, weight.shape);
    }),
  );
  return made;
}

function inputsOf(made: LayersModel): Tensor[] {
  const rng = new Rng(2);
  const isWords = made.layers.some(({ name }) => name.startsWith("embedding"));
  return made.inputs.map(({ shape }) => {
    const size = [3, ...shape.slice(1)] as number[];
    return isWords
      ? tensor(rng.randint(0, 9, size).data, size, "int32")
      : tensor(rng.uniform(size, -1, 1).data, size);
  });
}

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test.each(Object.entries(models))("%s gives tfjs' numbers, and is trained", async (_title, make) => {
    const theirs = drawn(make);
    const inputs = inputsOf(theirs);
    const expected = [theirs.predict(inputs)].flat() as Tensor[];
    const { json, bytes } = await saved(theirs);
    const ours = fromTfjs<never, Tensor>(JSON.stringify(json), bytes, { rng: new Rng(0) });
    const names = theirs.inputNames;
    const given = (
      inputs.length === 1 ? inputs[0] : Object.fromEntries(names.map((name, i) => [name, inputs[i]]))
    ) as never;
    const output = () => {
      const y = ours.forward(given) as Tensor | Record<string, Tensor>;
      return "dataId" in y ? [y as Tensor] : Object.values(y);
    };
    const outputs = output();
    expect(outputs).toHaveLength(expected.length);
    for (const [i, y] of outputs.entries()) {
      expect(y.shape).toEqual(expected[i]?.shape);
      expect(y).toBeAllclose(expected[i] as Tensor, { rtol: 1e-5, atol: 1e-5 });
    }
    const optimizer = new Optimizer(sgd({ learningRate: 0.05 }), trainable(ours));
    const losses: number[] = [];
    for (let step = 0; step < 3; step++)
      losses.push(await trainStep(ours, optimizer, () => mean(square(output()[0] as Tensor))));
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(Object.keys(await torchStateOf(ours)).length).toBeGreaterThan(0);
    theirs.dispose();
    ours.dispose();
  });
});

test("ten steps of gradient descent have the losses of tfjs", async () => {
  await useBackend({ only: "cpu" });
  const theirs = drawn(() =>
    sequential({
      layers: [
        l.conv2d({
          filters: 3,
          kernelSize: 3,
          inputShape: [6, 6, 1],
          padding: "same",
          strides: 2,
          activation: "relu",
        }),
        l.flatten(),
        l.dense({ units: 2 }),
      ],
    }),
  );
  const [x] = inputsOf(theirs) as [Tensor];
  const y = zerosLike(theirs.predict(x) as Tensor);
  const { json, bytes } = await saved(theirs);
  const ours = fromTfjs(json, bytes, { rng: new Rng(0) });
  const optimizer = new Optimizer(sgd({ learningRate: 0.1 }), trainable(ours));
  theirs.compile({ optimizer: await sgdOfTfjs(), loss: "meanSquaredError" });
  for (let step = 0; step < 10; step++) {
    const loss = await trainStep(ours, optimizer, () => mseLoss(ours.forward(x), y));
    expect(Number(await theirs.trainOnBatch(x, y))).toBeCloseTo(loss, 5);
  }
});

async function sgdOfTfjs() {
  const { train } = await import("@tensorflow/tfjs-core");
  return train.sgd(0.1);
}

test("quantized weights are widened, and files may be several", async () => {
  const { json } = await saved(drawn(models["a perceptron"] as () => LayersModel));
  const [{ weights }] = json.weightsManifest as [{ weights: { name: string; shape: number[] }[] }];
  const count = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
  const kinds = ["uint8", "uint16", "float16"];
  const width = (i: number) => [1, 2, 2][i % 3] as number;
  const specs = weights.map((spec, i) => ({
    ...spec,
    dtype: "float32",
    quantization: { dtype: kinds[i % 3], scale: 0.5, min: -1, original_dtype: "float32" },
  }));
  const files = weights.map(({ shape }, i) => new Uint8Array(count(shape) * width(i)).fill(2));
  const made = fromTfjs({ ...json, weightsManifest: [{ weights: specs }] }, files, { rng: new Rng(0) });
  const state = Object.values(await torchStateOf(made)).map(({ data }) => data[0]);
  expect(state).toEqual([0, 256, 2 ** -14 * (514 / 1024), 0, 256]);
});

test("causal padding is before the first time step only", () => {
  const layer = {
    name: "conv",
    filters: 1,
    kernel_size: [2],
    dilation_rate: [2],
    padding: "causal",
    use_bias: false,
  };
  const modelTopology = { class_name: "Sequential", config: [{ class_name: "Conv1D", config: layer }] };
  const weightsManifest = [{ weights: [{ name: "conv/kernel", shape: [2, 1, 1], dtype: "float32" }] }];
  const made = fromTfjs({ modelTopology, weightsManifest }, Float32Array.of(10, 1).buffer, {
    rng: new Rng(0),
  });
  expect(made.forward(tensor([1, 2, 3, 4], [1, 4, 1]))).toBeAllclose([1, 2, 13, 24]);
});

test("a layer that is not trainable is frozen", async () => {
  const { json, bytes } = await saved(drawn(models["a perceptron"] as () => LayersModel));
  for (const { config } of json.modelTopology.config.layers.slice(0, 1)) config["trainable"] = false;
  const made: TfjsModel = fromTfjs(json, bytes, { rng: new Rng(0) });
  expect(Object.keys(trainable(made)).some((path) => path.includes("Dense"))).toBe(true);
  expect(Object.keys(trainable(made))).toHaveLength(3);
});

type Json = { readonly [key: string]: Json } | readonly Json[] | string | number | boolean | null | undefined;

/** A copy of a JSON value in which the value at a path, such as `config.layers.0.name`, is another one. */
function changedAt(json: unknown, path: string, value: unknown): object {
  const [key = "", ...rest] = path.split(".");
  const copy = (Array.isArray(json) ? [...(json as unknown[])] : { ...(json as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = rest.length === 0 ? value : changedAt(copy[key], rest.join("."), value);
  return copy;
}

describe("what is refused, with no tensor leaked", () => {
  let json: object;
  let bytes: ArrayBuffer;
  beforeAll(async () => {
    await useBackend({ only: "cpu" });
    ({ json, bytes } = await saved(drawn(models["a convolutional network of digits"] as () => LayersModel)));
  });
  const refuse = (changed: object | string, message: string | RegExp, files: TfjsFiles = bytes) => {
    const { numTensors } = memory();
    const attempt = () => fromTfjs(changed, files, { rng: new Rng(0) });
    expect(attempt).toThrow(TfjsError);
    expect(attempt).toThrow(message);
    expect(memory().numTensors).toBe(numTensors);
  };
  const first = "modelTopology.config.layers.0";
  const weights = "weightsManifest.0.weights";

  test("files that are cut off or of another kind", () => {
    refuse(JSON.stringify(json).slice(0, 200), "model.json is not JSON");
    refuse("[]", "model.json is [], expected an object");
    refuse(changedAt(json, "modelTopology", undefined), "modelTopology is missing");
    refuse({ format: "graph-model", modelTopology: { node: [] } }, "is a graph model");
    refuse(changedAt(json, "weightsManifest", undefined), "weightsManifest is missing, expected a list");
    refuse(json, /describes \d+ bytes, but there are \d+: a file is missing/, bytes.slice(0, -4));
    refuse(json, "a file of weights is not an ArrayBuffer", ["no"] as never);
    refuse(json, "weights are not bytes", 3 as never);
  });

  test.each([
    ["0.name", "other/kernel", "has no weight conv2d_Conv2D"],
    ["0.shape", [3, 3, 4, 2], "is [3, 3, 4, 2] of Float32Array, expected [3, 3, any, 4]"],
    ["0.shape", [-3, 3], "expected integers of 0 or more"],
    ["0.shape", [2 ** 30, 2 ** 30], "has 1152921504606847000 numbers"],
    ["0.dtype", "complex64", 'is "complex64"'],
    ["0.quantization", { dtype: "uint4", scale: 1, min: 0 }, "uint4"],
    ["0.quantization", { dtype: "uint8", scale: "1", min: 0 }, "expected numbers"],
    ["0", null, "a weight of weightsManifest is null, expected an object"],
  ] as const)("a weight whose %s is %j", (path, value, message) => {
    refuse(changedAt(json, `${weights}.${path}`, value), message);
  });

  test("weights that no layer has, or two of one name", () => {
    const { weightsManifest } = json as { weightsManifest: [{ weights: { name: string }[] }] };
    const [{ weights: specs }] = weightsManifest;
    const extra = { name: "more/kernel", shape: [1], dtype: "float32" };
    const more = changedAt(json, weights, [...specs, extra]);
    refuse(more, "no layer has the weights more/kernel", [bytes, new Uint8Array(4)]);
    refuse(changedAt(json, `${weights}.1.name`, specs[0]?.name), "two weights are called");
  });

  test.each([
    ["class_name", "GaussianNoise", "this class cannot be imported"],
    ["class_name", "__proto__", "this class cannot be imported"],
    ["class_name", 3, "class_name of a layer is 3, expected a text"],
    ["config.data_format", "channels_first", 'data_format is "channels_first"'],
    ["config.kernel_size", [1e9, 3], "expected [1000000000, 3, any, 4]"],
    ["config.kernel_size", [3], "kernel_size is [3], expected 2 integers"],
    ["config.filters", 1e9, "expected [3, 3, any, 1000000000]"],
    ["config.filters", "4", 'filters is "4", expected an integer'],
    ["config.padding", "reflect", 'padding is "reflect"'],
    ["config.activation", "cube", 'activation is "cube"'],
    ["config.name", "__proto__", 'a layer is called "__proto__"'],
    ["config", [], "has no layers"],
  ] as const)("a layer whose %s is %j", (path, value, message) => {
    if (path === "config") refuse(changedAt(json, "modelTopology.config.layers", value), message);
    else refuse(changedAt(json, `${first}.${path}`, value), message);
  });

  test("models of another class, and two layers of one name", () => {
    refuse(changedAt(json, "modelTopology.class_name", "Graph"), 'the model is a "Graph"');
    const { modelTopology } = json as Saved["json"];
    const [{ config }] = modelTopology.config.layers as [{ config: Record<string, unknown> }];
    refuse(
      changedAt(json, "modelTopology.config.layers.1.config.name", config["name"]),
      "two layers are called",
    );
  });

  test("graphs that are malformed", async () => {
    const graph = await saved(drawn(models["two inputs and two outputs"] as () => LayersModel));
    const { layers } = graph.json.modelTopology.config as unknown as {
      layers: { name: string; class_name: string }[];
    };
    const at = layers.findIndex(({ class_name: type }) => type === "Dense");
    const node = `modelTopology.config.layers.${at}.inbound_nodes.0.0`;
    const refuseGraph = (path: string, value: unknown, message: string) =>
      refuse(changedAt(graph.json, path, value), message, graph.bytes);
    refuseGraph(`${node}.0`, layers.at(-1)?.name, "which is not there or needs it");
    refuseGraph(node, ["left"], "expected [layer, call, output]");
    refuseGraph(`${node}.3`, { mask: 1 }, "is called with arguments");
    refuseGraph(
      "modelTopology.config.output_layers",
      [["nowhere", 0, 0]],
      'the output is call 0 of "nowhere"',
    );
    const nest = (depth: number): Json =>
      depth === 0
        ? { class_name: "Dense", config: { name: "d", units: 1 } }
        : { class_name: "Sequential", config: { name: `s${depth}`, layers: [nest(depth - 1)] } };
    refuse({ modelTopology: nest(40), weightsManifest: [] }, "nested in 16 models", new Uint8Array());
  });

  test("inputs that are not the model's", async () => {
    const graph = await saved(drawn(models["two inputs and two outputs"] as () => LayersModel));
    const made = fromTfjs<Record<string, Tensor>>(graph.json, graph.bytes, { rng: new Rng(0) });
    const [left] = inputsOf(drawn(models["a perceptron"] as () => LayersModel)) as [Tensor];
    expect(() => made.forward({ left })).toThrow("the input is left, expected tensors left, right");
    expect(() => made.forward(left as never)).toThrow("the input is a tensor, expected tensors left, right");
    expect(() => made.forward({ left, right: left }) as never).toLeakNothing();
  });
});

// A detector with its boxes as one file: what onnxruntime finds in pictures is what is found here, and what the imported file finds.
import { useBackend } from "@pellucid/backends";
import {
  BatchNorm2d,
  type Layer,
  loadWeights,
  Module,
  Rng,
  sizeOf,
  torchStateOf,
} from "@pellucid/core-train";
import {
  AnchorFreeDetector,
  AnchorGenerator,
  ConvBackbone,
  type Decoded,
  DetectionGraph,
  FCOS,
  FCOSHead,
  RetinaNet,
  roiAlign,
  selectDetections,
  YoloGrid,
} from "@pellucid/detection";
import { fromOnnx, OnnxError, type OnnxModel, toOnnx } from "@pellucid/export";
import { formulaWeights } from "@pellucid/testing";
import {
  argMax,
  gather,
  grad,
  image,
  max,
  memory,
  mul,
  reshape,
  type Scalar,
  sum,
  type Tensor,
  tensor,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  type Tensor4D,
  tidy,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Attribute,
  float,
  graphProto,
  modelProto,
  nodeProto,
  tensorProto,
  valueInfo,
} from "../src/onnx/onnx-proto.ts";
import { readModel } from "../src/onnx/read/read-model.ts";
import { ModuleOf } from "./module-of.ts";
import { runOnnx, sessionOf } from "./run-onnx.ts";

beforeAll(() => useBackend({ only: "wasm" }));

interface Found {
  readonly boxes: Tensor;
  readonly scores: Tensor;
  readonly labels: Tensor;
}

type Decoder = Module & { decode(images: Tensor4D): Decoded };

/** Boxes that no better one overlaps, of one picture. */
class WithBoxes extends Module implements Layer<Tensor4D, never> {
  readonly detector: Decoder;
  readonly threshold: number;

  /** @param like a picture of which a third of the boxes have a score above the threshold */
  constructor(detector: Decoder, like: Tensor4D) {
    super();
    this.detector = detector;
    const best = tidy(() => [...max(detector.decode(like).scores, 2).dataSync()]);
    const sorted = best.toSorted((a, b) => b - a);
    const third = Math.floor(best.length / 3);
    this.threshold = ((sorted[third] ?? NaN) + (sorted[third + 1] ?? NaN)) / 2;
  }

  forward(images: Tensor4D): never {
    return tidy(() => {
      const { boxes, scores } = this.detector.decode(images);
      const [, anchors, classes] = scores.shape;
      const ofEach = reshape(scores, [anchors, classes]);
      const corners: Tensor2D = reshape(boxes, [anchors, 4]);
      const best: Tensor1D = max(ofEach, 1); // [anchor]
      const kept = image.nonMaxSuppression(corners, best, 100, 0.3, this.threshold); // [kept]
      return {
        boxes: gather(corners, kept),
        scores: gather(best, kept),
        labels: gather(argMax(ofEach, 1), kept),
      };
    }) as never;
  }
}

const detectors: Readonly<Record<string, (rng: Rng) => Decoder>> = {
  "without anchors": (rng) =>
    new AnchorFreeDetector(new ConvBackbone(3, [4, 6, 8], { rng, outputs: 2 }), 2, {
      rng,
      bins: 4,
      width: 8,
    }),
  "a grid": (rng) => new YoloGrid(new ConvBackbone(3, [4, 6, 8], { rng }), 2, { rng }),
};

/** Pictures with spots of other sizes, so that other numbers of boxes are kept. */
const picture = (seed: number): Tensor4D => {
  const { data } = new Rng(seed).uniform([1, 32, 32, 3], -2 * seed, 2 * seed);
  return tensor(data, [1, 32, 32, 3]);
};

describe.each(Object.entries(detectors))("%s", (_, make) => {
  test("has the boxes of onnxruntime and of the imported file", async () => {
    const model = new WithBoxes(make(new Rng(4)), picture(2));
    const bytes = await toOnnx(model as Module & { forward(x: Tensor4D): Found }, [picture(1)], { axes: {} });
    const { graph } = readModel(bytes);
    expect(graph.nodes.some(({ op }) => op === "NonMaxSuppression")).toBe(true);
    expect(graph.outputs.map(({ shape }) => shape)).toEqual([["kept", 4], ["kept"], ["kept"]]);
    const session = await sessionOf(bytes);
    const imported = fromOnnx<Tensor, never>(bytes) as unknown as OnnxModel<
      Tensor,
      Found & Record<string, Tensor>
    >;
    const counts = new Set<number>();
    for (const seed of [1, 2, 5, 40]) {
      const x = picture(seed);
      const found = await runOnnx(session, { input: x });
      const again = imported.forward(x);
      const decoded = model.detector.decode(x);
      const [here] = await selectDetections(decoded, {
        scoreThreshold: model.threshold,
        iouThreshold: 0.3,
        classAgnostic: true,
      });
      counts.add(here?.scores.length ?? 0);
      for (const key of ["boxes", "scores", "labels"] as const) {
        const wanted = key === "boxes" ? here?.boxes.data : here?.[key];
        expect(Array.from(found[key]?.data ?? [], Number), key).toBeAllclose(Array.from(wanted as never), {
          atol: 1e-4,
        });
        expect(Array.from(await again[key].data()), key).toBeAllclose(Array.from(wanted as never), {
          atol: 1e-4,
        });
      }
    }
    expect(counts.size).toBeGreaterThan(1);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    await session.release();
  });
});

/** torchvision's detectors, small, of two kinds of boxes: of anchors and of positions. */
const oneStage: Readonly<Record<string, (rng: Rng) => RetinaNet | FCOS>> = {
  RetinaNet: (rng) => {
    const anchorGenerator = new AnchorGenerator([
      [6, 9],
      [12, 18],
    ]);
    return new RetinaNet(new ConvBackbone(3, [4, 8, 8], { rng, outputs: 2 }), 3, {
      ...small(rng),
      anchorGenerator,
      scoreThresh: 0.5,
    });
  },
  FCOS: (rng) => {
    const anchorGenerator = new AnchorGenerator([[4], [8]], [[1]]);
    const head = new FCOSHead(8, 1, 3, {
      rng,
      numConvs: 1,
      normLayer: (channels) => new BatchNorm2d(channels),
    });
    return new FCOS(new ConvBackbone(3, [4, 8, 8], { rng, outputs: 2 }), 3, {
      ...small(rng),
      anchorGenerator,
      head,
      scoreThresh: 0.2,
    });
  },
};
const small = (rng: Rng) => ({
  rng,
  minSize: 40,
  maxSize: 64,
  topkCandidates: 60,
  detectionsPerImg: 12,
  transform: { sizeDivisible: 10 }, // nothing is padded: equal scores have no order
});

/** The same boxes, of falling score; which of equal scores comes first is left to what runs the graph. */
function expectSame(
  found: Readonly<Record<string, { readonly data: ArrayLike<unknown> }>>,
  wanted: Readonly<Record<keyof Found, ArrayLike<number>>>,
): void {
  const [boxes = [], scores = [], labels = []] = ["boxes", "scores", "labels"].map((key) =>
    Array.from(found[key]?.data ?? [], Number),
  );
  expect(scores).toBeAllclose(Array.from(wanted.scores), { rtol: 0, atol: 1e-5 });
  const left = new Set(labels.keys());
  for (let i = 0; i < wanted.labels.length; i++) {
    const same = [...left].find(
      (j) =>
        labels[j] === wanted.labels[i] &&
        Math.abs((scores[j] ?? NaN) - (wanted.scores[i] ?? NaN)) < 2e-5 &&
        [0, 1, 2, 3].every(
          (k) => Math.abs((boxes[4 * j + k] ?? NaN) - (wanted.boxes[4 * i + k] ?? NaN)) < 1e-3,
        ),
    );
    expect(same, `box ${i}, of score ${wanted.scores[i]}`).toBeDefined();
    left.delete(same as number);
  }
  expect(left.size).toBe(0);
}

test.each(Object.entries(oneStage))(
  "%s with what it does before and after its network is one file",
  async (_, make) => {
    const detector = make(new Rng(0));
    const shapes = Object.fromEntries(
      Object.entries(await torchStateOf(detector)).flatMap(([key, { shape }]) =>
        key.endsWith("num_batches_tracked") ? [] : [[key, shape] as const],
      ),
    );
    const weights = formulaWeights(shapes, (u, key, shape) => {
      if (shape.length > 1) return u * Math.sqrt(24 / sizeOf(shape.slice(1)));
      return key.endsWith("running_var") ? 1 + 0.4 * u : 0.3 * u;
    });
    loadWeights(detector, weights, { strict: false });
    const of = (seed: number): Tensor4D =>
      tensor(new Rng(seed).uniform([1, 24, 30, 3], 0, 1).data, [1, 24, 30, 3]);
    const bytes = await toOnnx(new DetectionGraph(detector), [of(0)], { axes: {} });
    const session = await sessionOf(bytes);
    const imported = fromOnnx<Tensor, never>(bytes) as unknown as OnnxModel<
      Tensor,
      Found & Record<string, Tensor>
    >;
    const counts: number[] = [];
    for (const seed of [1, 2, 3]) {
      const x = of(seed);
      const [here] = await detector.detect([reshape(x, [24, 30, 3])]);
      counts.push(here?.scores.length ?? 0);
      const theirs = await runOnnx(session, { [session.inputNames[0] as string]: x });
      const again = imported.forward(x);
      const wanted = {
        boxes: here?.boxes.data ?? [],
        scores: here?.scores ?? [],
        labels: here?.labels ?? [],
      };
      expectSame(theirs, wanted);
      const read = async (key: keyof Found) => [key, { data: await again[key].data() }] as const;
      expectSame(
        Object.fromEntries(await Promise.all((["boxes", "scores", "labels"] as const).map(read))),
        wanted,
      );
    }
    expect(Math.min(...counts)).toBeGreaterThan(2);
    await session.release();
  },
);

test("what needs the number of boxes is refused by name", async () => {
  const boxes = tensor2d([
    [0, 0, 2, 2],
    [5, 5, 8, 8],
  ]);
  const total = new ModuleOf(({ of, by }: { of: Tensor; by: Tensor }) =>
    tidy(() => sum(gather(of, image.nonMaxSuppression(of as Tensor2D, by as Tensor1D, 5)), 0)),
  );
  await expect(toOnnx(total, [{ of: boxes, by: tensor([0.5, 0.6]) }], { axes: {} })).rejects.toThrow(
    "toOnnx: Sum in ModuleOf has no form in ONNX: how many boxes are kept differs from picture to picture",
  );
});

const asFile = { layout: "file" } as const;
const settled = { ir: 8, metadata: {} };

/** What onnxruntime and the imported file give for one op. */
async function both(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<{ readonly theirs: readonly number[]; readonly ours: Tensor }> {
  const session = await sessionOf(bytes);
  const { y } = await runOnnx(session, inputs);
  await session.release();
  const model = fromOnnx<Record<string, Tensor>>(bytes, asFile);
  const before = memory().numTensors;
  const ours = model.forward({ ...inputs });
  expect(memory().numTensors).toBe(before + 1);
  expect(ours.shape).toEqual(y?.shape);
  model.dispose();
  return { theirs: Array.from(y?.data ?? [], Number), ours };
}

/** One `RoiAlign` of images `[n, 2, height, width]`. */
const aligning = (attributes: Readonly<Record<string, Attribute>>, opset: number): Uint8Array => {
  const nodes = [
    nodeProto("cast", "Cast", ["of"], ["example"], { to: 7 }),
    nodeProto("align", "RoiAlign", ["x", "rois", "example"], ["y"], attributes),
  ];
  const inputs = [
    valueInfo("x", "float32", ["n", 2, "height", "width"]),
    valueInfo("rois", "float32", ["region", 4]),
    valueInfo("of", "int32", ["region"]),
  ];
  const outputs = [valueInfo("y", "float32", ["region", 2, "row", "column"])];
  return modelProto(graphProto("test", { nodes, inputs, outputs }), { ...settled, opset }).finish();
};

const size = { output_height: 3, output_width: 2 };
const regions = [
  [0.5, 1, 6, 5.5],
  [-3, -2, 4, 9],
  [2, 2, 2.2, 2.1],
  [1, 4, 30, 7],
];

describe("RoiAlign is onnxruntime's", () => {
  const given = () => ({
    x: tensor(new Rng(3).uniform([2, 2, 7, 9], -1, 1).data, [2, 2, 7, 9]),
    rois: tensor2d(regions),
    of: tensor([0, 1, 0, 1], [4], "int32"),
  });
  const imagesOf = ({ x }: { readonly x: Tensor }): Tensor4D => transpose(x as Tensor4D, [0, 2, 3, 1]);

  test.each<[Readonly<Record<string, Attribute>>, number]>([
    [{ ...size, sampling_ratio: 2 }, 17],
    [{ ...size, sampling_ratio: 0 }, 17],
    [{ ...size, sampling_ratio: 3, spatial_scale: float(0.5) }, 16],
    [{ ...size, sampling_ratio: 0, coordinate_transformation_mode: "output_half_pixel" }, 17],
    [{ ...size, sampling_ratio: 1 }, 15],
    [{}, 20],
  ])("%j, opset %i", async (attributes, opset) => {
    const { theirs, ours } = await both(aligning(attributes, opset), given());
    expect(ours).toBeAllclose(theirs, { atol: 1e-5, rtol: 1e-5 });
    ours.dispose();
  });

  test("and its gradient is that of the detector's own", () => {
    const model = fromOnnx<Record<string, Tensor>>(aligning({ ...size, sampling_ratio: 2 }, 17));
    const inputs = given();
    const images = imagesOf(inputs);
    const rois = tensor2d(regions.map((box, i) => [i % 2, ...box]));
    const weight = tensor(new Rng(4).uniform([4, 3, 2, 2], -1, 1).data, [4, 3, 2, 2]);
    const loss = (pooled: Tensor) => sum(mul(pooled, weight)) as Scalar;
    const imported = grad((z) => loss(model.forward({ ...inputs, x: z })))(images);
    const own = grad((z) => loss(roiAlign(z as Tensor4D, rois, [3, 2], { samplingRatio: 2, aligned: true })))(
      images,
    );
    expect(imported).toBeAllclose(own, { atol: 1e-5 });
  });

  test("no regions give no rows, and an example that does not exist is refused", () => {
    const model = fromOnnx<Record<string, Tensor>>(aligning(size, 17));
    const images = imagesOf(given());
    const none = { x: images, rois: zeros([0, 4]), of: zeros([0], "int32") };
    expect(model.forward(none).shape).toEqual([0, 3, 2, 2]);
    const wrong = { ...given(), x: images, of: tensor([0, 1, 2, 1], [4], "int32") };
    expect(() => model.forward(wrong)).toThrow('RoiAlign "align": its batch_indices are not 4 from 0 to 1.');
    expect(() =>
      fromOnnx<Record<string, Tensor>>(aligning({ ...size, mode: "max" }, 17)).forward({
        ...given(),
        x: images,
      }),
    ).toThrow(OnnxError);
  });
});

/** One `NonMaxSuppression` with its limits. */
const suppressing = (
  { most, overlap, least }: { most: number; overlap: number; least: number | null },
  attributes: Readonly<Record<string, Attribute>> = {},
): Uint8Array => {
  const numbers = (name: string, dtype: "int64" | "float32", bytes: ArrayBuffer) =>
    tensorProto(name, dtype, [1], new Uint8Array(bytes));
  const limits = [
    numbers("most", "int64", BigInt64Array.of(BigInt(most)).buffer),
    numbers("overlap", "float32", Float32Array.of(overlap).buffer),
    ...(least === null ? [] : [numbers("least", "float32", Float32Array.of(least).buffer)]),
  ];
  const names = ["boxes", "scores", "most", "overlap", ...(least === null ? [] : ["least"])];
  const graph = graphProto("test", {
    nodes: [nodeProto("suppress", "NonMaxSuppression", names, ["y"], attributes)],
    initializers: limits,
    inputs: [
      valueInfo("boxes", "float32", ["batch", "box", 4]),
      valueInfo("scores", "float32", ["batch", "class", "box"]),
    ],
    outputs: [valueInfo("y", "int64", ["kept", 3])],
  });
  return modelProto(graph, { ...settled, opset: 17 }).finish();
};

describe("NonMaxSuppression is onnxruntime's", () => {
  const [batch, classes, count] = [2, 3, 30];
  const { data } = new Rng(8).uniform([batch, count, 4], 0, 1);
  const corners = () => tensor(data, [batch, count, 4]); // in any order
  const confidence = () =>
    tensor(
      new Rng(9).uniform([batch, classes, count], 0, 1).data.map((score) => Math.round(score * 10) / 10), // with ties
      [batch, classes, count],
    );

  test.each<[{ most: number; overlap: number; least: number | null }, Readonly<Record<string, Attribute>>]>([
    [{ most: 100, overlap: 0.3, least: 0.5 }, {}],
    [{ most: 4, overlap: 0.1, least: null }, {}],
    [{ most: 100, overlap: 0.2, least: 0.2 }, { center_point_box: 1 }],
    [{ most: 100, overlap: 0.3, least: 2 }, {}],
    [{ most: 0, overlap: 0.3, least: 0 }, {}],
  ])("%j %j", async (limits, attributes) => {
    const { theirs, ours } = await both(suppressing(limits, attributes), {
      boxes: corners(),
      scores: confidence(),
    });
    expect(Array.from(ours.dataSync())).toEqual(theirs);
    ours.dispose();
  });

  test("scores of another number of boxes are refused", () => {
    const model = fromOnnx<Record<string, Tensor>>(suppressing({ most: 5, overlap: 0.5, least: 0 }));
    expect(() => model.forward({ boxes: corners(), scores: zeros([2, 3, 29]) })).toThrow(
      "it takes [batch, box, 4] and [batch, class, box], not [2, 30, 4] and [2, 3, 29].",
    );
  });
});

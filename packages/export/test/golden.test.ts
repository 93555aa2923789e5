// Conventions in which exporters to ONNX differ from PyTorch: outputs of PyTorch and onnxruntime, in onnxruntime.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  AvgPool2d,
  BatchNorm1d,
  convTranspose2d,
  elu,
  gelu,
  GRU,
  hardsigmoid,
  hardswish,
  interpolate,
  type InterpolationMode,
  LayerNorm,
  leakyRelu,
  loadWeights,
  LSTM,
  MaxPool2d,
  type Module,
  pad,
  type PadMode,
  Rng,
  selu,
  softmax,
  softplus,
  topk,
} from "@pellucid/core-train";
import { roiAlign } from "@pellucid/detection";
import { type OnnxOptions, toOnnx } from "@pellucid/export";
import {
  argMax,
  floorDiv,
  gather,
  image,
  mod,
  reshape,
  round,
  type Tensor,
  tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  transpose,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type OnnxModelFile, type OnnxNode, readModel } from "../src/onnx/read/read-model.ts";
import { ModuleOf } from "./module-of.ts";
import { runOnnx, sessionOf } from "./run-onnx.ts";

type Values = number | readonly Values[];
type Inputs = Readonly<Record<string, Tensor>>;
interface Golden {
  readonly id: string;
  readonly kind: string;
  readonly input: Readonly<Record<string, never>>;
  readonly right: never;
  readonly tolerance: number;
}

const path = join(import.meta.dirname, "../fixtures/golden/onnx.json");
const { cases } = JSON.parse(readFileSync(path, "utf8")) as { readonly cases: readonly Golden[] };
const rng = new Rng(0);

const made = (values: Values, dtype: "float32" | "int32" = "float32"): Tensor =>
  tensor(values as never, undefined, dtype);
const last = (values: Values): Tensor4D => transpose(made(values) as Tensor4D, [0, 2, 3, 1]);
const flat = (values: Values): number[] => [values].flat(Infinity as 1) as number[];
const first = { layout: "channels-first" } as const;

interface Exported {
  readonly file: OnnxModelFile;
  readonly run: (
    inputs: Inputs,
  ) => Promise<Readonly<Record<string, { data: number[]; shape: readonly number[] }>>>;
}

async function exported(
  model: Module & { forward(...inputs: never[]): unknown },
  args: readonly unknown[],
  options: OnnxOptions = {},
): Promise<Exported> {
  const bytes = await toOnnx(model, args as never, options);
  const session = await sessionOf(bytes);
  return {
    file: readModel(bytes),
    async run(inputs) {
      const found = await runOnnx(session, inputs);
      const entries = Object.entries(found).map(
        ([name, { data, shape }]) => [name, { data: Array.from(data, Number), shape }] as const,
      );
      return Object.fromEntries(entries);
    },
  };
}

const nodeOf = ({ graph }: OnnxModelFile, op: string): OnnxNode => {
  const node = graph.nodes.find((one) => one.op === op);
  if (node === undefined) throw new Error(`${op} is not in ${graph.nodes.map((one) => one.op).join()}`);
  return node;
};

/** The output of a function of images `[batch, channel, height, width]` in the file. */
async function ofImages(
  run: (x: Tensor4D) => Tensor,
  values: Values,
): Promise<Exported & { readonly output: number[] }> {
  const model = await exported(new ModuleOf(run), [last(values)], first);
  const { output } = await model.run({ input: made(values) });
  return { ...model, output: output?.data ?? [] };
}

/** The output of a function of numbers. */
async function ofNumbers(
  run: (x: Tensor) => Tensor,
  values: Values,
  options: OnnxOptions = {},
): Promise<number[]> {
  const { output } = await (
    await exported(new ModuleOf(run), [made(values)], options)
  ).run({ input: made(values) });
  return output?.data ?? [];
}

const checks: Readonly<Record<string, (input: never, right: never, tolerance: number) => Promise<void>>> = {
  async "onnx-resize"(
    input: {
      input: Values;
      size: [number, number];
      torch_mode: InterpolationMode;
      align_corners: boolean | null;
    },
    right: { output: Values; coordinate_modes_that_match: string[] },
    atol: number,
  ) {
    const alignCorners = input.align_corners ?? false;
    const resized = (x: Tensor4D) =>
      interpolate(x, { size: input.size, mode: input.torch_mode, alignCorners });
    const { output, file } = await ofImages(resized, input.input);
    expect(output).toBeAllclose(flat(right.output), { atol, rtol: atol });
    const { attributes } = nodeOf(file, "Resize");
    expect(right.coordinate_modes_that_match).toContain(attributes.get("coordinate_transformation_mode"));
    if (input.torch_mode === "bicubic") expect(attributes.get("cubic_coeff_a")).toBe(-0.75);
  },
  async "onnx-gelu"(input: { x: number[] }, right: { none: number[]; tanh: number[] }, atol: number) {
    for (const approximate of ["none", "tanh"] as const)
      for (const opset of [17, 20] as const) {
        const output = await ofNumbers((x) => gelu(x, { approximate }), input.x, { opset });
        expect(output).toBeAllclose(right[approximate], { atol, rtol: atol });
      }
  },
  async "onnx-norm-epsilon"(
    { x, eps }: { x: number[][]; eps: number },
    right: Readonly<Record<string, Values>>,
    atol: number,
  ) {
    const layer = await exported(new LayerNorm(4, { eps }), [made(x)]);
    const { output } = await layer.run({ input: made(x) });
    expect(output?.data).toBeAllclose(flat(right["layer_norm"] as Values), { atol, rtol: atol });
    expect(nodeOf(layer.file, "LayerNormalization").attributes.get("epsilon")).toBe(Math.fround(eps));
    const norm = new BatchNorm1d(4, { eps });
    norm.runningMean?.assign(tensor([0.1, 0.1, 0.1, 0.1]) as never);
    norm.runningVar?.assign(tensor([1e-4, 1e-4, 1e-4, 1e-4]) as never);
    const batch = await exported(norm, [made(x)]);
    const normalized = (await batch.run({ input: made(x) }))["output"];
    expect(normalized?.data).toBeAllclose(flat(right["batch_norm_eval_mean_.1_var_1e-4"] as Values), {
      atol,
      rtol: atol,
    });
    expect(nodeOf(batch.file, "BatchNormalization").attributes.get("epsilon")).toBe(Math.fround(eps));
  },
  async "onnx-rnn"(
    {
      x_time_batch_feature: x,
      state_dict: state,
    }: { x_time_batch_feature: number[][][]; state_dict: Readonly<Record<string, Values>> },
    right: { onnx_W: Values; onnx_R: Values; onnx_B: Values; output: Values },
    atol: number,
  ) {
    const hidden = (state["weight_hh_l0"] as number[][])[0]?.length ?? 0;
    const gates = (state["weight_hh_l0"] as number[][]).length / hidden;
    const bidirectional = "weight_ih_l0_reverse" in state;
    const sizes = [x[0]?.[0]?.length ?? 0, hidden] as const;
    const model =
      gates === 4 ? new LSTM(...sizes, { rng, bidirectional }) : new GRU(...sizes, { rng, bidirectional });
    const weights = Object.entries(state).map(([name, values]) => {
      const { shape } = made(values);
      return [name, { data: Float32Array.from(flat(values)), shape }] as const;
    });
    loadWeights(model, Object.fromEntries(weights));
    const sequences = transpose(made(x) as Tensor3D, [1, 0, 2]);
    const { file, run } = await exported(model, [sequences]);
    const { output } = await run({ input: sequences });
    const expected = transpose(made(right.output) as Tensor3D, [1, 0, 2]);
    expect(output?.data).toBeAllclose(await expected.data(), { atol, rtol: atol });
    const nodes = file.graph.nodes.filter(({ op }) => op === (gates === 4 ? "LSTM" : "GRU"));
    const numbers = (index: number) =>
      nodes.flatMap(({ inputs }) =>
        Array.from(file.graph.initializers.find(({ name }) => name === inputs[index])?.data ?? []),
      );
    for (const [index, key] of [
      [1, "onnx_W"],
      [2, "onnx_R"],
      [3, "onnx_B"],
    ] as const)
      expect(numbers(index)).toBeAllclose(flat(right[key]), { atol });
    if (gates === 3) expect(nodes[0]?.attributes.get("linear_before_reset")).toBe(1);
  },
  async "onnx-average-pool"(
    {
      input,
      kernel,
      stride,
      padding,
      ceil_mode: ceilMode,
    }: { input: Values; kernel: number; stride: number; padding: number; ceil_mode: boolean },
    right: Readonly<Record<string, Values>>,
    atol: number,
  ) {
    const options = { stride, padding, ceilMode };
    for (const [key, layer] of [
      ["count_include_pad_True", new AvgPool2d(kernel, { ...options, countIncludePad: true })],
      ["count_include_pad_False", new AvgPool2d(kernel, { ...options, countIncludePad: false })],
      ["max_pool", new MaxPool2d(kernel, options)],
    ] as const) {
      const { output } = await ofImages((x) => layer.forward(x), input);
      expect(output).toBeAllclose(flat(right[key] as Values), { atol, rtol: atol });
    }
  },
  async "onnx-pad"(
    {
      input,
      torch_pad_left_right_top_bottom: sides,
      mode,
    }: { input: Values; torch_pad_left_right_top_bottom: number[]; mode: PadMode },
    right: { onnx_pads: number[]; onnx_mode: string; min_opset: number; output: Values },
    atol: number,
  ) {
    const [left = 0, side = 0, top = 0, bottom = 0] = sides;
    const padded = (x: Tensor4D) =>
      pad(
        x,
        [
          [0, 0],
          [top, bottom],
          [left, side],
          [0, 0],
        ],
        { mode },
      );
    const { output, file } = await ofImages(padded, input);
    expect(output).toBeAllclose(flat(right.output), { atol });
    const node = nodeOf(file, "Pad");
    expect(node.attributes.get("mode")).toBe(right.onnx_mode);
    const pads = file.graph.initializers.find(({ name }) => name === node.inputs[1]);
    expect(Array.from(pads?.data ?? [])).toEqual(right.onnx_pads);
    expect(file.opset).toBeGreaterThanOrEqual(right.min_opset);
  },
  async "onnx-gather-negative"(
    { x, indices, axis }: { x: number[][]; indices: number[]; axis: number },
    right: { output: Values; out_of_range: string },
  ) {
    const rows = new ModuleOf(({ x: table, ids }: { x: Tensor; ids: Tensor }) =>
      gather(table, ids as Tensor1D, axis),
    );
    const { run } = await exported(rows, [{ x: made(x), ids: made([0, 1, 2], "int32") }]);
    const { output } = await run({ x: made(x), ids: made(indices, "int32") });
    expect(output?.data).toEqual(flat(right.output));
    expect(right.out_of_range).toBe("error");
    await expect(run({ x: made(x), ids: made([x.length], "int32") })).rejects.toThrow(
      "indices element out of data bounds",
    );
  },
  async "onnx-reshape-batch"(
    { x_shape: [, features], target }: { x_shape: [string, number]; target: number[] },
    { shape_by_N: shapes }: { shape_by_N: Readonly<Record<string, number[] | "error">> },
  ) {
    const counted = (x: Tensor) =>
      reshape(
        x,
        target.map((size) => (size === 0 ? (x.shape[0] as number) : size)),
      );
    const input = (batch: number) => tensor(new Float32Array(batch * features), [batch, features]);
    const { run } = await exported(new ModuleOf(counted), [input(2)]);
    for (const [batch, shape] of Object.entries(shapes)) {
      const result = run({ input: input(Number(batch)) });
      if (shape === "error") await expect(result).rejects.toThrow();
      else expect((await result)["output"]?.shape).toEqual(shape);
    }
  },
  async "onnx-argmax-topk-ties"({ x }: { x: number[][] }, right: Readonly<Record<string, Values>>) {
    const both = new ModuleOf((rows: Tensor2D) => ({ best: argMax(rows, 1), ...topk(rows, 2) }));
    const { run } = await exported(both, [made(x)]);
    const { best, values, indices } = await run({ input: made(x) });
    expect(best?.data).toEqual(right["argmax"]);
    expect(right["argmax"]).toEqual(right["torch_argmax"]);
    expect(values?.data).toEqual(flat(right["topk_2_values"] as Values));
    expect(indices?.data).toEqual(flat(right["topk_2_indices"] as Values));
  },
  async "onnx-nms"(
    { boxes, scores, iou }: { boxes: number[][]; scores: number[]; iou: number },
    right: Readonly<Record<string, number[][]>>,
  ) {
    const kept = async (most: number, iouThreshold: number, scoreThreshold: number) => {
      const suppress = ({ boxes: of, scores: by }: { boxes: Tensor; scores: Tensor }) =>
        image.nonMaxSuppression(of as Tensor2D, by as Tensor1D, most, iouThreshold, scoreThreshold);
      const given = { boxes: made(boxes), scores: made(scores) };
      const { output } = await (await exported(new ModuleOf(suppress), [given], { axes: {} })).run(given);
      return output?.data.map((box) => [0, 0, box]);
    };
    expect(await kept(10, iou, 0)).toEqual(right["max_10_score_above_0"]);
    expect(await kept(10, iou, 0.5)).toEqual(right["score_threshold_.5_is_strict"]);
    expect(await kept(10, 0.9, 0)).toEqual(right["iou_threshold_.9_kept_at_equal"]);
    expect(right["max_omitted"]).toEqual([]);
  },
  async "onnx-integer-division"(
    { a, b }: { a: number[]; b: number[] },
    right: Readonly<Record<string, number[]>>,
  ) {
    const given = { a: made(a, "int32"), b: made(b, "int32") };
    const divide = new ModuleOf(({ a: x, b: y }: { a: Tensor; b: Tensor }) => ({
      quotient: floorDiv(x, y),
      rest: mod(x, y),
    }));
    const { quotient, rest } = await (await exported(divide, [given])).run(given);
    expect(quotient?.data).toEqual(right["torch_floor_divide"]);
    expect(rest?.data).toEqual(right["torch_remainder"]);
  },
  async "onnx-round"({ x }: { x: number[] }, right: number[]) {
    expect((await ofNumbers((values) => round(values), x)).map((n) => n + 0)).toEqual(right);
  },
  async "onnx-softmax-opset"(
    { x, axis }: { x: Values; axis: number },
    right: { opset_17: Values },
    atol: number,
  ) {
    expect(await ofNumbers((values) => softmax(values, axis), x)).toBeAllclose(flat(right.opset_17), {
      atol,
    });
  },
  async "onnx-activation-defaults"(
    { x }: { x: number[] },
    right: Readonly<Record<string, number[]>>,
    atol: number,
  ) {
    const activations: Readonly<Record<string, (values: Tensor) => Tensor>> = {
      hardsigmoid,
      hardswish,
      "leaky_relu_.2": (values) => leakyRelu(values, { negativeSlope: 0.2 }),
      elu,
      selu,
      softplus_beta_2: (values) => softplus(values, { beta: 2 }),
    };
    expect(Object.keys(activations)).toEqual(Object.keys(right));
    for (const [name, activation] of Object.entries(activations))
      expect(await ofNumbers(activation, x)).toBeAllclose(right[name] as number[], { atol, rtol: atol });
  },
  async "onnx-conv-transpose"(
    {
      x,
      weight_in_out: weight,
      ...options
    }: {
      x: Values;
      weight_in_out: Values;
      stride: number;
      padding: number;
      output_padding: number;
      groups: number;
    },
    right: { output: Values },
    atol: number,
  ) {
    const { stride, padding, output_padding: outputPadding, groups } = options;
    const filter = transpose(made(weight) as Tensor4D, [2, 3, 1, 0]);
    const { output } = await ofImages(
      (images) => convTranspose2d(images, filter, null, { stride, padding, outputPadding, groups }),
      x,
    );
    expect(output).toBeAllclose(flat(right.output), { atol, rtol: atol });
  },
  async "onnx-roi-align-default"(
    {
      x,
      rois,
      output: size,
      sampling_ratio: samplingRatio,
    }: { x: Values; rois: number[][]; output: [number, number]; sampling_ratio: number },
    right: Readonly<Record<string, Values>>,
    atol: number,
  ) {
    const given = { x: last(x), rois: made(rois.map((box) => [0, ...box])) };
    for (const [aligned, key, mode] of [
      [false, "torch_aligned_false_is_output_half_pixel", "output_half_pixel"],
      [true, "torch_aligned_true_is_half_pixel", "half_pixel"],
    ] as const) {
      const pooled = ({ x: map, rois: boxes }: { x: Tensor; rois: Tensor }) =>
        roiAlign(map as Tensor4D, boxes as Tensor2D, size, { samplingRatio, aligned });
      const { run, file } = await exported(new ModuleOf(pooled), [given]);
      const { output } = await run(given);
      const expected = last(right[key] as Values);
      expect(output?.data).toBeAllclose(await expected.data(), { atol, rtol: atol });
      expect(nodeOf(file, "RoiAlign").attributes.get("coordinate_transformation_mode")).toBe(mode);
    }
  },
};

test.each(cases.map((golden) => [golden.id, golden] as const))(
  "%s",
  async (_, { kind, input, right, tolerance }) => {
    const check = checks[kind];
    expect(check).toBeDefined();
    await check?.(input as never, right, tolerance);
  },
);

test("every kind has a case", () => {
  expect(Object.keys(checks).toSorted()).toEqual([...new Set(cases.map(({ kind }) => kind))].toSorted());
});

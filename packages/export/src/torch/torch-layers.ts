import * as core from "@pellucid/core-train";
import type { Module } from "@pellucid/core-train";
import { literal, oneOrTuple } from "./python.ts";
import type { Argument, TorchLayer } from "./torch-layer.ts";

/** The fields of a layer. */
type Fields = Readonly<Record<string, unknown>>;
/** Gives the constructor call of a layer from its fields. */
type Describe = (fields: Fields) => Omit<TorchLayer, "callee"> & { readonly callee?: string };

/** `[name, value]` is a positional argument; `[name, value, default]` a keyword, left out where it has its default. */
function argumentsOf(rows: readonly (readonly unknown[])[], write = literal): readonly Argument[] {
  return rows.flatMap((row): Argument[] => {
    const [name, value, usual] = row as [string, unknown, unknown];
    const code = write(value);
    if (row.length === 2) return [{ name, positional: true, code }];
    return code === write(usual) ? [] : [{ name, positional: false, code }];
  });
}

/** A layer whose arguments are its fields. */
const simple =
  (
    order: TorchLayer["order"],
    rows: (fields: Fields) => readonly (readonly unknown[])[] = () => [],
  ): Describe =>
  (fields) => ({ args: argumentsOf(rows(fields)), order });

const conv: Describe = ({
  inChannels,
  outChannels,
  kernelSize,
  stride,
  padding,
  dilation,
  groups,
  bias,
  paddingMode,
  outputPadding,
}) => ({
  args: argumentsOf(
    [
      ["in_channels", inChannels],
      ["out_channels", outChannels],
      ["kernel_size", kernelSize],
      ["stride", stride, 1],
      ["padding", padding, 0],
      ["output_padding", outputPadding ?? 0, 0],
      ["groups", groups, 1],
      ["bias", bias !== null, true],
      ["dilation", dilation, 1],
      ["padding_mode", paddingMode ?? "zeros", "zeros"],
    ],
    oneOrTuple,
  ),
  order: "first",
});

const batchNorm: Describe = ({ numFeatures, eps, momentum, weight, runningMean }) => ({
  args: argumentsOf([
    ["num_features", numFeatures],
    ["eps", eps, 1e-5],
    ["momentum", momentum, 0.1],
    ["affine", weight !== null, true],
    ["track_running_stats", runningMean !== null, true],
  ]),
  order: "first",
});

const instanceNorm: Describe = ({ numFeatures, eps, momentum, weight, runningMean }) => ({
  args: argumentsOf([
    ["num_features", numFeatures],
    ["eps", eps, 1e-5],
    ["momentum", momentum, 0.1],
    ["affine", weight !== null, false],
    ["track_running_stats", runningMean !== null, false],
  ]),
  order: "first",
});

const pool: Describe = ({ kernelSize, options }) => {
  const { stride, padding, dilation, ceilMode, countIncludePad, divisorOverride } = options as Fields;
  return {
    args: argumentsOf(
      [
        ["kernel_size", kernelSize],
        ["stride", stride ?? null, null],
        ["padding", padding ?? 0, 0],
        ["dilation", dilation ?? 1, 1],
        ["ceil_mode", ceilMode ?? false, false],
        ["count_include_pad", countIncludePad ?? true, true],
        ["divisor_override", divisorOverride ?? null, null],
      ],
      oneOrTuple,
    ),
    order: "first",
  };
};

const adaptive: Describe = ({ outputSize }) => ({
  args: argumentsOf([["output_size", outputSize]], oneOrTuple),
  order: "first",
});

const dropoutLayer =
  (order: TorchLayer["order"]): Describe =>
  ({ p }) => ({ args: argumentsOf([["p", p]]), order, drops: true });

const recurrent: Describe = ({
  inputSize,
  hiddenSize,
  numLayers,
  bidirectional,
  dropout,
  directions,
  projSize,
  nonlinearity,
}) => {
  const [{ biasIh }] = directions as readonly [{ readonly biasIh: unknown }];
  return {
    args: argumentsOf([
      ["input_size", inputSize],
      ["hidden_size", hiddenSize],
      ["num_layers", numLayers, 1],
      ["nonlinearity", nonlinearity ?? "tanh", "tanh"],
      ["bias", biasIh !== null, true],
      ["batch_first", true, false],
      ["dropout", dropout, 0],
      ["bidirectional", bidirectional, false],
      ["proj_size", projSize ?? 0, 0],
    ]),
    order: "ours",
  };
};

const attention: Describe = ({ embedDim, numHeads, dropout, kdim, vdim, projection, extra }) => {
  const { inProjBias } = projection as Fields;
  const { biasK, addZeroAttn } = extra as Fields;
  return {
    args: argumentsOf([
      ["embed_dim", embedDim],
      ["num_heads", numHeads],
      ["dropout", dropout, 0],
      ["bias", inProjBias !== null, true],
      ["add_bias_kv", biasK !== null, false],
      ["add_zero_attn", addZeroAttn, false],
      ["kdim", kdim, embedDim],
      ["vdim", vdim, embedDim],
      ["batch_first", true, false],
    ]),
    order: "ours",
  };
};

/** The sizes of a norm: those of an image have the channel first. */
function normalized(shape: unknown): unknown {
  const sizes = shape as readonly number[];
  if (sizes.length === 1) return sizes[0];
  return sizes.length === 3 ? [sizes[2], sizes[0], sizes[1]] : sizes;
}

const axis = simple("ours", ({ axis: dim }) => [["dim", dim]]);

const layers: Readonly<Record<string, Describe>> = {
  AdaptiveAvgPool1d: adaptive,
  AdaptiveAvgPool2d: adaptive,
  AdaptiveAvgPool3d: adaptive,
  AdaptiveMaxPool1d: adaptive,
  AdaptiveMaxPool2d: adaptive,
  AdaptiveMaxPool3d: adaptive,
  AlphaDropout: dropoutLayer("any"),
  AvgPool1d: pool,
  AvgPool2d: pool,
  AvgPool3d: pool,
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  BatchNorm3d: batchNorm,
  CELU: simple("any", ({ alpha }) => [["alpha", alpha, 1]]),
  Conv1d: conv,
  Conv2d: conv,
  Conv3d: conv,
  ConvTranspose1d: conv,
  ConvTranspose2d: conv,
  ConvTranspose3d: conv,
  Dropout: dropoutLayer("any"),
  Dropout1d: dropoutLayer("first"),
  Dropout2d: dropoutLayer("first"),
  Dropout3d: dropoutLayer("first"),
  ELU: simple("any", ({ alpha }) => [["alpha", alpha, 1]]),
  Embedding: simple("ours", ({ numEmbeddings, embeddingDim, paddingIdx, maxNorm, normType }) => [
    ["num_embeddings", numEmbeddings],
    ["embedding_dim", embeddingDim],
    ["padding_idx", paddingIdx, null],
    ["max_norm", maxNorm, null],
    ["norm_type", normType, 2],
  ]),
  Flatten: simple("first"),
  GELU: simple("any", ({ approximate }) => [["approximate", approximate, "none"]]),
  GRU: recurrent,
  GroupNorm: simple("first", ({ numGroups, numChannels, eps, weight }) => [
    ["num_groups", numGroups],
    ["num_channels", numChannels],
    ["eps", eps, 1e-5],
    ["affine", weight !== null, true],
  ]),
  Hardsigmoid: simple("any"),
  Hardswish: simple("any"),
  Hardtanh: simple("any", ({ minVal, maxVal }) => [
    ["min_val", minVal, -1],
    ["max_val", maxVal, 1],
  ]),
  Identity: simple("any"),
  InstanceNorm1d: instanceNorm,
  InstanceNorm2d: instanceNorm,
  InstanceNorm3d: instanceNorm,
  LSTM: recurrent,
  LayerNorm: simple("ours", ({ normalizedShape, eps, weight, bias }) => [
    ["normalized_shape", normalized(normalizedShape)],
    ["eps", eps, 1e-5],
    ["elementwise_affine", weight !== null, true],
    ["bias", weight === null || bias !== null, true],
  ]),
  LeakyReLU: (fields) => ({
    args: [{ name: "negative_slope", positional: true, code: literal(fields["negativeSlope"]) }],
    order: "any",
  }),
  Linear: simple("ours", ({ inFeatures, outFeatures, bias }) => [
    ["in_features", inFeatures],
    ["out_features", outFeatures],
    ["bias", bias !== null, true],
  ]),
  LogSigmoid: simple("any"),
  LogSoftmax: axis,
  MaxPool1d: pool,
  MaxPool2d: pool,
  MaxPool3d: pool,
  Mish: simple("any"),
  MultiheadAttention: attention,
  PReLU: simple("first", ({ numParameters }) => [["num_parameters", numParameters, 1]]),
  PixelShuffle: simple("first", ({ upscaleFactor }) => [["upscale_factor", upscaleFactor]]),
  RMSNorm: simple("ours", ({ normalizedShape, eps, weight }) => [
    ["normalized_shape", normalized(normalizedShape)],
    ["eps", eps, null],
    ["elementwise_affine", weight !== null, true],
  ]),
  RNN: recurrent,
  ReLU: simple("any"),
  ReLU6: simple("any"),
  SELU: simple("any"),
  SiLU: simple("any"),
  Sigmoid: simple("any"),
  Softmax: axis,
  Softplus: simple("any", ({ beta, threshold }) => [
    ["beta", beta, 1],
    ["threshold", threshold, 20],
  ]),
  Softsign: simple("any"),
  Tanh: simple("any"),
  Upsample: ({ options }) => {
    const { size = null, scaleFactor = null, mode = "nearest", alignCorners = false } = options as Fields;
    return {
      args: argumentsOf([
        ["size", size, null],
        ["scale_factor", scaleFactor, null],
        ["mode", mode, "nearest"],
        ["align_corners", alignCorners, false],
      ]),
      order: "first",
    };
  },
  ZeroPad2d: simple("first", ({ padding }) => {
    const [[top, bottom], [left, right]] = padding as [[number, number], [number, number]];
    return [["padding", [left, right, top, bottom]]];
  }),
};

/** The layer of `torch.nn` that a module is; `null` if it is none, such as a subclass of one that computes something else. */
export function torchLayer(module: Module): TorchLayer | null {
  const name = module.constructor.name;
  if (!Object.hasOwn(layers, name) || Reflect.get(core, name) !== module.constructor) return null;
  if (Object.hasOwn(module, "lora")) return null;
  const describe = layers[name] as Describe;
  const fields = Object.fromEntries(Object.entries(module)) as Fields;
  return { callee: `nn.${name}`, ...describe(fields) };
}

import { type Dependence, OptionError } from "@pellucid/core-train";
import { activationOps, reluOps } from "./activation-ops.ts";

/** Functions of one number that hand their relevance on unchanged; their input is `x`. */
export const elementwiseOps: readonly string[] = [
  ...activationOps.filter((name) => !reluOps.includes(name)),
  "PellucidClamp",
  "PellucidExpm1",
  "PellucidHardshrink",
  "PellucidLog1p",
  "PellucidSoftshrink",
  "PellucidThreshold",
  "ClipByValue",
  "Erf",
  "Exp",
  "Log",
  "Reciprocal",
  "Rsqrt",
  "Sqrt",
  "Square",
];

/** Ops whose gradient times input adds up to gradient times output: `f(t x) = t f(x)` for `t > 0`. */
const homogeneous = new Set([
  ...reluOps,
  ..."Abs Amax Amin ApplyAlong AvgPool2d BatchNormInference LiftTo Max MaxPool2d DilatedMaxPool2d MaxUnpool Min Norm Pick Prelu"
    .split(" ")
    .map((name) => `Pellucid${name}`),
  ..."Abs Add AddN AvgPool AvgPool3D BroadcastTo Cast Concat Cumsum ExpandDims FusedBatchNorm GatherNd GatherV2 Identity Max MaxPool MaxPool3D".split(
    " ",
  ),
  ..."Maximum Mean Min Minimum MirrorPad Neg Pack PadV2 Prelu Reshape ResizeBilinear ResizeNearestNeighbor Reverse Select Slice SpaceToBatchND".split(
    " ",
  ),
  ..."BatchToSpaceND DepthToSpace ScatterNd SplitV StridedSlice Sub Sum Tile Transpose Unpack".split(" "),
]);

/** Linear in their first input; another input that depends on the explained one has no rule. */
const linearOps = new Set([
  ..."Linear Conv2d Conv2dWithBias Conv2dInput".split(" ").map((name) => `Pellucid${name}`),
  ..."Conv2D Conv2DBackpropInput Conv3D Conv3DBackpropInputV2 DepthwiseConv2dNative Pow".split(" "),
]);

/** @throws OptionError if the score runs an op through which relevance would not add up */
export function checkRelevanceOps({ ops }: Dependence): void {
  const known = (name: string, inputs: readonly string[]) =>
    homogeneous.has(name) ||
    elementwiseOps.includes(name) ||
    name === "Multiply" ||
    name === "BatchMatMul" ||
    (name === "RealDiv" && inputs.includes("a")) ||
    (linearOps.has(name) && inputs.length === 1 && inputs[0] !== "b");
  const other = ops.find(({ name, inputs }) => !known(name, inputs));
  if (other === undefined) return;
  throw new OptionError(
    "lrp",
    "score",
    `a net with ${other.name.replace("Pellucid", "")}, for which relevance has no rule here`,
    "linear layers, batch norms, activations, pools, products and quotients. Use deepLift, integratedGradients or shapley",
  );
}

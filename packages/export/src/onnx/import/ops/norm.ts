import { layerNorm, sizeOf } from "@pellucid/core-train";
import {
  add,
  div,
  mean,
  mul,
  ones,
  reshape,
  sqrt,
  square,
  sub,
  type Tensor,
  zeros,
} from "@tensorflow/tfjs-core";
import type { OnnxOp, OnnxOps } from "../call.ts";
import { inOrder, lastChannels, OnnxValue } from "../onnx-value.ts";

/** `(x − mean) / √(variance + ε)` over axes, with what it was normalized by. */
function normalized(x: Tensor, axes: number[], epsilon: number) {
  const center = mean(x, axes, true);
  const apart = sub(x, center);
  const variance = mean(square(apart), axes, true);
  return { y: div(apart, sqrt(add(variance, epsilon))), center, variance };
}

const scaled = (y: Tensor, weight: Tensor, bias: Tensor): Tensor => add(mul(y, weight), bias);

/** In training by the statistics of the batch, which also move the running ones: PyTorch's, with the unbiased variance. */
const batchNorm: OnnxOp = (call) => {
  const value = call.input(0);
  const axes = lastChannels(value.rank);
  const x = value.permuted(axes);
  const [weight, bias, center, variance] = [1, 2, 3, 4].map((i) => call.input(i).tensor) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const epsilon = call.number("epsilon", 1e-5);
  if (!call.around.training) {
    const scale = div(weight, sqrt(add(variance, epsilon)));
    return OnnxValue.of(add(mul(sub(x, center), scale), bias), axes);
  }
  const others = inOrder(value.rank - 1).map((axis) => axis);
  const count = sizeOf(x.shape.slice(0, -1));
  call.refuse(count > 1, "in training it needs more than one number per channel: use larger batches");
  const found = normalized(x, [...others], epsilon);
  const kept = call.number("momentum", 0.9);
  const moved = (next: Tensor) => (before: Tensor) =>
    add(mul(before, kept), mul(reshape(next, before.shape), 1 - kept));
  const [, , , meanName = "", varianceName = ""] = call.node.inputs;
  call.around.update(meanName, moved(found.center));
  call.around.update(varianceName, moved(mul(found.variance, count / (count - 1))));
  return OnnxValue.of(scaled(found.y, weight, bias), axes);
};

const layer: OnnxOp = (call) => {
  call.refuse(
    call.node.outputs.slice(1).every((name) => name === ""),
    "its statistics are used",
  );
  const value = call.input(0);
  const axis = call.axis(call.number("axis", -1), value.rank);
  const shape = value.shape.slice(axis);
  const weight = call.optional(1)?.tensor ?? ones([...shape]);
  const bias = call.optional(2)?.tensor ?? zeros([...shape]);
  call.refuse(weight.size === sizeOf(shape), `its scale is not [${shape.join(", ")}]`);
  return OnnxValue.of(layerNorm(value.tensor, weight, bias, call.number("epsilon", 1e-5)));
};

const instance: OnnxOp = (call) => {
  const value = call.input(0);
  const axes = lastChannels(value.rank);
  const spatial = inOrder(value.rank - 2).map((axis) => axis + 1);
  const { y } = normalized(value.permuted(axes), spatial, call.number("epsilon", 1e-5));
  return OnnxValue.of(scaled(y, call.input(1).tensor, call.input(2).tensor), axes);
};

/** Until opset 20 there is one weight for each group. */
const group: OnnxOp = (call) => {
  const value = call.input(0);
  const groups = call.number("num_groups", 1);
  const [batch = 0, channels = 0, ...spatial] = value.shape;
  call.refuse(groups >= 1 && channels % groups === 0, `${channels} channels are not ${groups} groups`);
  const axes = lastChannels(value.rank);
  const x = value.permuted(axes);
  const apart = reshape(x, [batch, sizeOf(spatial), groups, channels / groups]);
  const { y } = normalized(apart, [1, 3], call.number("epsilon", 1e-5));
  const [weight, bias] = [1, 2].map((i) => call.input(i).tensor) as [Tensor, Tensor];
  if (weight.size === channels) return OnnxValue.of(scaled(reshape(y, x.shape), weight, bias), axes);
  const made = scaled(y, reshape(weight, [groups, 1]), reshape(bias, [groups, 1]));
  return OnnxValue.of(reshape(made, x.shape), axes);
};

/** The norms. */
export const normOps: OnnxOps = {
  BatchNormalization: batchNorm,
  GroupNormalization: group,
  InstanceNormalization: instance,
  LayerNormalization: layer,
};

import {
  abs,
  type AnyLayer,
  AvgPool2d,
  checkArguments,
  Conv2d,
  conv2d,
  Dropout,
  Flatten,
  type Layer,
  LeakyReLU,
  Linear,
  linear,
  MaxPool2d,
  type Module,
  OptionError,
  ReLU,
  Sequential,
  Sigmoid,
  Softplus,
  Tanh,
} from "@pellucid/core-train";
import { add, clone, mul, sub, type Tensor, type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { isIdentity } from "./crown-bounds.ts";
import type { Interval } from "./interval.ts";

/** Layers that never fall, and so map bounds to bounds. */
const monotone = [ReLU, LeakyReLU, Sigmoid, Tanh, Softplus, MaxPool2d, AvgPool2d, Flatten] as const;

/**
 * Bounds of what a network gives for any input within bounds, layer by layer (interval bound propagation): a linear map takes center and radius to `W c + b ± |W| r`, a function that never falls takes bounds to bounds.
 * Differentiable, so that robust networks can be trained by it. Gowal et al., 2018. https://arxiv.org/abs/1810.12715
 *
 * In 32 bits without outward rounding: leave a margin of the rounding error where a proof is needed.
 *
 * @param model of linear layers, convolutions, pools and monotone activations, in `Sequential`s
 * @throws OptionError for a layer whose bounds are not known
 */
export function intervalBounds(model: Module | AnyLayer, x: Interval): Interval {
  checkArguments("intervalBounds", { module: { model }, "{ lower, upper }": { x } });
  return tidy(() => {
    if (model instanceof Sequential)
      return model.layers.reduce<Interval>((bounds, layer) => intervalBounds(layer, bounds), x);
    if (model instanceof Linear) return linearBounds(x, model, linear as LinearMap);
    if (model instanceof Conv2d && model.paddingMode === "zeros") {
      const { stride, padding, dilation, groups } = model;
      const map: LinearMap = (image, weight, bias) =>
        conv2d(image as Tensor4D, weight as Tensor4D, bias, { stride, padding, dilation, groups });
      return linearBounds(x, model, map);
    }
    if (isIdentity(model)) return { lower: clone(x.lower), upper: clone(x.upper) };
    if (isMonotone(model)) return { lower: model.forward(x.lower), upper: model.forward(x.upper) };
    const known = ["Linear", "Conv2d", "Sequential", ...monotone.map(({ name }) => name), "Identity"];
    throw new OptionError(
      "intervalBounds",
      "model",
      model instanceof Dropout ? "Dropout in training mode" : model.constructor.name,
      `layers whose bounds are known: ${known.join(", ")}, and Dropout in inference mode`,
    );
  });
}

function isMonotone(layer: object): layer is Layer<Tensor, Tensor> {
  return monotone.some((kind) => layer instanceof kind);
}

type LinearMap = (x: Tensor, weight: Tensor, bias: Tensor1D | null) => Tensor;

function linearBounds(
  { lower, upper }: Interval,
  { weight, bias }: { weight: Tensor; bias: Tensor1D | null },
  map: LinearMap,
): Interval {
  const center = map(mul(0.5, add(lower, upper)), weight, bias);
  const radius = map(mul(0.5, sub(upper, lower)), abs(weight), null);
  return { lower: sub(center, radius), upper: add(center, radius) };
}

import {
  checkArguments,
  Dropout,
  Flatten,
  flatten,
  Identity,
  isTraining,
  Linear,
  matMul,
  type Module,
  OptionError,
  relu,
  ReLU,
  Sequential,
} from "@pellucid/core-train";
import {
  add,
  cast,
  div,
  expandDims,
  eye,
  greater,
  greaterEqual,
  less,
  logicalAnd,
  mul,
  neg,
  type Rank,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  tile,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import type { Interval } from "./interval.ts";

/** A ReLU between two straight lines, for each unit: `lower · z ≤ relu(z) ≤ upper · z + offset`. `[batch, unit]` each. */
interface Relaxation {
  readonly lower: Tensor2D;
  readonly upper: Tensor2D;
  readonly offset: Tensor2D;
}

type Step = { readonly linear: Linear } | { readonly relu: Relaxation };

/**
 * Bounds of a network of linear layers and ReLUs for any input within bounds, tighter than {@link intervalBounds}: each ReLU lies between two lines, and the linear function that results is bounded at the input. The bounds of each
 * layer are found so, one after the other. Zhang et al., 2018 (CROWN). https://arxiv.org/abs/1811.00866
 *
 * @param model a `Sequential` of `Linear` and `ReLU`, with `Flatten` at the beginning; `Dropout` in inference mode and `Identity` change nothing
 * @param x of the input, `[batch, …]`
 * @returns `[batch, out]`
 * @throws OptionError for any other layer
 */
export function crownBounds(model: Module, x: Interval): Interval<Tensor2D> {
  checkArguments("crownBounds", { module: { model }, "{ lower, upper }": { x } });
  return tidy(() => {
    const input: Interval<Tensor2D> = { lower: flatten(x.lower), upper: flatten(x.upper) };
    const steps: Step[] = [];
    let bounds: Interval<Tensor2D> = input;
    for (const layer of layersOf(model)) {
      if (layer instanceof Linear) {
        steps.push({ linear: layer });
        bounds = backward(steps, input);
      } else if (layer instanceof ReLU) {
        steps.push({ relu: relax(bounds) });
        bounds = { lower: relu(bounds.lower), upper: relu(bounds.upper) };
      } else if (!(layer instanceof Flatten || isIdentity(layer)))
        throw new OptionError(
          "crownBounds",
          "model",
          layer instanceof Dropout ? "Dropout in training mode" : layer.constructor.name,
          "a Sequential of Linear, ReLU and Flatten, and Dropout in inference mode",
        );
    }
    return bounds;
  });
}

/** Whether a layer gives what it gets: dropout does in inference. */
export const isIdentity = (layer: object): boolean =>
  layer instanceof Identity || (layer instanceof Dropout && !isTraining(layer));

function layersOf(model: Module): readonly object[] {
  if (model instanceof Sequential)
    return model.layers.flatMap((layer) => (layer instanceof Sequential ? layersOf(layer) : [layer]));
  return [model];
}

/** The lines around each ReLU: exact where its sign is known, else through both ends above, and 0 or `z`, whichever is nearer, below. */
function relax({ lower, upper }: Interval<Tensor2D>): Relaxation {
  const isOn = cast(greaterEqual(lower, 0), "float32");
  const isOpen = logicalAnd(less(lower, 0), greater(upper, 0));
  const chord = div(upper, where(isOpen, sub(upper, lower), 1)); //                 u / (u − l)
  const nearer = cast(greater(upper, neg(lower)), "float32");
  return {
    lower: where(isOpen, nearer, isOn) as Tensor2D,
    upper: where(isOpen, chord, isOn) as Tensor2D,
    offset: where(isOpen, mul(neg(chord), lower), 0) as Tensor2D,
  };
}

/** The bounds of what the steps give: from the last step to the input, as a linear function of what is before each. */
function backward(steps: readonly Step[], input: Interval<Tensor2D>): Interval<Tensor2D> {
  const last = steps.at(-1) as { linear: Linear };
  const [batch] = input.lower.shape;
  const { outFeatures } = last.linear;
  const first = tile(expandDims<Tensor3D>(eye(outFeatures), 0), [batch, 1, 1]); // [batch, out, out]
  const of = (isUpper: boolean): Tensor2D => {
    let weights: Tensor3D = first;
    let constant: Tensor2D = zeros<Rank.R2>([batch, outFeatures]);
    for (const step of steps.toReversed()) {
      if ("linear" in step) {
        const { weight, bias } = step.linear;
        if (bias !== null) constant = add(constant, sum(mul(weights, bias), -1));
        const [, out, units] = weights.shape;
        weights = reshape(matMul(reshape(weights, [batch * out, units]), weight, false, true), [
          batch,
          out,
          -1,
        ]);
        continue;
      }
      const { lower, upper, offset } = step.relu;
      const [positive, negative] = [relu(weights), sub(weights, relu(weights))] as [Tensor3D, Tensor3D];
      const [above, below] = isUpper ? [positive, negative] : [negative, positive];
      constant = add(constant, sum(mul(above, expandDims(offset, 1)), -1));
      weights = add(mul(above, expandDims(upper, 1)), mul(below, expandDims(lower, 1)));
    }
    const [positive, negative] = [relu(weights), sub(weights, relu(weights))];
    const [onPositive, onNegative] = isUpper ? [input.upper, input.lower] : [input.lower, input.upper];
    const atInput = (part: Tensor, bound: Tensor2D) => sum<Tensor2D>(mul(part, expandDims(bound, 1)), -1);
    return add(constant, add(atInput(positive, onPositive), atInput(negative, onNegative)));
  };
  return { lower: of(false), upper: of(true) };
}

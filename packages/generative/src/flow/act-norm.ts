import {
  type Buffer,
  bufferValue,
  checkShape,
  checkSizes,
  detach,
  init,
  initialized,
  isTraining,
  type Layer,
  Module,
  noGrad,
  type Parameter,
  sizeOf,
  stateBuffer,
  tidyLeaves,
  updateBuffer,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  broadcastTo,
  equal,
  exp,
  log,
  mean,
  mul,
  neg,
  onesLike,
  type Rank,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  where,
} from "@tensorflow/tfjs-core";
import type { Bijection, Transformed } from "./bijection.ts";

const EPS = 1e-6;

/**
 * `y = (x + bias) e^logScale` of each channel, so set by the first batch in training that its output has mean 0 and deviation 1, and then learned.
 * A state that is loaded says whether that has happened. Kingma and Dhariwal, 2018, section 3.1. https://arxiv.org/abs/1807.03039
 *
 * The deviation is the biased one, with `1e-6` added, as in the authors' code.
 */
export class ActNorm extends Module implements Bijection, Layer<Tensor, Transformed> {
  /** `[channel]` */
  readonly bias: Parameter<Rank.R1>;
  /** `[channel]` */
  readonly logScale: Parameter<Rank.R1>;
  /** 1 once a batch has set the two, 0 before. */
  readonly initialized: Buffer<Rank.R0>;

  constructor(channels: number) {
    super();
    checkSizes("ActNorm", { channels });
    this.bias = initialized([channels], init.zeros());
    this.logScale = initialized([channels], init.zeros());
    this.initialized = stateBuffer({ data: new Int32Array(1), shape: [] });
  }

  /** @param x `[batch, …, channel]` */
  forward(x: Tensor): Transformed {
    checkShape("ActNorm", "x", x, ["...", this.bias.size]);
    return tidyLeaves(() => {
      const { bias, logScale } = isTraining(this) ? this.#first(x) : this;
      return { output: mul(add(x, bias), exp(logScale)), logDet: volume(x, logScale, 1) };
    });
  }

  /** @param y `[batch, …, channel]` */
  inverse(y: Tensor): Transformed {
    checkShape("ActNorm", "y", y, ["...", this.bias.size]);
    return tidyLeaves(() => {
      const { bias, logScale } = this;
      return { output: sub(mul(y, exp(neg(logScale))), bias), logDet: volume(y, logScale, -1) };
    });
  }

  /** The parameters, from the batch if it is the first one. They get the gradient either way. */
  #first(x: Tensor): { readonly bias: Tensor; readonly logScale: Tensor } {
    const next = noGrad(() => {
      const rows = reshape(x, [-1, this.bias.size]); //                               [row, channel]
      const average = mean<Tensor1D>(rows, 0); //                                     [channel]
      const deviation = sqrt(mean<Tensor1D>(square(sub(rows, average)), 0)); //       [channel]
      const isSet = equal(bufferValue(this.initialized), 1);
      return {
        bias: where(isSet, bufferValue(this.bias), neg(average)),
        logScale: where(isSet, bufferValue(this.logScale), neg(log(add(deviation, EPS)))),
      };
    });
    updateBuffer(this.bias, () => next.bias);
    updateBuffer(this.logScale, () => next.logScale);
    updateBuffer(this.initialized, onesLike);
    return {
      bias: add(this.bias, sub(next.bias, detach(this.bias))),
      logScale: add(this.logScale, sub(next.logScale, detach(this.logScale))),
    };
  }
}

/** The determinant's logarithm of each example: the channels' scales at each of its positions. */
function volume(x: Tensor, logScale: Tensor, sign: number): Tensor1D {
  const positions = sizeOf(x.shape.slice(1, -1));
  const total = mul(sign * positions, sum(logScale)); //                               []
  return broadcastTo<Rank.R1>(reshape(total, [1]), [sizeAlong(x, 0)]);
}

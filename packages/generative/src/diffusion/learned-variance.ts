import { checkArguments, clamp, detach, sizeAlong } from "@pellucid/core-train";
import {
  add,
  exp,
  greater,
  less,
  log,
  mean,
  mul,
  neg,
  onesLike,
  reshape,
  square,
  sub,
  tanh,
  type Tensor,
  tidy,
  where,
  split,
} from "@tensorflow/tfjs-core";
import { bridgeDeviation, forwardVariance } from "../sampler/bridge-deviation.ts";
import type { NoiseLevel } from "../sampler/noise-level.ts";
import type { EachExample } from "../sampler/each-example.ts";
import type { NoiseSchedule } from "./noise-schedule.ts";

/**
 * The two halves of a network's channels: its prediction, and what says where the variance lies.
 *
 * @param output `[batch, …, 2 · channel]`
 * @returns `[batch, …, channel]` each
 */
export function splitVariance(output: Tensor): [prediction: Tensor, variance: Tensor] {
  return split(output, 2, output.rank - 1) as [Tensor, Tensor];
}

/**
 * The learned standard deviation of the step between two levels: its logarithm lies between those of `√β̃` and `√β`.
 *
 * Nichol and Dhariwal, 2021, eq. 15. https://arxiv.org/abs/2102.09672
 *
 * @param variance the network's output, −1 for `β̃` to 1 for `β`
 * @returns the shape of `variance`
 * @throws {StructError} For what is not a tensor, or not a noise level.
 */
export function learnedDeviation(variance: Tensor, from: NoiseLevel, to: NoiseLevel): Tensor {
  checkArguments("learnedDeviation", { tensor: { variance }, "{ alpha, sigma }": { from, to } });
  const high = Math.log(forwardVariance(from, to)) / 2;
  const low = Math.log(Math.max(bridgeDeviation(from, to), 1e-10));
  return tidy(() => exp(add(mul(variance, (high - low) / 2), (high + low) / 2)));
}

/** What {@link varianceLoss} compares. */
export interface VarianceLossInput {
  readonly x0: Tensor;
  /** The noisy examples. */
  readonly x: Tensor;
  /** What the network takes the clean examples for; its gradient is not used. */
  readonly estimate: Tensor;
  readonly variance: Tensor;
}

/**
 * What trains the variance: the divergence from the true posterior to the step of the model, in bits per dimension and times a thousandth; at the
 * first step the code length of pixels of 256 values between −1 and 1.
 *
 * Nichol and Dhariwal, 2021, section 3.1. https://arxiv.org/abs/2102.09672
 *
 * @returns `[batch]`
 */
export function varianceLoss(
  schedule: NoiseSchedule,
  { x0, x, estimate, variance }: VarianceLossInput,
  times: EachExample,
): Tensor {
  const each = (value: (t: number) => number): Tensor => times.map(value).tensor(x.rank);
  const at = (values: Float64Array) => (t: number) => values[t] ?? NaN;
  return tidy(() => {
    const posterior = (clean: Tensor): Tensor =>
      add(mul(clean, each(at(schedule.posteriorMeanX0))), mul(x, each(at(schedule.posteriorMeanXt))));
    const [trueMean, modelMean] = [posterior(x0), posterior(detach(estimate))];
    const range = (t: number) => schedule.logVarianceRange(t);
    const middle = each((t) => (range(t)[0] + range(t)[1]) / 2);
    const half = each((t) => (range(t)[1] - range(t)[0]) / 2);
    const logVariance = add(mul(variance, half), middle);
    const trueLogVariance = each((t) => range(t)[0]);
    const divergence = mul(
      0.5,
      add(
        sub(sub(logVariance, trueLogVariance), 1),
        add(
          exp(sub(trueLogVariance, logVariance)),
          mul(square(sub(trueMean, modelMean)), exp(neg(logVariance))),
        ),
      ),
    );
    const code = neg(pixelLogLikelihood(x0, modelMean, mul(0.5, logVariance)));
    const isFirst = greater(
      add(
        each((t) => (t === 0 ? 1 : 0)),
        mul(x, 0),
      ),
      0.5,
    );
    const nats = where(isFirst, code, divergence);
    const perImage = mean(reshape(nats, [sizeAlong(x, 0), -1]), 1); // [batch]
    return mul(perImage, 0.001 / Math.LN2);
  });
}

/** `log p` of pixels of 256 values between −1 and 1 under normal distributions: the probability of each pixel's bin. */
function pixelLogLikelihood(x: Tensor, center: Tensor, logScale: Tensor): Tensor {
  const off = sub(x, center);
  const inverse = exp(neg(logScale));
  const below = (edge: number): Tensor => cumulative(mul(inverse, add(off, edge)));
  const [high, low] = [below(1 / 255), below(-1 / 255)];
  const safeLog = (p: Tensor): Tensor => log(clamp(p, 1e-12, Infinity));
  const inside = safeLog(sub(high, low));
  const one = onesLike(x);
  return where(
    less(x, mul(one, -0.999)),
    safeLog(high),
    where(greater(x, mul(one, 0.999)), safeLog(sub(1, low)), inside),
  );
}

/** The cumulative normal distribution, by the tanh that guided diffusion takes for it. */
function cumulative(x: Tensor): Tensor {
  return mul(0.5, add(1, tanh(mul(Math.sqrt(2 / Math.PI), add(x, mul(0.044715, mul(x, square(x))))))));
}

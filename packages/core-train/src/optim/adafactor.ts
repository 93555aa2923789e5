import {
  add,
  div,
  mean,
  mul,
  neg,
  rsqrt,
  sqrt,
  square,
  sum,
  type Tensor,
  zeros,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { maximum } from "../op/maximum.ts";
import type { Scheduled } from "../schedule/schedule.ts";
import { checkOption } from "../check-option.ts";
import { checkNotNegative } from "./check-numbers.ts";
import { decayed } from "./decay-weights.ts";
import { descent, type DescentOptions, descentOptions } from "./descent.ts";
import { FusibleScale } from "./fusible-scale.ts";
import { lerp } from "./lerp.ts";
import type { PerParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link adafactor}. */
export interface AdafactorOptions extends DescentOptions {
  /** The largest step, relative to the root mean square of the parameter. Default: 1e-2. */
  readonly learningRate?: Scheduled;
  /** The exponent of the decay rate of the running averages, `1 − t^beta2Decay`. Default: −0.8. */
  readonly beta2Decay?: number;
  /** The least root mean square of a gradient, and of a parameter. Default: [2⁻²³, 1e-3]. */
  readonly eps?: readonly [number, number];
  /** The largest root mean square of a direction. Default: 1. */
  readonly d?: number;
  /** Decoupled weight decay: `θ ← θ − lr · weightDecay · θ`. Default: 0. */
  readonly weightDecay?: number;
}

/** State of Adafactor for a parameter: row and column averages for a matrix, the full average for a vector. */
export interface AdafactorSlot {
  /** The number of gradients so far. PyTorch: `step`. */
  readonly count: number;
  /** The average of the squares in each row, `[…, rows, 1]`. */
  readonly rowVar?: Tensor;
  /** The average of the squares in each column, `[…, 1, columns]`. */
  readonly colVar?: Tensor;
  /** Of a vector, the average of each square. */
  readonly variance?: Tensor;
}

/**
 * Adam in a fraction of its memory: the mean squares of a matrix are estimated from their row and column means, and there
 * is no momentum. Steps are relative to the root mean square of the parameter.
 *
 * Shazeer and Stern, 2018, algorithm 4. https://arxiv.org/abs/1804.04235
 *
 * The numbers are those of `torch.optim.Adafactor` for vectors and matrices. It takes the last two axes for rows and
 * columns, which for a convolution are `in` and `out` here and the kernel's height and width there.
 */
export function adafactor(options: AdafactorOptions = {}): Transform<PerParameter<AdafactorSlot>> {
  checkOptions("adafactor", options, [...descentOptions, "beta2Decay", "eps", "d"]);
  const { learningRate = 1e-2 } = options;
  const all = { ...options, learningRate, decoupledWeightDecay: true };
  return descent("adafactor", all, scaleByAdafactor(options));
}

function scaleByAdafactor(options: AdafactorOptions): FusibleScale<AdafactorSlot> {
  const { beta2Decay = -0.8, eps: [eps1, eps2] = [2 ** -23, 1e-3], d = 1 } = options;
  checkNotNegative("adafactor", { "eps[0]": eps1, "eps[1]": eps2 });
  checkOption("adafactor", "beta2Decay", beta2Decay, beta2Decay <= 0, "a number ≤ 0");
  checkOption("adafactor", "d", d, d >= 1, "a number ≥ 1");
  return new FusibleScale<AdafactorSlot>({
    init(parameter) {
      const { shape, rank } = parameter;
      if (rank < 2) return { count: 0, variance: zerosLike(parameter) };
      const rowVar = zeros([...shape.slice(0, -1), 1]);
      const colVar = zeros([...shape.slice(0, -2), 1, shape.at(-1) ?? 1]);
      return { count: 0, rowVar, colVar };
    },
    update(uncoupled, slot, parameter, { rate, penalty, decay }) {
      const gradient = penalty === 0 ? uncoupled : add(uncoupled, mul(parameter, penalty));
      const count = slot.count + 1;
      const [estimate, next] = meanSquares(square(gradient), slot, count ** beta2Decay, eps1);
      const direction = mul(rsqrt(maximum(estimate, eps1 ** 2)), gradient);
      const size = mul(maximum(rootMeanSquare(parameter), eps2), Math.min(rate, 1 / Math.sqrt(count)));
      const clipped = div(direction, maximum(div(rootMeanSquare(direction), d), 1));
      return [decayed(neg(mul(clipped, size)), parameter, rate * decay), { count, ...next }];
    },
  });
}

/** The updated averages, and the mean square of each entry estimated from them. */
function meanSquares(
  squares: Tensor,
  { rowVar, colVar, variance }: AdafactorSlot,
  weight: number,
  eps: number,
): [estimate: Tensor, next: Omit<AdafactorSlot, "count">] {
  if (rowVar === undefined || colVar === undefined) {
    const next = lerp(variance ?? zerosLike(squares), squares, weight);
    return [next, { variance: next }];
  }
  const row = lerp(rowVar, mean(squares, -1, true), weight); //   […, rows, 1]
  const col = lerp(colVar, mean(squares, -2, true), weight); //   […, 1, columns]
  const whole = maximum(mean(row, -2, true), eps); //             […, 1, 1]
  return [div(mul(row, col), whole), { rowVar: row, colVar: col }];
}

function rootMeanSquare(x: Tensor): Tensor {
  return sqrt(div(sum(square(x)), x.size));
}

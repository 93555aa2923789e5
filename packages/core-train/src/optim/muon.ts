import {
  add,
  div,
  mul,
  sqrt,
  square,
  sum,
  type Tensor,
  type Tensor2D,
  transpose,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { maximum } from "../op/maximum.ts";
import type { Scheduled } from "../schedule/schedule.ts";
import { checkShape } from "../shape-error.ts";
import type { PathPredicate } from "./add-weight-decay.ts";
import { checkNotNegative } from "./check-numbers.ts";
import { decayed } from "./decay-weights.ts";
import { descent } from "./descent.ts";
import { FusibleScale } from "./fusible-scale.ts";
import { lerp } from "./lerp.ts";
import type { PerParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";
import { matMul } from "../op/mat-mul.ts";

/** Options for {@link muon}. */
export interface MuonOptions {
  /** Default: 1e-3. */
  readonly learningRate?: Scheduled;
  /** Decoupled weight decay: `θ ← θ − lr · weightDecay · θ`. Default: 0.1. */
  readonly weightDecay?: number;
  /** Selects the parameters that decay, by path. Default: all. */
  readonly mask?: PathPredicate;
  /** The momentum: the share of the velocity that is kept in each step. Default: 0.95. */
  readonly momentum?: number;
  /** Whether to use Nesterov momentum. Default: true. */
  readonly nesterov?: boolean;
  /** Coefficients of the Newton–Schulz iteration, `a x + b x³ + c x⁵`. Default: [3.4445, −4.775, 2.0315]. */
  readonly nsCoefficients?: readonly [number, number, number];
  /** The number of Newton–Schulz iterations. Default: 5. */
  readonly nsSteps?: number;
  /** The least norm to divide by. Default: 1e-7. */
  readonly eps?: number;
  /**
   * How the step depends on the weight's shape: `original`, times `√max(1, out / in)`; or `matchRmsAdamW`, times
   * `0.2 √max(out, in)`, so that AdamW's learning rates fit. Default: `original`.
   */
  readonly adjustLr?: "original" | "matchRmsAdamW";
}

/** State of Muon for a weight. */
export interface MuonSlot {
  /** Its velocity. PyTorch: `momentum_buffer`. */
  readonly momentum: Tensor;
}

/**
 * Momentum made orthogonal: every direction of a weight matrix moves equally far. For the matrices inside of a net; give
 * embeddings, heads, biases and norms to `adamw` with `partition`.
 *
 * Jordan et al., 2024. https://kellerjordan.github.io/posts/muon/
 *
 * Weights are `[in, out]`. The formulas are those of `torch.optim.Muon`, which iterates in bfloat16: here it is 32 bits.
 */
export function muon(options: MuonOptions = {}): Transform<PerParameter<MuonSlot>> {
  checkOptions("muon", options, [
    "learningRate",
    "weightDecay",
    "mask",
    "momentum",
    "nesterov",
    "nsCoefficients",
    "nsSteps",
    "eps",
    "adjustLr",
  ]);
  const { learningRate = 1e-3, weightDecay = 0.1 } = options;
  const all = { ...options, learningRate, weightDecay, decoupledWeightDecay: true };
  return descent("muon", all, scaleByMuon(options));
}

function scaleByMuon(options: MuonOptions): FusibleScale<MuonSlot> {
  const { momentum = 0.95, nesterov = true, nsSteps = 5, eps = 1e-7, adjustLr = "original" } = options;
  const { nsCoefficients = [3.4445, -4.775, 2.0315] } = options;
  checkNotNegative("muon", { momentum, nsSteps, eps });
  return new FusibleScale({
    init: (parameter): MuonSlot => {
      checkShape("muon", "a parameter", parameter, ["in", "out"], "Give the others to adamw with partition.");
      return { momentum: zerosLike(parameter) };
    },
    update(uncoupled, slot, parameter, { rate, penalty, decay }) {
      const gradient = penalty === 0 ? uncoupled : add(uncoupled, mul(parameter, penalty));
      const velocity = lerp(slot.momentum, gradient, 1 - momentum);
      const direction = nesterov ? lerp(gradient, velocity, momentum) : velocity;
      const orthogonal = orthogonalize(direction as Tensor2D, nsCoefficients, nsSteps, eps);
      const update = mul(orthogonal, -rate * shapeFactor(parameter as Tensor2D, adjustLr));
      return [decayed(update, parameter, rate * decay), { momentum: velocity }];
    },
  });
}

/** The matrix with all singular values moved near 1, by Newton and Schulz's iteration. */
function orthogonalize(
  matrix: Tensor2D,
  [a, b, c]: readonly [number, number, number],
  steps: number,
  eps: number,
): Tensor2D {
  const [rows, columns] = matrix.shape;
  let x: Tensor2D = rows > columns ? transpose(matrix) : matrix;
  x = div(x, maximum(sqrt(sum(square(x))), eps));
  for (let i = 0; i < steps; i++) {
    const gram = matMul(x, x, false, true);
    const change = add(mul(gram, b), mul(matMul(gram, gram), c));
    x = add(mul(x, a), matMul(change as Tensor2D, x));
  }
  return rows > columns ? transpose(x) : x;
}

function shapeFactor({ shape: [into, out] }: Tensor2D, rule: "original" | "matchRmsAdamW"): number {
  return rule === "original" ? Math.sqrt(Math.max(1, out / into)) : 0.2 * Math.sqrt(Math.max(out, into));
}

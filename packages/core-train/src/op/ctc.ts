import {
  add,
  cast,
  concat,
  equal,
  exp,
  expandDims,
  fill,
  less,
  log,
  logicalAnd,
  logicalOr,
  matMul,
  maximum,
  mul,
  neg,
  notEqual,
  pad,
  range,
  type Rank,
  reshape,
  scalar,
  slice,
  stack,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tile,
  unstack,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { defineOp } from "./define-op.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { oneHot } from "./one-hot.ts";
import { takeUnchecked } from "./take-unchecked.ts";

interface Attributes {
  readonly blank: number;
  /** Whether examples without an alignment get gradient 0 instead of NaN. */
  readonly zeroInfinity: boolean;
}

const given = {
  logProbs: "float32[batch, time, class]",
  /** Padded with blanks after the end of each example's labels. */
  labels: "int32[batch, label]",
  inputLengths: "int32[batch]",
  targetLengths: "int32[batch]",
} as const;

/** The logarithm of 0: far below all others, but finite, since backends add and compare infinities differently. */
const impossible = -1e30;

/**
 * The negative log-likelihood of labels over all alignments, `[batch]`, infinite where there is none, and the forward variables
 * `log α`, `[batch, time, state]`. States are the labels with a blank before, between and after them. Its gradient is PyTorch's,
 * which is right where `log p` comes from a log-softmax: `exp(log p) − posterior`.
 *
 * Graves et al., 2006, eq. 5 to 10 and 16. https://www.cs.toronto.edu/~graves/icml_2006.pdf
 */
export const ctc = defineOp({
  name: "PellucidCtc",
  caller: "ctcLoss",
  inputs: given,
  reference: (inputs, { blank }: Attributes): [nll: Tensor1D, logAlpha: Tensor3D] => {
    const { inputLengths, targetLengths } = inputs;
    const states = extended(inputs.labels, blank); //                           [batch, state]
    const isSkipped = maySkip(states, blank); //                                [batch, state]
    const [first, ...rest] = emissions(inputs.logProbs, states);
    if (first === undefined) throw new RangeError("ctc: expected at least one time step.");
    let alpha = where(less(column(states), 2), first, impossible) as Tensor2D; // [batch, state]
    const alphas = [alpha];
    rest.forEach((emission, t) => {
      const [skipping, moving, staying] = shifted(alpha, [2, 0], [0, 1, 2]);
      const reached = logSum(staying, moving, where(isSkipped, skipping, impossible));
      const isLive = less(t + 1, expandDims(inputLengths, 1)); //               [batch, 1]
      alpha = where(isLive, add(reached, emission), alpha) as Tensor2D; //      unchanged after the end of an example
      alphas.push(alpha);
    });
    const last = where(isEnd(states, targetLengths), alpha, impossible);
    const nll = neg(logSumExp<Tensor1D>(last, 1)); //                           [batch]
    const isAligned = logicalAnd(less(nll, -impossible / 10), less(0, inputLengths));
    const isNothing = logicalAnd(equal(inputLengths, 0), equal(targetLengths, 0));
    const found = where(isAligned, nll, where(isNothing, 0, fill(nll.shape, Infinity)));
    return [found as Tensor1D, stack(alphas, 1) as Tensor3D];
  },
  gradient: ([dy], inputs, attributes, [nll, logAlpha]) => ({
    logProbs: () => ctcGradient({ ...inputs, dy, nll, logAlpha }, attributes),
  }),
});

/** The gradient: `dy · (exp(log p) − Σ_s exp(log α + log β + nll))`, with the sum over the states of a class. */
const ctcGradient = defineOp({
  name: "PellucidCtcGradient",
  caller: "ctcLoss",
  inputs: { ...given, dy: "float32[batch]", nll: "float32[batch]", logAlpha: "float32[batch, time, state]" },
  reference: ({ dy, nll, logAlpha, ...inputs }, { blank, zeroInfinity }: Attributes): Tensor3D => {
    const { logProbs, inputLengths, targetLengths } = inputs;
    const [, time, classes] = logProbs.shape;
    const states = extended(inputs.labels, blank); //                           [batch, state]
    const [, count] = states.shape;
    const isSkipped = cast(maySkip(states, blank), "int32");
    const skipsNext = cast(
      slice(
        pad(isSkipped, [
          [0, 0],
          [0, 2],
        ]),
        [0, 2],
        [-1, count],
      ),
      "bool",
    );
    const ends = where(isEnd(states, targetLengths), 0, impossible) as Tensor2D;
    const emission = emissions(logProbs, states);
    const lengths = expandDims(inputLengths, 1); //                             [batch, 1]
    let beta = ends; //                                                         [batch, state]
    const betas = [beta];
    for (let t = time - 2; t >= 0; t--) {
      const next: Tensor2D = add(beta, emission[t + 1] ?? 0);
      const [staying, moving, skipping] = shifted(next, [0, 2], [0, 1, 2]);
      const reached = logSum(staying, moving, where(skipsNext, skipping, impossible));
      beta = where(less(t + 1, lengths), reached, ends) as Tensor2D;
      betas.unshift(beta);
    }
    const isFinite = less(nll, Infinity);
    const shift = reshape(where(isFinite, nll, zerosLike(nll)), [-1, 1, 1]); // [batch, 1, 1]
    const posterior = exp(add(add(logAlpha, stack(betas, 1)), shift)); //       [batch, time, state]
    const ofClass = matMul(posterior, oneHot<Tensor3D>(states, classes)); //    [batch, time, class]
    const steps = reshape(range(0, time, 1, "int32"), [1, time]);
    const isLive = expandDims(less(steps, lengths), 2); //                      [batch, time, 1]
    const gradient = mul(sub(exp(logProbs), ofClass), reshape(dy, [-1, 1, 1]));
    const known = where(reshape(isFinite, [-1, 1, 1]), gradient, zeroInfinity ? 0 : Number.NaN);
    return where(isLive, known, 0) as Tensor3D;
  },
});

/** The labels with a blank before, between and after them: `[batch, label]` -> `[batch, 2 label + 1]`. */
function extended(labels: Tensor2D, blank: number): Tensor2D {
  const [batch, length] = labels.shape;
  const last = fill<Rank.R2>([batch, 1], blank, "int32");
  if (length === 0) return last;
  const blanks = fill([batch, length, 1], blank, "int32");
  const pairs = concat([blanks, expandDims(labels, 2)], 2); //                  [batch, label, 2]
  return concat([reshape<Rank.R2>(pairs, [batch, 2 * length]), last], 1);
}

/** Whether the blank before a state may be skipped: not for blanks, nor for labels that repeat the previous label. */
function maySkip(states: Tensor2D, blank: number): Tensor2D {
  const [, count] = states.shape;
  const twoBefore = slice(
    pad(
      states,
      [
        [0, 0],
        [2, 0],
      ],
      -1,
    ),
    [0, 0],
    [-1, count],
  );
  return logicalAnd(notEqual(states, scalar(blank, "int32")), notEqual(states, twoBefore));
}

/** Whether an alignment may end in a state: the last label, or the blank after it. */
function isEnd(states: Tensor2D, targetLengths: Tensor1D): Tensor2D {
  const last = mul(expandDims(targetLengths, 1), scalar(2, "int32")); //        [batch, 1]
  const state = column(states);
  return logicalOr(equal(state, last), equal(state, sub(last, scalar(1, "int32"))));
}

/** `[1, state]` */
function column({ shape: [, count] }: Tensor2D): Tensor {
  return reshape(range(0, count, 1, "int32"), [1, count]);
}

/** The log-probability of each state at each time step: `[batch, state]`, `time` times. */
function emissions(logProbs: Tensor3D, states: Tensor2D): Tensor2D[] {
  const [, time] = logProbs.shape;
  const everywhere = tile(expandDims(states, 1), [1, time, 1]); //              [batch, time, state]
  return unstack(maximum(takeUnchecked(logProbs, everywhere, 2), impossible), 1) as Tensor2D[];
}

/** `x` shifted by each of three numbers of states, padded with impossible ones. */
function shifted(
  x: Tensor2D,
  sides: [before: number, after: number],
  starts: readonly [number, number, number],
): [Tensor2D, Tensor2D, Tensor2D] {
  const padded = pad(x, [[0, 0], sides], impossible);
  const from = (start: number) => slice(padded, [0, start], x.shape);
  return [from(starts[0]), from(starts[1]), from(starts[2])];
}

/** `log(exp a + exp b + exp c)` */
function logSum(a: Tensor, b: Tensor, c: Tensor): Tensor {
  const largest = maximum(maximum(a, b), c);
  const [p, q, r] = [a, b, c].map((x) => exp(sub(x, largest)));
  return add(log(add(add(p ?? 0, q ?? 0), r ?? 0)), largest);
}

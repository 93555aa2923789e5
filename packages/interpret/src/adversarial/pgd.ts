import {
  checkArguments,
  checkOptions,
  clamp,
  gradient,
  maximum,
  minimum,
  OptionError,
  type Rng,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  div,
  greater,
  less,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { AdversarialOptions } from "./adversarial-options.ts";
import { foldBatches } from "../run/fold-batches.ts";
import type { RunOptions } from "../run/run-options.ts";
import { checkCount } from "../run/check-count.ts";
import { checkAdversarial, checkWithin } from "./check-adversarial.ts";
import type { Score } from "../score/score.ts";

/** Options for {@link pgd}. */
export interface PgdOptions extends AdversarialOptions, Pick<RunOptions, "signal" | "onProgress"> {
  /** Default: `"linf"`. */
  readonly norm?: "linf" | "l2";
  /** Default: 20. */
  readonly steps?: number;
  /** The size of a step. Default: `2.5 ε / steps`. */
  readonly stepSize?: number;
  /** Random generator for the start in the ball. Default: it starts at the input. */
  readonly rng?: Rng;
}

/**
 * The worst input in a ball of radius `ε`, and in the range: steps along the gradient, each followed by a projection onto both.
 *
 * Madry, Makelov, Schmidt, Tsipras and Vladu, 2018. https://arxiv.org/abs/1706.06083
 *
 * @throws DomainError where an input lies outside the range
 */
export function pgd<X extends Tensor>(score: Score<X>, options: PgdOptions): (x: X) => Promise<X> {
  checkArguments("pgd", { function: { score } });
  checkOptions("pgd", options, [
    "norm",
    "steps",
    "stepSize",
    "rng",
    "epsilon",
    "direction",
    "range",
    "signal",
    "onProgress",
  ]);
  const { epsilon, direction = "lower", range, norm = "linf", steps = 20, rng } = options;
  checkAdversarial("pgd", options);
  checkCount("pgd", "steps", steps);
  if (options.stepSize !== undefined && !(options.stepSize > 0 && Number.isFinite(options.stepSize)))
    throw new OptionError("pgd", "stepSize", options.stepSize, "a finite number above 0");
  const size = (options.stepSize ?? (2.5 * epsilon) / steps) * (direction === "lower" ? -1 : 1);
  const gradientOf = gradient<X>(score);
  return async (x) => {
    await checkWithin("pgd", x, range);
    const inBall = (moved: X): X => {
      const change = sub<X>(moved, x);
      const kept =
        norm === "linf"
          ? clamp(change, -epsilon, epsilon)
          : mul(change, minimum(1, div(epsilon, maximum(lengths(change), 1e-30))));
      const back = add<X>(x, kept);
      return range === undefined ? back : (clamp(back, ...range) as X);
    };
    const [found] = await foldBatches(
      { total: steps },
      { ...options, batchSize: 1 },
      (): [X] => [
        rng === undefined
          ? add<X>(x, 0)
          : inBall(add<X>(x, tensor(rng.uniform(x.shape, -epsilon, epsilon).data, x.shape))),
      ],
      ([at]): [X] => {
        const g = gradientOf(at);
        const way = norm === "linf" ? signOf(g) : div(g, maximum(lengths(g), 1e-30));
        return [inBall(add<X>(at, mul(way, size)))];
      },
    );
    return found;
  };
}

function signOf(x: Tensor): Tensor {
  const none = zerosLike(x);
  return where(greater(x, 0), add(none, 1), where(less(x, 0), sub(none, 1), none));
}

/** Of each example, `[batch, 1, …]`. */
function lengths(x: Tensor): Tensor {
  const rows = reshape(x, [sizeAlong(x, 0), -1]);
  return reshape(sqrt(sum(square(rows), 1)), [sizeAlong(x, 0), ...x.shape.slice(1).map(() => 1)]);
}

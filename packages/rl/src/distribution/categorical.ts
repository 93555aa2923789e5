import {
  checkShape,
  DataError,
  drawn,
  hostValues,
  logSoftmax,
  type Rng,
  ShapeError,
  softmax,
  takeAlongAxis,
} from "@pellucid/core-train";
import {
  argMax,
  cast,
  div,
  expandDims,
  mul,
  neg,
  squeeze,
  sum,
  type Tensor1D,
  type Tensor2D,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import { checkActions } from "./check-actions.ts";
import type { Distribution } from "./distribution.ts";

/** What masked logits become: far below all others, and finite, so that no gradient is NaN. */
const excluded = -1e8;

/**
 * A choice among numbered actions, as `torch.distributions.Categorical(logits=…)`, with PyTorch's draws. Actions that `mask` excludes have a probability of 0, and neither entropy
 * nor gradient. Huang and Ontañón, 2020. A closer look at invalid action masking. https://arxiv.org/abs/2006.14171
 */
export class Categorical implements Distribution<Tensor1D> {
  /** `[batch, action]` */
  readonly logits: Tensor2D;
  readonly #mask: Tensor2D | undefined;

  /**
   * @param logits `[batch, action]`
   * @param mask bool or numbers `[batch, action]`: whether an action is possible. Default: all are.
   * @throws ShapeError for a mask of another shape
   * @throws DataError where no action of a row is possible; not checked where reading the mask would wait for a GPU
   */
  constructor(logits: Tensor2D, mask?: Tensor2D) {
    checkShape("Categorical", "logits", logits, ["batch", "action"]);
    if (mask !== undefined) checkMask(mask, logits);
    this.#mask = mask === undefined ? undefined : cast(mask, "bool");
    this.logits = this.#mask === undefined ? logits : where(this.#mask, logits, excluded);
  }

  /** @returns `[batch, action]` */
  probabilities(): Tensor2D {
    return softmax(this.logits);
  }

  sample(rng: Rng): Tensor1D {
    return tidy(() => {
      const probabilities = this.probabilities();
      const waits = drawn(() => rng.exponential(probabilities.shape)); // one draw of `torch.multinomial`
      return argMax<Tensor1D>(div(probabilities, waits), -1);
    });
  }

  mode(): Tensor1D {
    return argMax<Tensor1D>(this.logits, -1);
  }

  /** @throws IndexError for an action that does not exist; not checked where reading it would wait for a GPU */
  logProb(actions: Tensor1D): Tensor1D {
    const [batch, count] = this.logits.shape;
    if (actions.shape.length !== 1 || actions.shape[0] !== batch)
      throw new ShapeError(`Categorical: actions is [${actions.shape.join(", ")}], expected [${batch}].`);
    checkActions("Categorical", actions, count);
    return tidy(() => {
      const chosen = expandDims<Tensor2D>(cast(actions, "int32"), -1); //      [batch, 1]
      return squeeze<Tensor1D>(takeAlongAxis(logSoftmax(this.logits), chosen, 1), [1]);
    });
  }

  entropy(): Tensor1D {
    return tidy(() => {
      const logs = logSoftmax(this.logits); // [batch, action]
      const terms = mul(softmax(this.logits), logs);
      return neg(sum<Tensor1D>(this.#mask === undefined ? terms : where(this.#mask, terms, 0), -1));
    });
  }
}

function checkMask(mask: Tensor2D, { shape }: Tensor2D): void {
  checkShape("Categorical", "mask", mask, shape);
  const [batch, count] = shape;
  const possible = hostValues(mask);
  if (possible === null) return;
  for (let row = 0; row < batch; row++) {
    let any = false;
    for (let action = 0; action < count; action++) any ||= possible[row * count + action] !== 0;
    if (!any)
      throw new DataError(
        `Categorical: the mask of row ${row} excludes all ${count} actions, expected one to be possible.`,
      );
  }
}

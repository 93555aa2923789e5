import { checkSizes, checkPositive, checkRng } from "../check-values.ts";
import {
  add,
  argMax,
  cast,
  concat,
  equal,
  expandDims,
  greaterEqual,
  less,
  logicalAnd,
  neg,
  scalar,
  scatterND,
  sub,
  type Scalar,
  slice,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  tidy,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { hostValues } from "../host-values.ts";
import { checkLabels } from "../check-labels.ts";
import { pick } from "../loss/pick.ts";
import { reduceLosses } from "../reduce-losses.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { Sequential } from "../module/sequential.ts";
import { embedding } from "../op/embedding.ts";
import { logSoftmax } from "../op/log-softmax.ts";
import { OptionError } from "../option-error.ts";
import type { Rng } from "../rng/rng.ts";
import { checkShape } from "../shape-error.ts";
import { Linear } from "./linear.ts";

/** Options for {@link AdaptiveLogSoftmaxWithLoss}. */
export interface AdaptiveLogSoftmaxWithLossOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The factor by which the features of each cluster decrease from those of the previous one. Default: 4. */
  readonly divValue?: number;
  /** Whether the head has a bias. Default: false. */
  readonly headBias?: boolean;
}

/** The input of {@link AdaptiveLogSoftmaxWithLoss}: features and labels. */
export type AdaptiveLogSoftmaxInput = {
  /** `[batch, in]` */
  readonly input: Tensor2D;
  /** `[batch]` int32 */
  readonly target: Tensor1D;
};

/** The output of {@link AdaptiveLogSoftmaxWithLoss}. */
export type AdaptiveLogSoftmaxOutput = {
  /** The log-probability of each label, `[batch]`. */
  readonly output: Tensor1D;
  /** The mean negative log-likelihood. */
  readonly loss: Scalar;
};

/**
 * An approximate softmax for large numbers of classes, as `torch.nn.AdaptiveLogSoftmaxWithLoss`. A head scores the frequent classes and
 * each cluster of rare classes; the log-probability of a class in a cluster is that of the cluster plus its own within the cluster.
 * Classes are ordered by frequency, the most frequent first.
 *
 * Grave et al., 2017, eq. 2 and chapter 4. https://arxiv.org/abs/1609.04309
 */
export class AdaptiveLogSoftmaxWithLoss
  extends Module
  implements Layer<AdaptiveLogSoftmaxInput, AdaptiveLogSoftmaxOutput>
{
  readonly inFeatures: number;
  readonly nClasses: number;
  /** The end of each cluster; the last is `nClasses`. */
  readonly cutoffs: readonly number[];
  readonly head: Linear;
  readonly tail: readonly Sequential<readonly [Linear, Linear]>[];

  /**
   * @param cutoffs the class with which each cluster begins, in ascending order
   * @throws {OptionError} Unless the cutoffs increase from at least 1 to at most `nClasses − 1`, and each cluster has a feature.
   */
  constructor(
    inFeatures: number,
    nClasses: number,
    cutoffs: readonly number[],
    options: AdaptiveLogSoftmaxWithLossOptions,
  ) {
    super();
    checkRng("AdaptiveLogSoftmaxWithLoss", options);
    checkOptions("AdaptiveLogSoftmaxWithLoss", options, ["rng", "divValue", "headBias"]);
    const { rng, divValue = 4, headBias = false } = options;
    checkSizes("AdaptiveLogSoftmaxWithLoss", { inFeatures, nClasses });
    checkPositive("AdaptiveLogSoftmaxWithLoss", { divValue });
    const rises = cutoffs.every(
      (at, i) => Number.isInteger(at) && at > (cutoffs[i - 1] ?? 0) && at < nClasses,
    );
    const [first] = cutoffs;
    if (first === undefined || !rises) {
      const expected = `increasing integers from 1 to ${nClasses - 1}`;
      throw new OptionError("AdaptiveLogSoftmaxWithLoss", "cutoffs", `[${cutoffs.join(", ")}]`, expected);
    }
    if (Math.floor(inFeatures / divValue ** cutoffs.length) < 1) {
      const expected = `a number that leaves each of ${cutoffs.length} clusters a feature of ${inFeatures}`;
      throw new OptionError("AdaptiveLogSoftmaxWithLoss", "divValue", divValue, expected);
    }
    this.inFeatures = inFeatures;
    this.nClasses = nClasses;
    this.cutoffs = [...cutoffs, nClasses];
    this.head = new Linear(inFeatures, first + cutoffs.length, { rng, bias: headBias });
    this.tail = cutoffs.map((low, i) => {
      const hidden = Math.floor(inFeatures / divValue ** (i + 1));
      const size = (this.cutoffs[i + 1] ?? nClasses) - low;
      return new Sequential(
        new Linear(inFeatures, hidden, { rng, bias: false }),
        new Linear(hidden, size, { rng, bias: false }),
      );
    });
  }

  /**
   * The log-probability of each label, and the loss. If the labels can be read without waiting for a GPU, a cluster is computed only
   * for the rows that have one of its labels.
   *
   * @returns `output` `[batch]`, and `loss`
   * @throws {LabelError} If a label is not a class.
   */
  forward({ input, target }: AdaptiveLogSoftmaxInput): AdaptiveLogSoftmaxOutput {
    this.#check(input);
    checkShape(this.#name, "target", target, [input.shape[0]]);
    checkLabels(this.#name, target, this.nClasses);
    return tidy(() => {
      const head = logSoftmax(this.head.forward(input)); //                        [batch, shortlist + cluster]
      const inHead = pick({ x: head, label: this.#headLabel(target) }, {}); //     [batch]
      const output = this.tail.reduce((total, layer, i) => {
        const [low, high] = [this.cutoffs[i] ?? 0, this.cutoffs[i + 1] ?? 0];
        const inCluster = withinCluster(layer, input, target, low, high); //       [batch], 0 elsewhere
        return inCluster === null ? total : add<Tensor1D>(total, inCluster);
      }, inHead);
      return { output, loss: reduceLosses(this.#name, neg(output)) as Scalar };
    });
  }

  /**
   * The log-probability of every class.
   *
   * @param input `[batch, in]`
   * @returns `[batch, class]`
   */
  logProb(input: Tensor2D): Tensor2D {
    this.#check(input);
    return tidy(() => this.#full(input, logSoftmax(this.head.forward(input))));
  }

  /**
   * The most likely class. If the head chooses a cluster, it is the most likely of all classes.
   *
   * @param input `[batch, in]`
   * @returns int32 `[batch]`
   */
  predict(input: Tensor2D): Tensor1D {
    this.#check(input);
    return tidy(() => {
      const head = logSoftmax(this.head.forward(input)); //                        [batch, shortlist + cluster]
      const chosen = argMax(head, 1); //                                           [batch]
      const best = argMax(this.#full(input, head), 1); //                          [batch]
      return where(less(chosen, scalar(this.#shortlist, "int32")), chosen, best) as Tensor1D;
    });
  }

  #full(input: Tensor2D, head: Tensor2D): Tensor2D {
    const [batch] = head.shape;
    const frequent = slice(head, [0, 0], [batch, this.#shortlist]); //             [batch, shortlist]
    const rare = this.tail.map((layer, i) => {
      const cluster = slice(head, [0, this.#shortlist + i], [batch, 1]); //        [batch, 1]
      return add<Tensor2D>(cluster, logSoftmax(layer.forward(input))); //          [batch, class of the cluster]
    });
    return concat([frequent, ...rare], 1);
  }

  /** The label itself if it is in the shortlist, otherwise the head's entry for its cluster. */
  #headLabel(target: Tensor1D): Tensor1D {
    const passed = this.cutoffs
      .slice(0, -1)
      .map((low) => cast(greaterEqual(target, scalar(low, "int32")), "int32"));
    const clusters = passed.reduce((total, one) => add(total, one)); //             [batch], 0 in the shortlist
    const entry = add(clusters, scalar(this.#shortlist - 1, "int32"));
    return where(equal(clusters, scalar(0, "int32")), target, entry) as Tensor1D;
  }

  #check(input: Tensor2D): void {
    checkShape(this.#name, "input", input, ["batch", this.inFeatures]);
  }

  get #name(): string {
    return `AdaptiveLogSoftmaxWithLoss(${this.inFeatures}, ${this.nClasses})`;
  }

  get #shortlist(): number {
    return this.cutoffs[0] ?? 0;
  }
}

/** The log-probability of each label within the cluster from `low` to `high`, 0 for other labels; `null` if there are only others. */
function withinCluster(
  layer: Layer<Tensor2D, Tensor2D>,
  input: Tensor2D,
  target: Tensor1D,
  low: number,
  high: number,
): Tensor1D | null {
  const labels = hostValues(target);
  if (labels === null) {
    const isInside = logicalAnd(
      greaterEqual(target, scalar(low, "int32")),
      less(target, scalar(high, "int32")),
    );
    const label = where(isInside, sub(target, scalar(low, "int32")), zerosLike(target)) as Tensor1D;
    const picked = pick({ x: logSoftmax(layer.forward(input)), label }, {}); //     [batch]
    return where(isInside, picked, zerosLike(picked)) as Tensor1D;
  }
  const inside = Array.from(labels, (label, row) => ({ label, row })).filter(
    ({ label }) => label >= low && label < high,
  );
  if (inside.length === 0) return null;
  const rows = tensor1d(
    inside.map(({ row }) => row),
    "int32",
  ); //                  [row]
  const label = tensor1d(
    inside.map((one) => one.label - low),
    "int32",
  ); //         [row]
  const picked = pick({ x: logSoftmax(layer.forward(embedding(rows, input))), label }, {}); // [row]
  return scatterND(expandDims(rows, 1), picked, target.shape);
}

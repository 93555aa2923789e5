import { checkArguments, checkOptions, checkSizes, DomainError, ShapeError } from "@pellucid/core-train";

/** A bar of a reliability diagram. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The mean confidence; NaN for an empty bin. */
  readonly confidence: number;
  /** The part that is correct; NaN for an empty bin. */
  readonly accuracy: number;
}

/** How far confidences are from accuracies. */
export interface Reliability {
  readonly bins: readonly ReliabilityBin[];
  /** The expected calibration error: the mean over all examples of `|accuracy − confidence|` of their bins. */
  readonly ece: number;
  /** The largest `|accuracy − confidence|` of a bin. */
  readonly mce: number;
}

/**
 * A reliability diagram, with the errors that it shows. Bins have equal widths; a confidence of exactly 1 belongs to the last. DeGroot and Fienberg, 1983; Guo et al., 2017. https://arxiv.org/abs/1706.04599
 *
 * @param confidences probabilities of the predicted class
 * @param correct whether the prediction was right, as booleans, or ones and zeros
 * @throws DomainError for a confidence outside 0 to 1
 */
export function reliability(
  confidences: ArrayLike<number>,
  correct: ArrayLike<boolean | number>,
  options: { readonly bins?: number } = {},
): Reliability {
  checkArguments("reliability", { numbers: { confidences }, array: { correct } });
  checkOptions("reliability", options, ["bins"]);
  const { bins = 15 } = options;
  checkSizes("reliability", { bins });
  if (confidences.length !== correct.length || confidences.length === 0)
    throw new ShapeError(
      `reliability: ${confidences.length} confidences and ${correct.length} results, expected as many, at least one.`,
    );
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (let i = 0; i < confidences.length; i++) {
    const confidence = confidences[i] ?? NaN;
    if (!(confidence >= 0 && confidence <= 1))
      throw new DomainError(`reliability: confidence ${i} is ${confidence}, expected 0 to 1.`);
    const bin = sums[Math.min(Math.floor(confidence * bins), bins - 1)] as (typeof sums)[number];
    bin.count++;
    bin.confidence += confidence;
    bin.right += Number(correct[i]);
  }
  const gaps = sums.map(({ count, confidence, right }) =>
    count === 0 ? 0 : Math.abs(right - confidence) / count,
  );
  return {
    bins: sums.map(({ count, confidence, right }, i) => ({
      from: i / bins,
      to: (i + 1) / bins,
      count,
      confidence: confidence / count,
      accuracy: right / count,
    })),
    ece:
      gaps.reduce((sum, gap, i) => sum + gap * (sums[i] as (typeof sums)[number]).count, 0) /
      confidences.length,
    mce: Math.max(...gaps),
  };
}

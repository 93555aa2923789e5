import {
  abs,
  checkFinite,
  checkNotNegative,
  checkOptions,
  detach,
  mseLoss,
  oneHot,
} from "@pellucid/core-train";
import {
  add,
  cast,
  div,
  less,
  mul,
  type Scalar,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { firstSpikeTimes } from "./first-spike-times.ts";

/** Options for {@link mseTemporalLoss}. */
export interface MseTemporalLossOptions {
  /** When the right class is to spike first; from the end where negative. Default: 0. */
  readonly onTarget?: number;
  /** When the others are to spike first; from the end where negative. Default: −1, the last time step. */
  readonly offTarget?: number;
  /** Times nearer to the target than this count as it. Default: 0. */
  readonly tolerance?: number;
}

/**
 * The mean squared difference of the times of first spikes from targets, as shares of the sequence; as snntorch's `mse_temporal_loss`, see {@link firstSpikeTimes}.
 *
 * @param spikes `[batch, time, class]`
 * @param labels int32 `[batch]`
 */
export function mseTemporalLoss(
  spikes: Tensor,
  labels: Tensor1D,
  options: MseTemporalLossOptions = {},
): Scalar {
  checkOptions("mseTemporalLoss", options, ["onTarget", "offTarget", "tolerance"]);
  const { onTarget = 0, offTarget = -1, tolerance = 0 } = options;
  checkFinite("mseTemporalLoss", { onTarget, offTarget });
  checkNotNegative("mseTemporalLoss", { tolerance });
  return tidy(() => {
    const times = firstSpikeTimes(spikes);
    const [, time = 0, classes = 0] = spikes.shape;
    const [on, off] = [onTarget, offTarget].map((t) => (t < 0 ? time + t : t)) as [number, number];
    const target = add(off, mul(on - off, oneHot(labels, classes))) as Tensor2D;
    const gap = sub(times, target);
    const isNear = cast(less(abs(gap), tolerance), "float32");
    const seen = sub(times, detach(mul(isNear, gap)));
    return mseLoss(div(seen, time), div(target, time)) as Scalar;
  });
}

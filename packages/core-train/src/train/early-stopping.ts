import { checkOption } from "../check-option.ts";
import { checkOptions } from "../check-options.ts";
import type { FitEvent } from "./fit-event.ts";
import { lowestLoss, type Monitor } from "./monitor.ts";
import { checkArguments } from "../check-arguments.ts";

/** Options for {@link earlyStopping}. */
export interface EarlyStoppingOptions {
  /** Default: the validation loss, else the training loss. */
  readonly monitor?: Monitor;
  /** Epochs without improvement after which training stops. Default: 3. */
  readonly patience?: number;
  /** The least improvement that counts. Default: 0. */
  readonly minDelta?: number;
}

/**
 * Forwards the events of {@link fit} and stops training when the monitored number has not improved for `patience`
 * epochs. An epoch has improved if it is better by more than `minDelta` than the last one that did, as in Keras; NaN never is.
 *
 * Prechelt, 1998. Early stopping — but when? https://doi.org/10.1007/3-540-49430-8_3
 */
export async function* earlyStopping(
  events: AsyncIterable<FitEvent>,
  options: EarlyStoppingOptions = {},
): AsyncGenerator<FitEvent, void, undefined> {
  checkOptions("earlyStopping", options, ["monitor", "patience", "minDelta"]);
  const { monitor = lowestLoss, patience = 3, minDelta = 0 } = options;
  checkArguments("earlyStopping", { iterable: { events }, function: { monitor } });
  checkOption("earlyStopping", "patience", patience, patience >= 0, "a number ≥ 0");
  checkOption("earlyStopping", "minDelta", minDelta, minDelta >= 0, "a number ≥ 0");
  let best = Number.POSITIVE_INFINITY;
  let waited = 0;
  for await (const event of events) {
    yield event;
    if (event.kind !== "epoch") continue;
    const now = monitor(event);
    const improved = now < best - minDelta; // never, for NaN
    if (improved) best = now;
    waited = improved ? 0 : waited + 1;
    if (waited >= patience) {
      yield { kind: "end", reason: "stopped", step: event.step };
      return;
    }
  }
}

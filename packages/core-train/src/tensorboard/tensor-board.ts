import type { FitEvent } from "../train/fit-event.ts";
import type { EventLog } from "./event-log.ts";

/**
 * Passes the events of {@link fit} on and writes their numbers for TensorBoard: `loss` by step; `epoch/loss`,
 * `epoch/validation/loss` and a line for each metric by epoch. The log stays open.
 *
 * ```ts
 * const writer = new SummaryWriter("runs/first");
 * for await (const event of tensorBoard(fit(model, data, options), writer)) …
 * await writer.close();
 * ```
 */
export async function* tensorBoard(
  events: AsyncIterable<FitEvent>,
  log: EventLog,
): AsyncGenerator<FitEvent, void, undefined> {
  for await (const event of events) {
    if (event.kind === "step") log.addScalar("loss", event.loss, event.step);
    if (event.kind === "epoch") {
      const { epoch, loss, validation } = event;
      log.addScalar("epoch/loss", loss, epoch);
      if (validation !== undefined) {
        log.addScalar("epoch/validation/loss", validation.loss, epoch);
        for (const [name, value] of Object.entries(validation.metrics)) {
          log.addScalar(`epoch/validation/${name}`, value, epoch);
        }
      }
    }
    yield event;
  }
}

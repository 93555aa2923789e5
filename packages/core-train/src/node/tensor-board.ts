import type { FitEvent } from "../train/fit-event.ts";
import type { SummaryWriter } from "./summary-writer.ts";

/**
 * Passes the events of {@link fit} on and writes their numbers for TensorBoard: `loss` by step; `epoch/loss`,
 * `epoch/validation/loss` and a line for each metric by epoch. The writer stays open.
 *
 * ```ts
 * const writer = new SummaryWriter("runs/first");
 * for await (const event of tensorBoard(fit(model, data, options), writer)) …
 * await writer.close();
 * ```
 */
export async function* tensorBoard(
  events: AsyncIterable<FitEvent>,
  writer: SummaryWriter,
): AsyncGenerator<FitEvent, void, undefined> {
  for await (const event of events) {
    if (event.kind === "step") writer.addScalar("loss", event.loss, event.step);
    if (event.kind === "epoch") {
      const { epoch, loss, validation } = event;
      writer.addScalar("epoch/loss", loss, epoch);
      if (validation !== undefined) {
        writer.addScalar("epoch/validation/loss", validation.loss, epoch);
        for (const [name, value] of Object.entries(validation.metrics)) {
          writer.addScalar(`epoch/validation/${name}`, value, epoch);
        }
      }
    }
    yield event;
  }
}

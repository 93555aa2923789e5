import { Presets, SingleBar } from "cli-progress";
import type { FitEvent } from "../train/fit-event.ts";

/** Options for {@link progressBar}. */
export interface ProgressBarOptions {
  /** The stream to write to. Default: the standard error stream, so that results can be piped. */
  readonly stream?: NodeJS.WriteStream;
}

/**
 * Forwards the events of {@link fit} and draws a bar for each epoch: batches done, loss, seconds left. A finished epoch
 * leaves one line with its losses and metrics. Without a terminal, only those lines are written.
 */
export async function* progressBar(
  events: AsyncIterable<FitEvent>,
  { stream = process.stderr }: ProgressBarOptions = {},
): AsyncGenerator<FitEvent, void, undefined> {
  const format = "epoch {epoch}/{epochs} {bar} {value}/{total}  loss {loss}  {eta} s left";
  const live = stream.isTTY === true;
  const bar = new SingleBar(
    { format, stream, clearOnComplete: true, hideCursor: true, barsize: 24 },
    Presets.shades_classic,
  );
  let epochs = 0;
  let running = false;
  const close = () => {
    if (running) bar.stop();
    running = false;
  };
  try {
    for await (const event of events) {
      if (event.kind === "start") epochs = event.epochs;
      if (event.kind === "step" && live && event.batches !== undefined) {
        const payload = { epoch: event.epoch, epochs, loss: event.loss.toFixed(4) };
        if (running) bar.update(event.batch, payload);
        else bar.start(event.batches, event.batch, payload);
        running = true;
      }
      if (event.kind === "epoch") {
        close();
        const numbers = {
          loss: event.loss,
          "validation loss": event.validation?.loss,
          ...event.validation?.metrics,
        };
        const shown = Object.entries(numbers).flatMap(([name, value]) =>
          value === undefined ? [] : `${name} ${value.toFixed(4)}`,
        );
        stream.write(
          `epoch ${event.epoch}/${event.epochs}  ${shown.join("  ")}  ${event.seconds.toFixed(1)} s\n`,
        );
      }
      yield event;
    }
  } finally {
    close();
  }
}

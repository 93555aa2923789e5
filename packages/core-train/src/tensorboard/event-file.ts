import { encodeFileStart } from "./encode-event.ts";
import { EventLog } from "./event-log.ts";

/**
 * An event file in memory, for TensorBoard: what a page gives its visitors to save.
 *
 * ```ts
 * const log = new EventFile();
 * for await (const event of tensorBoard(fit(model, data, options), log)) …
 * link.href = URL.createObjectURL(await log.toBlob());
 * link.download = log.name;
 * ```
 *
 * `tensorboard --logdir` the folder that it is saved in.
 */
export class EventFile extends EventLog {
  /** What TensorBoard knows such a file by. */
  readonly name: string;
  readonly #records: Uint8Array<ArrayBuffer>[];

  /** @param wallTime when it begins, in seconds since 1970. Default: now. */
  constructor(wallTime = Date.now() / 1000) {
    super();
    this.name = `events.out.tfevents.${Math.floor(wallTime)}.page`;
    this.#records = [encodeFileStart(wallTime)];
  }

  /**
   * All that was added until now.
   *
   * @throws DataError once, for what makes no record, see {@link flush}; the next call gives all others
   */
  async toBlob(): Promise<Blob> {
    await this.flush();
    return new Blob(this.#records, { type: "application/octet-stream" });
  }

  protected override write(record: Uint8Array<ArrayBuffer>): void {
    this.#records.push(record);
  }
}

import { Tensor } from "@tensorflow/tfjs-core";
import { DataError } from "../data/data-error.ts";
import type { HostTensor } from "../host-tensor.ts";
import { readTensors } from "../weights/read-tensors.ts";
import { encodeEvent, type SummaryValue } from "./encode-event.ts";
import { encodeImage } from "./encode-image.ts";
import { histogram } from "./histogram.ts";
import { makeGrid } from "./make-grid.ts";

/** Numbers to be shown, on a backend or on the host. */
export type SummaryTensor = Tensor | HostTensor;

/**
 * What TensorBoard shows, wherever its records go: to a file in memory ({@link EventFile}) or to a folder (`SummaryWriter` in Node).
 *
 * What is on the host is written at once, so that a crash loses nothing. Tensors are read first, without waiting for them;
 * they may change or be freed right after the call. Images have their channels last, PyTorch's first.
 *
 * `wallTime` is in seconds since 1970, by default now.
 */
export abstract class EventLog {
  readonly #reading = new Set<Promise<void>>();
  #refused: DataError[] = [];

  /** Appends a record to the log. */
  protected abstract write(record: Uint8Array<ArrayBuffer>): void;

  /** A number at a step. */
  addScalar(tag: string, value: number, step: number, wallTime = now()): void {
    this.#add(step, wallTime, { kind: "scalar", tag, value });
  }

  /** How numbers are distributed at a step. */
  addHistogram(tag: string, values: SummaryTensor, step: number, wallTime = now()): void {
    this.read(`addHistogram: ${tag} at step ${step}`, values, ({ data }) => {
      this.#add(step, wallTime, { kind: "histogram", tag, histogram: histogram(data) });
    });
  }

  /** A picture at a step: `[height, width]` or `[height, width, channel]`, from 0 to 1, or integers from 0 to 255. */
  addImage(tag: string, image: SummaryTensor, step: number, wallTime = now()): void {
    this.read(`addImage: ${tag} at step ${step}`, image, (read) => {
      this.#add(step, wallTime, { kind: "image", tag, image: encodeImage(read) });
    });
  }

  /** Pictures in rows of eight: `[batch, height, width, channel]`. */
  addImages(tag: string, images: SummaryTensor, step: number, wallTime = now()): void {
    this.read(`addImages: ${tag} at step ${step}`, images, (read) => {
      this.#add(step, wallTime, { kind: "image", tag, image: encodeImage(makeGrid(read)) });
    });
  }

  /** A text at a step, in Markdown. */
  addText(tag: string, text: string, step: number, wallTime = now()): void {
    this.#add(step, wallTime, { kind: "text", tag, text });
  }

  /**
   * Waits until every tensor has been read and its record written.
   *
   * @throws DataError once, for tensors since the last flush that make no record, such as an image of five channels. All others are
   *   written.
   */
  async flush(): Promise<void> {
    while (this.#reading.size > 0) await Promise.all(this.#reading);
    const [first, ...others] = this.#refused;
    this.#refused = [];
    if (first === undefined) return;
    if (others.length === 0) throw first;
    const all = [first, ...others];
    throw new DataError(all.map(({ message }) => message).join("\n"), { cause: new AggregateError(all) });
  }

  /**
   * Gives numbers to `use` when they are on the host; {@link flush} waits for it.
   *
   * @param name of the record, for the error
   */
  protected read(name: string, values: SummaryTensor, use: (read: HostTensor) => void): void {
    if (!(values instanceof Tensor)) {
      use(values);
      return;
    }
    const { dtype, shape } = values;
    const reading = readTensors([values])
      .then(([data = new Float32Array(0)]) => {
        // a mask of booleans is black and white; the bytes of a picture go to 255
        use({ data: dtype === "bool" ? Float32Array.from(data) : data, shape });
      })
      .catch((cause: unknown) => {
        const reason = cause instanceof Error ? cause.message : String(cause);
        this.#refused.push(new DataError(`${name} is not written: ${reason}`, { cause }));
      })
      .finally(() => this.#reading.delete(reading));
    this.#reading.add(reading);
  }

  #add(step: number, wallTime: number, value: SummaryValue): void {
    this.write(encodeEvent({ wallTime, step }, [value]));
  }
}

function now(): number {
  return Date.now() / 1000;
}

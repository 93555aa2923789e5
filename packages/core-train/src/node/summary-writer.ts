import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Tensor } from "@tensorflow/tfjs-core";
import type { HostData, HostTensor } from "../host-tensor.ts";
import {
  encodeEvent,
  encodeFileStart,
  encodeRestart,
  type SummaryValue,
} from "../tensorboard/encode-event.ts";
import { encodeImage } from "../tensorboard/encode-image.ts";
import { histogram } from "../tensorboard/histogram.ts";
import { makeGrid } from "../tensorboard/make-grid.ts";
import { readTensors } from "../weights/read-tensors.ts";

/** How a {@link SummaryWriter} begins. */
export interface SummaryWriterOptions {
  /** The step at which training goes on: TensorBoard hides what earlier files of the folder say of it and later ones. */
  readonly purgeStep?: number;
}

/** Numbers to be shown, on a backend or on the host. */
export type SummaryTensor = Tensor | HostTensor;

let files = 0;

/**
 * Writes a new event file into a folder, for TensorBoard: PyTorch's `torch.utils.tensorboard.SummaryWriter`.
 *
 * ```ts
 * const writer = new SummaryWriter("runs/first");
 * writer.addScalar("loss", loss, step);
 * await writer.close();
 * ```
 *
 * What is on the host is written at once, so that a crash loses nothing. Tensors are read first, without waiting for them;
 * they may change or be freed right after the call. Images have their channels last, PyTorch's first.
 *
 * `wallTime` is in seconds since 1970, by default now.
 */
export class SummaryWriter {
  readonly folder: string;
  readonly #options: SummaryWriterOptions;
  readonly #file: number;
  readonly #reading = new Set<Promise<void>>();
  readonly #lines = new Map<string, SummaryWriter>();
  #open = true;
  #failure: { readonly error: unknown } | null = null;

  constructor(folder: string, options: SummaryWriterOptions = {}) {
    const { purgeStep } = options;
    const wallTime = now();
    const name = `${String(Math.floor(wallTime)).padStart(10, "0")}.${hostname()}.${process.pid}.${files++}`;
    const restart = purgeStep === undefined ? [] : [encodeRestart({ wallTime, step: purgeStep })];
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    this.#options = options;
    this.#file = openSync(join(folder, `events.out.tfevents.${name}`), "ax"); // never another writer's file
    for (const record of [encodeFileStart(wallTime), ...restart]) writeSync(this.#file, record);
  }

  /** A number at a step. */
  addScalar(tag: string, value: number, step: number, wallTime = now()): void {
    this.#write(step, wallTime, { kind: "scalar", tag, value });
  }

  /** Several numbers at a step, in one chart. Each has its own folder beside the writer's file, as TensorBoard wants it. */
  addScalars(
    mainTag: string,
    values: Readonly<Record<string, number>>,
    step: number,
    wallTime = now(),
  ): void {
    for (const [tag, value] of Object.entries(values)) {
      const folder = join(this.folder, `${mainTag.replaceAll("/", "_")}_${tag}`);
      const line = this.#lines.get(folder) ?? new SummaryWriter(folder, this.#options);
      this.#lines.set(folder, line);
      line.addScalar(mainTag, value, step, wallTime);
    }
  }

  /** How numbers are distributed at a step. */
  addHistogram(tag: string, values: SummaryTensor, step: number, wallTime = now()): void {
    this.#read(values, ({ data }) => {
      this.#write(step, wallTime, { kind: "histogram", tag, histogram: histogram(data) });
    });
  }

  /** A picture at a step: `[height, width]` or `[height, width, channel]`, from 0 to 1, or whole numbers from 0 to 255. */
  addImage(tag: string, image: SummaryTensor, step: number, wallTime = now()): void {
    this.#read(image, (read) => {
      this.#write(step, wallTime, { kind: "image", tag, image: encodeImage(read) });
    });
  }

  /** Pictures in rows of eight: `[batch, height, width, channel]`. */
  addImages(tag: string, images: SummaryTensor, step: number, wallTime = now()): void {
    this.#read(images, (read) => {
      this.#write(step, wallTime, { kind: "image", tag, image: encodeImage(makeGrid(read)) });
    });
  }

  /** Words at a step, in Markdown. */
  addText(tag: string, text: string, step: number, wallTime = now()): void {
    this.#write(step, wallTime, { kind: "text", tag, text });
  }

  /**
   * Waits until everything is on the disk.
   *
   * @throws what went wrong with a tensor
   */
  async flush(): Promise<void> {
    while (this.#reading.size > 0) await Promise.all(this.#reading);
    for (const line of this.#lines.values()) await line.flush();
    fsyncSync(this.#file);
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** {@link flush}, then no more. */
  async close(): Promise<void> {
    if (!this.#open) return;
    try {
      await this.flush();
    } finally {
      this.#open = false;
      closeSync(this.#file);
      for (const line of this.#lines.values()) await line.close();
    }
  }

  #write(step: number, wallTime: number, value: SummaryValue): void {
    if (!this.#open) throw new Error(`SummaryWriter: ${this.folder} is closed, expected add before close.`);
    writeSync(this.#file, encodeEvent({ wallTime, step }, [value]));
  }

  #read(values: SummaryTensor, use: (read: HostTensor) => void): void {
    if (!(values instanceof Tensor)) {
      use(values);
      return;
    }
    const { shape } = values;
    const reading = readTensors([values])
      .then(([data]) => use({ data: data as HostData, shape }))
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#reading.delete(reading));
    this.#reading.add(reading);
  }
}

function now(): number {
  return Date.now() / 1000;
}

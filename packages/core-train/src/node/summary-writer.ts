import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { encodeEmbedding, type EmbeddingOptions } from "../tensorboard/encode-embedding.ts";
import { encodeFileStart, encodeRestart } from "../tensorboard/encode-event.ts";
import { EventLog, type SummaryTensor } from "../tensorboard/event-log.ts";

/** Options for a {@link SummaryWriter}. */
export interface SummaryWriterOptions {
  /** The step at which training resumes: TensorBoard hides that step and later ones of earlier files of the folder. */
  readonly purgeStep?: number;
}

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
 * See {@link EventLog}; records are written to the file at once.
 */
export class SummaryWriter extends EventLog {
  readonly folder: string;
  readonly #options: SummaryWriterOptions;
  readonly #file: number;
  readonly #lines = new Map<string, SummaryWriter>();
  #open = true;
  #embeddings = "";

  constructor(folder: string, options: SummaryWriterOptions = {}) {
    super();
    const { purgeStep } = options;
    const wallTime = Date.now() / 1000;
    const name = `events.out.tfevents.${String(Math.floor(wallTime)).padStart(10, "0")}.${hostname()}.${process.pid}`;
    const restart = purgeStep === undefined ? [] : [encodeRestart({ wallTime, step: purgeStep })];
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    this.#options = options;
    this.#file = openNew(join(folder, name));
    for (const record of [encodeFileStart(wallTime), ...restart]) writeSync(this.#file, record);
  }

  /** Several numbers at a step, in one chart. Each has its own folder next to the writer's file, as TensorBoard expects. */
  addScalars(
    mainTag: string,
    values: Readonly<Record<string, number>>,
    step: number,
    wallTime?: number,
  ): void {
    for (const [tag, value] of Object.entries(values)) {
      const folder = join(this.folder, `${mainTag.replaceAll("/", "_")}_${tag}`);
      const line = this.#lines.get(folder) ?? new SummaryWriter(folder, this.#options);
      this.#lines.set(folder, line);
      line.addScalar(mainTag, value, step, wallTime);
    }
  }

  /**
   * Points for TensorBoard's projector, which embeds them by t-SNE, UMAP or PCA: `[example, feature]`.
   *
   * PyTorch's `add_embedding`, with images' channels last. Its files are in `STEP/TAG/`, and `projector_config.pbtxt` names them all.
   */
  addEmbedding(matrix: SummaryTensor, options: EmbeddingOptions = {}): void {
    this.read(`addEmbedding: ${options.tag ?? "default"}`, matrix, (read) => {
      const { files: written, config } = encodeEmbedding(read, options);
      for (const [path, content] of Object.entries(written)) {
        mkdirSync(dirname(join(this.folder, path)), { recursive: true });
        writeFileSync(join(this.folder, path), content);
      }
      this.#embeddings += config;
      writeFileSync(join(this.folder, "projector_config.pbtxt"), this.#embeddings);
    });
  }

  /**
   * Waits until everything is on the disk.
   *
   * @throws the error of a tensor that could not be read
   */
  override async flush(): Promise<void> {
    try {
      await super.flush();
    } finally {
      for (const line of this.#lines.values()) await line.flush();
      fsyncSync(this.#file);
    }
  }

  /** {@link flush}es and closes the file. */
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

  protected override write(record: Uint8Array): void {
    if (!this.#open) throw new Error(`SummaryWriter: ${this.folder} is closed, expected add before close.`);
    writeSync(this.#file, record);
  }
}

/** Opens a new file: never another writer's, whose thread may count the same. */
function openNew(path: string): number {
  for (;;) {
    try {
      return openSync(`${path}.${files++}`, "ax");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

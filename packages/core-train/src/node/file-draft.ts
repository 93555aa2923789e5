import { type FileHandle, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { threadId } from "node:worker_threads";
import type { Draft, Kept, Origin } from "../download/cache.ts";

/** The drafts that this thread is writing, and how many there ever were. */
const writing = new Set<string>();
let count = 0;

/**
 * A download on its way to `path`.
 *
 * It is a file of its own, `path.PROCESS.THREAD-NUMBER.part`, that becomes `path` by being renamed. A draft whose process has
 * ended is taken over, so a killed download resumes, and two that run at once do not disturb each other.
 */
export class FileDraft implements Draft {
  /**
   * Takes over a draft of `path` that nobody writes any more, or starts an empty one.
   *
   * @param broken makes the error that is thrown where the file system fails
   */
  static async open(path: string, broken: (error: unknown) => Error): Promise<FileDraft> {
    const part = `${path}.${process.pid}.${threadId}-${++count}.part`;
    writing.add(part);
    try {
      const kept = await takeOver(path, part);
      return new FileDraft(path, part, await open(part, kept === undefined ? "w" : "a"), kept, broken);
    } catch (error) {
      writing.delete(part);
      throw error;
    }
  }

  readonly kept: Kept | undefined;
  readonly #path: string;
  readonly #part: string;
  readonly #file: FileHandle;
  readonly #broken: (error: unknown) => Error;
  #worthKeeping: boolean;
  #origin: Origin | undefined;
  #committed = false;

  private constructor(
    path: string,
    part: string,
    file: FileHandle,
    kept: Kept | undefined,
    broken: (error: unknown) => Error,
  ) {
    this.#path = path;
    this.#part = part;
    this.#file = file;
    this.#broken = broken;
    this.#origin = kept?.origin;
    this.#worthKeeping = kept !== undefined;
    this.kept = kept;
  }

  restart(origin: Origin | undefined): Promise<void> {
    return this.#run(async () => {
      // in this order, old bytes are never stored under a new origin, whenever the process is killed
      this.#worthKeeping = false;
      this.#origin = origin;
      await this.#file.truncate(0);
      await rm(originOf(this.#part), { force: true });
      if (origin !== undefined) await writeFile(originOf(this.#part), JSON.stringify(origin));
    });
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.#run(async () => {
      await this.#file.appendFile(bytes);
      this.#worthKeeping = this.#origin !== undefined;
    });
  }

  commit(): Promise<void> {
    return this.#run(async () => {
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#part, this.#path);
      this.#committed = true;
      await rm(originOf(this.#part), { force: true });
    });
  }

  async close(): Promise<void> {
    if (!this.#committed) {
      // drafts are closed after failures that the caller is to see: one in closing must not hide it
      await this.#file.close().catch(() => {});
      if (!this.#worthKeeping) await Promise.allSettled([rm(this.#part), rm(originOf(this.#part))]);
    }
    writing.delete(this.#part);
  }

  async #run(body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      throw this.#broken(error);
    }
  }
}

/** Renames the longest draft that nobody writes any more to `part`, and reads it. The others are removed. */
async function takeOver(path: string, part: string): Promise<Kept | undefined> {
  const folder = dirname(path);
  const start = `${basename(path)}.`;
  const left = (await readdir(folder))
    .filter((name) => name.startsWith(start) && name.endsWith(".part"))
    .map((name) => join(folder, name))
    .filter((name) => !isWritten(name));
  const mine = `${part}.taken`;
  let kept: Kept | undefined;
  for (const old of left) {
    if (!(await claim(old, mine))) continue;
    try {
      const origin = JSON.parse(await readFile(originOf(old), "utf8")) as Origin;
      const bytes = await readFile(mine);
      if (bytes.length <= (kept?.bytes.length ?? 0)) continue;
      await rename(mine, part);
      await writeFile(originOf(part), JSON.stringify(origin));
      kept = { origin, bytes };
    } catch {
      // its process was killed before it had written whose bytes these are: they are of no use
    } finally {
      await rm(originOf(old), { force: true });
    }
  }
  await rm(mine, { force: true });
  return kept;
}

/** Gives a draft this process's name. Of two that try, one succeeds. */
async function claim(old: string, mine: string): Promise<boolean> {
  try {
    await rename(old, mine);
    return true;
  } catch {
    return false;
  }
}

function originOf(part: string): string {
  return `${part}.json`;
}

/** Whether a draft is being written: its name has the process and the thread. */
function isWritten(part: string): boolean {
  const [owner, number = ""] = part.split(".").slice(-3);
  const id = Number(owner);
  if (id === process.pid) return Number.parseInt(number, 10) !== threadId || writing.has(part);
  try {
    process.kill(id, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

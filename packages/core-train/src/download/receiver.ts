import { DownloadError } from "./download-error.ts";
import type { Draft, Origin } from "./cache.ts";
import { originOf } from "./origin-of.ts";
import type { DownloadOptions } from "./download-options.ts";
import type { RemoteFile } from "./remote-file.ts";

/** Gets one file from one URL, and resumes an interrupted download. */
export class Receiver {
  /** The file's bytes so far. */
  chunks: Uint8Array[] = [];
  received = 0;
  readonly #url: string;
  readonly #file: RemoteFile;
  readonly #draft: Draft;
  readonly #options: DownloadOptions;
  #origin: Origin | undefined;

  constructor(url: string, file: RemoteFile, draft: Draft, options: DownloadOptions) {
    this.#url = url;
    this.#file = file;
    this.#draft = draft;
    this.#options = options;
    const { kept } = draft;
    if (kept === undefined || kept.origin.url !== url || kept.bytes.length > (file.size ?? Infinity)) return;
    this.#origin = kept.origin;
    this.chunks = [kept.bytes];
    this.received = kept.bytes.length;
  }

  /** What the bytes are of, where the host can tell. */
  get origin(): Origin | undefined {
    return this.#origin;
  }

  /** Forgets all bytes; those to come are of `origin`. */
  async restart(origin: Origin | undefined): Promise<void> {
    this.chunks = [];
    this.received = 0;
    this.#origin = origin;
    await this.#draft.restart(origin);
  }

  /**
   * Asks once for what is missing.
   *
   * @throws {@link DownloadError} with code `cut` where it may be worth to ask again
   */
  async receive(): Promise<void> {
    const { verify = true } = this.#options;
    if (verify && this.received === this.#file.size) return;
    const connection = new Connection(this.#url, this.#file, this.#options);
    try {
      let response = await connection.open(this.#rangeHeaders(), this.received);
      if (response.status === 416 || (response.status === 206 && !this.#goesOn(response))) {
        // the stored part does not belong to the file that the host has now
        await this.restart(undefined);
        response = await connection.open({}, 0);
      }
      const whole = this.#check(response);
      if (response.status === 200) await this.restart(originOf(response, this.#url));
      await this.#readAll(connection, response, whole);
    } finally {
      connection.close();
    }
  }

  #rangeHeaders(): Record<string, string> {
    if (this.#origin === undefined || this.received === 0) return {};
    return { Range: `bytes=${this.received}-`, "If-Range": this.#origin.validator };
  }

  /** Whether a partial answer begins where ours ends, and is of the same version of the file. */
  #goesOn(response: Response): boolean {
    const start = /^bytes (\d+)-/.exec(response.headers.get("Content-Range") ?? "")?.[1];
    const now = originOf(response, this.#url);
    return (
      Number(start) === this.received && (now === undefined || now.validator === this.#origin?.validator)
    );
  }

  /** Refuses an answer that cannot be the file. Returns the file's size, where the host says it. */
  #check(response: Response): number | undefined {
    const { verify = true } = this.#options;
    const { status, statusText, headers } = response;
    if (status !== 206 && status !== 200)
      throw this.#error("http", `answers ${`${status} ${statusText}`.trim()}`, status);
    if (this.#url.startsWith("https:") && response.url.startsWith("http:"))
      throw this.#error("http", `leads to ${response.url}, which is not encrypted`);
    if (headers.get("Content-Type")?.startsWith("text/html") === true)
      throw this.#error("http", "answers with a page (text/html) instead of the file");
    const whole = sizeOf(response);
    const { size } = this.#file;
    if (verify && whole !== undefined && size !== undefined && whole !== size)
      throw this.#error("checksum", `has a file of ${whole} bytes, the published one has ${size}`);
    return whole;
  }

  async #readAll(connection: Connection, response: Response, whole: number | undefined): Promise<void> {
    const { verify = true, onProgress } = this.#options;
    const total = verify ? (this.#file.size ?? whole) : whole;
    const reader = response.body?.getReader();
    for (;;) {
      const chunk = reader === undefined ? undefined : await connection.read(reader, this.received, total);
      if (chunk === undefined) break;
      if (total !== undefined && this.received + chunk.length > total)
        throw this.#error("checksum", `sends more than ${total} bytes`);
      await this.#draft.append(chunk);
      this.chunks.push(chunk);
      this.received += chunk.length;
      onProgress?.({ file: this.#file.name, received: this.received, total });
    }
    if (total !== undefined && this.received < total)
      throw this.#error("cut", `ended after ${this.received} of ${total} bytes`);
  }

  #error(code: "cut" | "http" | "checksum", what: string, status?: number): DownloadError {
    const message = `${this.#file.name}: ${this.#url} ${what}.`;
    return new DownloadError(code, message, status === undefined ? {} : { status });
  }
}

/** One conversation with a host. It ends when bytes stay away for too long, or the caller wants no more. */
class Connection {
  readonly #url: string;
  readonly #file: RemoteFile;
  readonly #signal: AbortSignal | undefined;
  readonly #timeout: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #stop = new AbortController();
  #stalled = false;

  constructor(url: string, file: RemoteFile, options: DownloadOptions) {
    this.#url = url;
    this.#file = file;
    this.#signal = options.signal;
    this.#timeout = options.timeout ?? 30_000;
    this.#headers = options.headers ?? {};
  }

  async open(headers: Record<string, string>, received: number): Promise<Response> {
    const stop = this.#stop.signal;
    const signal = this.#signal === undefined ? stop : AbortSignal.any([this.#signal, stop]);
    try {
      return await this.#inTime(
        // with a compressed transfer the file's size and ranges would be unknown
        fetch(this.#url, {
          headers: { ...this.#headers, ...headers, "Accept-Encoding": "identity" },
          signal,
        }),
      );
    } catch (error) {
      // a host that has sent something before is worth another attempt
      throw this.#explain(received === 0 ? "offline" : "cut", "cannot be reached", error);
    }
  }

  async read(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    received: number,
    total: number | undefined,
  ): Promise<Uint8Array | undefined> {
    try {
      return (await this.#inTime(reader.read())).value;
    } catch (error) {
      throw this.#explain("cut", `broke off after ${received} of ${total ?? "unknown"} bytes`, error);
    }
  }

  close(): void {
    this.#stop.abort();
  }

  async #inTime<T>(waiting: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      this.#stalled = true;
      this.#stop.abort();
    }, this.#timeout);
    try {
      return await waiting;
    } finally {
      clearTimeout(timer);
    }
  }

  #explain(code: "offline" | "cut", what: string, error: unknown): unknown {
    if (this.#signal?.aborted === true) return this.#signal.reason;
    const reason = this.#stalled ? `nothing came for ${this.#timeout / 1000} seconds` : rootOf(error);
    return new DownloadError(code, `${this.#file.name}: ${this.#url} ${what}: ${reason}.`, { cause: error });
  }
}

/** The size of the whole file. Of one compressed on its way it is not known. */
function sizeOf({ status, headers }: Response): number | undefined {
  if (headers.has("Content-Encoding")) return undefined;
  const stated =
    status === 206 ? /\/(\d+)$/.exec(headers.get("Content-Range") ?? "")?.[1] : headers.get("Content-Length");
  return stated === null || stated === undefined ? undefined : Number(stated);
}

/** Fetch says only that it failed; the reason is the cause's cause. */
function rootOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? rootOf(error.cause) : error.message;
}

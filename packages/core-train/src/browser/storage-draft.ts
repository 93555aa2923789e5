import type { Draft, Kept, Origin } from "../download/cache.ts";
import { concatBytes } from "../download/concat-bytes.ts";

/** A draft is stored in pieces of this many bytes: a page that is closed loses no more. */
const PIECE = 4 * 2 ** 20;

/** A download on its way into Cache Storage: entries `url?piece=0`, …, that become the one at `url`. */
export class StorageDraft implements Draft {
  /** Goes on with the pieces that are stored, or starts without. */
  static async open(
    storage: globalThis.Cache,
    url: string,
    broken: (error: unknown) => Error,
  ): Promise<StorageDraft> {
    const origin = await storage.match(originOf(url));
    const pieces: Uint8Array[] = [];
    for (let response = origin; response !== undefined;) {
      response = await storage.match(pieceOf(url, pieces.length));
      if (response !== undefined) pieces.push(new Uint8Array(await response.arrayBuffer()));
    }
    const kept =
      origin === undefined || pieces.length === 0
        ? undefined
        : { origin: (await origin.json()) as Origin, bytes: concatBytes(pieces) };
    return new StorageDraft(storage, url, kept, pieces.length, broken);
  }

  readonly kept: Kept | undefined;
  readonly #storage: globalThis.Cache;
  readonly #url: string;
  readonly #broken: (error: unknown) => Error;
  #origin: Origin | undefined;
  /** All bytes, and those that are in no stored piece yet. */
  #bytes: Uint8Array[];
  #loose: Uint8Array[] = [];
  #pieces: number;
  #committed = false;

  private constructor(
    storage: globalThis.Cache,
    url: string,
    kept: Kept | undefined,
    pieces: number,
    broken: (error: unknown) => Error,
  ) {
    this.#storage = storage;
    this.#url = url;
    this.#broken = broken;
    this.#origin = kept?.origin;
    this.#bytes = kept === undefined ? [] : [kept.bytes];
    this.#pieces = pieces;
    this.kept = kept;
  }

  restart(origin: Origin | undefined): Promise<void> {
    return this.#run(async () => {
      this.#origin = undefined;
      this.#bytes = [];
      this.#loose = [];
      await this.#forget();
      if (origin !== undefined) await this.#storage.put(originOf(this.#url), Response.json(origin));
      this.#origin = origin;
    });
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.#run(async () => {
      this.#bytes.push(bytes);
      this.#loose.push(bytes);
      if (this.#loose.reduce((size, chunk) => size + chunk.length, 0) >= PIECE) await this.#store();
    });
  }

  commit(): Promise<void> {
    return this.#run(async () => {
      await this.#storage.put(this.#url, responseOf(this.#bytes));
      this.#committed = true;
    });
  }

  async close(): Promise<void> {
    const resumable = this.#origin !== undefined && !this.#committed;
    // drafts are closed after failures that the caller is to see: one in closing must not hide it
    await (resumable ? this.#store() : this.#forget()).catch(() => {});
  }

  /** Makes the loose bytes a piece. */
  async #store(): Promise<void> {
    if (this.#origin === undefined || this.#loose.length === 0) return;
    const piece = this.#loose;
    this.#loose = [];
    await this.#storage.put(pieceOf(this.#url, this.#pieces++), responseOf(piece));
  }

  async #forget(): Promise<void> {
    // the origin first: pieces without one are never gone on with
    await this.#storage.delete(originOf(this.#url));
    for (let piece = 0; await this.#storage.delete(pieceOf(this.#url, piece)); piece++);
    this.#pieces = 0;
  }

  async #run(body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      throw this.#broken(error);
    }
  }
}

function responseOf(chunks: Uint8Array[]): Response {
  return new Response(new Blob(chunks as BlobPart[]));
}

function originOf(url: string): string {
  return `${url}?origin`;
}

function pieceOf(url: string, piece: number): string {
  return `${url}?piece=${piece}`;
}

import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheError } from "../download/cache-error.ts";
import type { DownloadCache, Draft } from "../download/cache.ts";
import { FileDraft } from "./file-draft.ts";

/** Keeps downloads in a folder, each under its own name. */
export class FolderCache implements DownloadCache {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.folder, name));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw this.#broken(error);
    }
  }

  async begin(name: string): Promise<Draft> {
    const path = join(this.folder, name);
    try {
      await mkdir(dirname(path), { recursive: true });
      return await FileDraft.open(path, (error) => this.#broken(error));
    } catch (error) {
      throw this.#broken(error);
    }
  }

  #broken(error: unknown): Error {
    const advice =
      'Choose another with { cache: "a folder" } or $PELLUCID_CACHE, or none with { cache: null }.';
    return cacheError(this.folder, advice, error);
  }
}

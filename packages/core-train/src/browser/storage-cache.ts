import { cacheError } from "../download/cache-error.ts";
import type { DownloadCache, Draft } from "../download/cache.ts";
import { noCache } from "../download/no-cache.ts";
import { StorageDraft } from "./storage-draft.ts";

/**
 * Keeps downloads in the page's Cache Storage, under URLs that no server has.
 *
 * A browser gives no such storage to a page that was not served securely, or is in a sandbox: then nothing is kept.
 */
export class StorageCache implements DownloadCache {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const storage = await this.#open();
    const response = await storage?.match(urlOf(name));
    return response === undefined ? undefined : new Uint8Array(await response.arrayBuffer());
  }

  async begin(name: string): Promise<Draft> {
    const storage = await this.#open();
    if (storage === undefined) return noCache.begin(name);
    const broken = (error: unknown) => cacheError(this.name, "Use none with { cache: null }.", error);
    try {
      return await StorageDraft.open(storage, urlOf(name), broken);
    } catch (error) {
      throw broken(error);
    }
  }

  async #open(): Promise<globalThis.Cache | undefined> {
    try {
      return await caches.open(this.name);
    } catch {
      return undefined;
    }
  }
}

function urlOf(name: string): string {
  return `https://pellucid.invalid/${name}`;
}

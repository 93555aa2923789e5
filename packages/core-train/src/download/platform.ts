import type { DownloadCache } from "./cache.ts";

/** What Node and a page do each in their own way. `#platform` in package.json chooses. */
export interface Platform {
  /** The cache of this name: a folder's path in Node, a name for Cache Storage in a page. Without: the user's own. */
  cacheAt(name: string | undefined): DownloadCache;
  /** A file in a folder, or nothing where it is not there. */
  readFile(folder: string, name: string): Promise<Uint8Array | undefined>;
  /** Where a path or an address leads. */
  locate(source: string | URL): Location;
  /** The names in a folder. */
  list(folder: string): Promise<readonly string[]>;
}

/** A path on this machine, or the address of something on the web. */
export type Location = { readonly path: string } | { readonly url: string };

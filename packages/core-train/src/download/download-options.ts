import type { DownloadCache } from "./cache.ts";

/** How files are downloaded. */
export interface DownloadOptions {
  /** Whether downloads must be the files that were asked for, byte for byte. Others are never kept. Default: true. */
  readonly verify?: boolean;
  /** Called as bytes arrive. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Stops the download. What has arrived is kept, and the next download resumes from there. */
  readonly signal?: AbortSignal;
  /** For how many milliseconds no byte may arrive. Default: 30,000. */
  readonly timeout?: number;
  /** Sent with each request, such as `Authorization`. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Where downloads are kept: in Node a folder, in a page a name for Cache Storage, or a custom object; or null, to keep
 * nothing. `undefined` is the user's cache folder, or `$PELLUCID_CACHE`; in a page, `pellucid`.
 */
export type CacheOption = string | DownloadCache | null | undefined;

/** How far a download is. */
export interface DownloadProgress {
  readonly file: string;
  readonly received: number;
  /** The size of the whole file, where it is known. */
  readonly total: number | undefined;
}

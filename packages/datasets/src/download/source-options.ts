import type { DownloadCache } from "./cache.ts";

/** Where a dataset's files come from. */
export interface SourceOptions extends DownloadOptions {
  /** A folder that has the original files, unpacked or not. Nothing is downloaded then. Not in a page. */
  readonly folder?: string;
  /** The folder on the web to download from, or several to try in order. Default: the original hosts. */
  readonly url?: string | readonly string[];
  /**
   * Where to keep downloads: in Node a folder, in a page a name for Cache Storage; or null, to keep nothing.
   * Default: the user's cache folder, or `$PELLUCID_CACHE`; in a page, `pellucid`.
   */
  readonly cache?: string | DownloadCache | null;
}

/** How files are downloaded. */
export interface DownloadOptions {
  /** Whether downloads must be the published files, byte for byte. Others are never kept. Default: true. */
  readonly verify?: boolean;
  /** Called as bytes arrive. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Stops the download. What has arrived is kept, and the next download resumes from there. */
  readonly signal?: AbortSignal;
  /** For how many milliseconds no byte may arrive. Default: 30,000. */
  readonly timeout?: number;
}

/** How far a download is. */
export interface DownloadProgress {
  readonly file: string;
  readonly received: number;
  /** The size of the whole file, where it is known. */
  readonly total: number | undefined;
}

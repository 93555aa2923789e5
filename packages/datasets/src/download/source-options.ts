import type { DownloadCache, DownloadOptions } from "@pellucid/core-train/download";

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

// files from hosts, kept in a cache
export { download, type RetryOptions } from "./download.ts";
export { type RemoteFile } from "./remote-file.ts";
export { type CacheOption, type DownloadOptions, type DownloadProgress } from "./download-options.ts";
export { type DownloadCache, type Draft, type Kept, type Origin } from "./cache.ts";
export { cacheOf } from "./cache-of.ts";
export { DownloadError, type DownloadErrorCode } from "./download-error.ts";

// files in folders
export { listFolder, readLocalFile } from "./local-files.ts";

// bytes
export { concatBytes } from "./concat-bytes.ts";

import { DownloadError } from "../download/download-error.ts";
import type { Platform } from "../download/platform.ts";
import { StorageCache } from "./storage-cache.ts";

export const platform: Platform = {
  cacheAt: (name) => new StorageCache(name ?? "pellucid"),
  readFile: (folder) => Promise.reject(noFolders(folder)),
  locate: (source) => ({ url: new URL(source, globalThis.location.href).href }),
  list: (folder) => Promise.reject(noFolders(folder)),
};

function noFolders(folder: string): DownloadError {
  return new DownloadError(
    "missing",
    `A page cannot read the folder ${folder}. Serve its files, and pass { url } instead.`,
  );
}

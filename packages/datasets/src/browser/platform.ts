import { DatasetError } from "../dataset-error.ts";
import type { Platform } from "../platform.ts";
import { StorageCache } from "./storage-cache.ts";

export const platform: Platform = {
  cacheAt: (name) => new StorageCache(name ?? "pellucid"),
  readFile: (folder) => Promise.reject(noFolders(folder)),
  list: (folder) => Promise.reject(noFolders(folder)),
};

function noFolders(folder: string): DatasetError {
  return new DatasetError(
    "missing",
    `A page cannot read the folder ${folder}. Serve its files, and pass { url } instead.`,
  );
}

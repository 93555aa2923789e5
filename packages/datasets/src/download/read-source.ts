import { cacheOf, download, DownloadError, listFolder, readLocalFile } from "@pellucid/core-train/download";
import { DatasetError } from "../dataset-error.ts";
import type { PublishedFile } from "./published-file.ts";
import type { SourceOptions } from "./source-options.ts";

/** The bytes of a published file: downloaded from `hosts`, or as `options` say. */
export async function readSource(
  file: PublishedFile,
  hosts: readonly string[],
  options: SourceOptions,
): Promise<Uint8Array> {
  const { folder, url = hosts } = options;
  if (folder !== undefined) return readFromFolder(folder, [file.name, file.name.replace(/\.gz$/, "")]);
  const folders = typeof url === "string" ? [url] : url;
  const urls = folders.map((host) => `${host}${host.endsWith("/") ? "" : "/"}${file.name}`);
  const { name, dataset, size, sha256 } = file;
  return asDataset(download({ name, folder: dataset, size, sha256 }, urls, cacheOf(options.cache), options));
}

/** The first of these files that is in the folder. */
export async function readFromFolder(folder: string, names: readonly string[]): Promise<Uint8Array> {
  for (const name of names) {
    const bytes = await asDataset(readLocalFile(folder, name));
    if (bytes !== undefined) return bytes;
  }
  const found = await namesIn(folder);
  throw new DatasetError(
    "missing",
    `${folder} has no ${[...new Set(names)].join(" or ")}. It has ${found.length === 0 ? "nothing" : found.slice(0, 12).join(", ")}.`,
  );
}

/** The names in a folder. */
export function namesIn(folder: string): Promise<readonly string[]> {
  return asDataset(listFolder(folder));
}

/** Files that could not be had are a dataset that could not be had. */
async function asDataset<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new DatasetError(error.code, error.message, { cause: error });
  }
}

import { platform } from "#platform";
import { DatasetError } from "../dataset-error.ts";
import type { DownloadCache } from "./cache.ts";
import { download } from "./download.ts";
import { noCache } from "./no-cache.ts";
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
  return download(file, urls, cacheOf(options), options);
}

/** The first of these files that is in the folder. */
export async function readFromFolder(folder: string, names: readonly string[]): Promise<Uint8Array> {
  for (const name of names) {
    const bytes = await platform.readFile(folder, name);
    if (bytes !== undefined) return bytes;
  }
  const found = await platform.list(folder);
  throw new DatasetError(
    "missing",
    `${folder} has no ${[...new Set(names)].join(" or ")}. It has ${found.length === 0 ? "nothing" : found.slice(0, 12).join(", ")}.`,
  );
}

function cacheOf({ cache }: SourceOptions): DownloadCache {
  if (cache === null) return noCache;
  return cache === undefined || typeof cache === "string" ? platform.cacheAt(cache) : cache;
}

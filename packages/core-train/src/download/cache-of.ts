import { platform } from "#platform";
import type { DownloadCache } from "./cache.ts";
import type { CacheOption } from "./download-options.ts";
import { noCache } from "./no-cache.ts";

/** The cache that an option stands for. */
export function cacheOf(cache: CacheOption): DownloadCache {
  if (cache === null) return noCache;
  return cache === undefined || typeof cache === "string" ? platform.cacheAt(cache) : cache;
}

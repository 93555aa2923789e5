import { DownloadError } from "./download-error.ts";

/** The cache itself failed: a folder that may not be written, a full disk. */
export function cacheError(cache: string, advice: string, cause: unknown): DownloadError {
  if (cause instanceof DownloadError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DownloadError("cache", `The cache ${cache} cannot be used: ${reason}. ${advice}`, { cause });
}

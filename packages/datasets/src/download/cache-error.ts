import { DatasetError } from "../dataset-error.ts";

/** The cache itself failed: a folder that may not be written, a full disk. */
export function cacheError(cache: string, advice: string, cause: unknown): DatasetError {
  if (cause instanceof DatasetError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DatasetError("cache", `The cache ${cache} cannot be used: ${reason}. ${advice}`, { cause });
}

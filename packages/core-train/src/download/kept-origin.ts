import type { DownloadCache, Origin } from "./cache.ts";
import type { DownloadOptions } from "./download-options.ts";
import { originOf } from "./origin-of.ts";

/** Notes what a file in the cache is of. */
export async function keepOrigin(cache: DownloadCache, path: string, origin: Origin): Promise<void> {
  const note = await cache.begin(noteOf(path));
  try {
    await note.restart(undefined);
    await note.append(new TextEncoder().encode(JSON.stringify(origin)));
    await note.commit();
  } finally {
    await note.close();
  }
}

/**
 * Whether the file in the cache is what one of `urls` still has: the host says so, or cannot be reached.
 *
 * @throws the signal's reason where it was aborted
 */
export async function isCurrent(
  cache: DownloadCache,
  path: string,
  urls: readonly string[],
  options: DownloadOptions,
): Promise<boolean> {
  const origin = await noted(cache, path);
  if (origin === undefined || !urls.includes(origin.url)) return false;
  const { signal, headers = {}, timeout = 30_000 } = options;
  const late = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(origin.url, {
      method: "HEAD",
      headers: { ...headers, "Accept-Encoding": "identity" },
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    });
    return response.ok && originOf(response, origin.url)?.validator === origin.validator;
  } catch {
    signal?.throwIfAborted();
    return true; // offline
  }
}

async function noted(cache: DownloadCache, path: string): Promise<Origin | undefined> {
  const bytes = await cache.read(noteOf(path));
  if (bytes === undefined) return undefined;
  try {
    const { url, validator } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Origin>;
    return url === undefined || validator === undefined ? undefined : { url, validator };
  } catch {
    return undefined;
  }
}

function noteOf(path: string): string {
  return `${path}.origin`;
}

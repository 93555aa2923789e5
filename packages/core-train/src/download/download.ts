import type { DownloadCache, Draft, Origin } from "./cache.ts";
import { concatBytes } from "./concat-bytes.ts";
import { DownloadError } from "./download-error.ts";
import type { DownloadOptions } from "./download-options.ts";
import { isCurrent, keepOrigin } from "./kept-origin.ts";
import { noCache } from "./no-cache.ts";
import { Receiver } from "./receiver.ts";
import { isFile, type RemoteFile } from "./remote-file.ts";

/** How often a host is asked for what is missing before the next one is. */
const ATTEMPTS = 5;

/** Options for {@link download}. */
export interface RetryOptions extends DownloadOptions {
  /** Milliseconds before the second attempt; twice as long before each further one. Default: 250. */
  readonly pause?: number;
}

/**
 * A file, from the cache, or from the first of `urls` that has it.
 *
 * An interrupted download resumes where it ended, now or in the next call, if the host can tell that its file is still the same. Of a
 * file with a checksum nothing else gets into the cache, and one that was changed there is downloaded anew. One without is kept if the host
 * names its versions; it is then only asked whether its file is still that version, and while it cannot be reached the kept one is used.
 *
 * @throws {@link DownloadError} that names what each host did; the signal's reason where it was aborted
 */
export async function download(
  file: RemoteFile,
  urls: readonly string[],
  cache: DownloadCache,
  options: RetryOptions = {},
): Promise<Uint8Array> {
  const { verify = true, signal } = options;
  signal?.throwIfAborted();
  const kept = verify ? await cache.read(pathOf(file)) : undefined;
  if (kept !== undefined && (await isFile(kept, file))) {
    if (file.sha256 !== undefined || (await isCurrent(cache, pathOf(file), urls, options))) return kept;
  }
  const failures: DownloadError[] = [];
  for (const url of urls) {
    try {
      return await downloadFrom(url, file, verify ? cache : noCache, options);
    } catch (error) {
      if (!(error instanceof DownloadError) || error.code === "cache") throw error;
      failures.push(error);
    }
  }
  throw together(file, failures);
}

async function downloadFrom(
  url: string,
  file: RemoteFile,
  cache: DownloadCache,
  options: RetryOptions,
): Promise<Uint8Array> {
  const { verify = true, signal, pause = 250 } = options;
  const draft = await cache.begin(pathOf(file));
  const receiver = new Receiver(url, file, draft, options);
  try {
    for (let attempt = 1; ; attempt++) {
      const resumed = receiver.received > 0;
      try {
        await receiver.receive();
      } catch (error) {
        if (!(error instanceof DownloadError) || error.code !== "cut" || attempt === ATTEMPTS) throw error;
        await wait(pause * 2 ** (attempt - 1), signal);
        continue;
      }
      const bytes = concatBytes(receiver.chunks);
      if (!verify) return bytes;
      const fault = await faultOf(bytes, file, url);
      if (fault === undefined) {
        await commit(draft, file, receiver.origin, cache);
        return bytes;
      }
      await receiver.restart(undefined);
      // the first part may have been kept from a broken download: only a whole one says that the host's file is wrong
      if (!resumed || attempt >= ATTEMPTS) throw fault.error;
    }
  } catch (error) {
    // bytes that are not of the published file cannot be resumed
    if (error instanceof DownloadError && error.code === "checksum")
      await receiver.restart(undefined).catch(() => {});
    throw error;
  } finally {
    await draft.close();
  }
}

/** What is wrong with a download. */
async function faultOf(
  bytes: Uint8Array,
  file: RemoteFile,
  url: string,
): Promise<{ readonly error: unknown } | undefined> {
  if (!(await isFile(bytes, file))) {
    const message = `${file.name}: ${url} has other bytes than the published file: their SHA-256 is wrong.`;
    return { error: new DownloadError("checksum", message) };
  }
  try {
    file.check?.(bytes);
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** Keeps a file, if the host can later say whether it is still the right one. */
async function commit(
  draft: Draft,
  file: RemoteFile,
  origin: Origin | undefined,
  cache: DownloadCache,
): Promise<void> {
  if (file.sha256 !== undefined) return draft.commit();
  if (origin === undefined) return;
  await draft.commit();
  await keepOrigin(cache, pathOf(file), origin);
}

function pathOf(file: RemoteFile): string {
  return `${file.folder}/${file.name}`;
}

function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** What each host did, as one error. It has the code of the first host that could be reached. */
function together(file: RemoteFile, failures: readonly DownloadError[]): DownloadError {
  const [first] = failures;
  if (first === undefined)
    return new DownloadError("missing", `${file.name}: there is no URL to download it from.`);
  if (failures.length === 1) return first;
  const { code } = failures.find((failure) => failure.code !== "offline") ?? first;
  const list = failures.map((failure) => `\n- ${failure.message}`).join("");
  return new DownloadError(
    code,
    `${file.name}: none of ${failures.length} hosts has it. Pass { url } for another, or { folder } with the file.${list}`,
    { cause: new AggregateError(failures) },
  );
}

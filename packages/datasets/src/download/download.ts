import { DatasetError } from "../dataset-error.ts";
import { concat } from "../concat.ts";
import type { DownloadCache } from "./cache.ts";
import { noCache } from "./no-cache.ts";
import { isPublished, type PublishedFile } from "./published-file.ts";
import { Receiver } from "./receiver.ts";
import type { DownloadOptions } from "./source-options.ts";

/** How often a host is asked for what is missing before the next one is. */
const ATTEMPTS = 5;

export interface RetryOptions extends DownloadOptions {
  /** Milliseconds before the second attempt; twice as long before each further one. Default: 250. */
  readonly pause?: number;
}

/**
 * A published file, from the cache, or from the first of `urls` that has it.
 *
 * An interrupted download resumes where it ended, now or in the next call, if the host can tell that its file is still the same. Nothing
 * gets into the cache but the published file, and one that was changed there is downloaded anew.
 *
 * @throws {@link DatasetError} that names what each host did; the signal's reason where it was aborted
 */
export async function download(
  file: PublishedFile,
  urls: readonly string[],
  cache: DownloadCache,
  options: RetryOptions = {},
): Promise<Uint8Array> {
  const { verify = true, signal } = options;
  signal?.throwIfAborted();
  const kept = verify ? await cache.read(pathOf(file)) : undefined;
  if (kept !== undefined && (await isPublished(kept, file))) return kept;
  const failures: DatasetError[] = [];
  for (const url of urls) {
    try {
      return await downloadFrom(url, file, verify ? cache : noCache, options);
    } catch (error) {
      if (!(error instanceof DatasetError) || error.code === "cache") throw error;
      failures.push(error);
    }
  }
  throw together(file, failures);
}

async function downloadFrom(
  url: string,
  file: PublishedFile,
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
        if (!(error instanceof DatasetError) || error.code !== "cut" || attempt === ATTEMPTS) throw error;
        await wait(pause * 2 ** (attempt - 1), signal);
        continue;
      }
      const bytes = concat(receiver.chunks);
      if (!verify) return bytes;
      if (await isPublished(bytes, file)) {
        await draft.commit();
        return bytes;
      }
      await receiver.restart(undefined);
      // the first part may have been kept from a broken download: only a whole one says that the host's file is wrong
      if (!resumed || attempt >= ATTEMPTS)
        throw new DatasetError(
          "checksum",
          `${file.name}: ${url} has other bytes than the published file: their SHA-256 is wrong.`,
        );
    }
  } catch (error) {
    // bytes that are not of the published file cannot be resumed
    if (error instanceof DatasetError && error.code === "checksum")
      await receiver.restart(undefined).catch(() => {});
    throw error;
  } finally {
    await draft.close();
  }
}

function pathOf(file: PublishedFile): string {
  return `${file.dataset}/${file.name}`;
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
function together(file: PublishedFile, failures: readonly DatasetError[]): DatasetError {
  const [first] = failures;
  if (first === undefined)
    return new DatasetError("missing", `${file.name}: there is no URL to download it from.`);
  if (failures.length === 1) return first;
  const { code } = failures.find((failure) => failure.code !== "offline") ?? first;
  const list = failures.map((failure) => `\n- ${failure.message}`).join("");
  return new DatasetError(
    code,
    `${file.name}: none of ${failures.length} hosts has it. Pass { url } for another, or { folder } with the file.${list}`,
    { cause: new AggregateError(failures) },
  );
}

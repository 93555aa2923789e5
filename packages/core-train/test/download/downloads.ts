import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { type Answer, type Host, startHost } from "@pellucid/testing/host";
import { FolderCache } from "../../src/node/folder-cache.ts";
import { download, type RetryOptions } from "../../src/download/download.ts";
import type { RemoteFile } from "../../src/download/remote-file.ts";

/** The bytes of the published {@link file}. */
export const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 5);
/** A file as its list publishes it. */
export const file: RemoteFile = {
  name: "file.gz",
  folder: "made-up",
  size: bytes.length,
  sha256: createHash("sha256").update(bytes).digest("hex"),
};

/** Each test has an empty folder of its own as its cache. */
export let folder: string;
export let cache: FolderCache;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pellucid-"));
  cache = new FolderCache(folder);
});

afterEach(() => rm(folder, { recursive: true }));

/** Without long pauses, and telling the host how far it has got. */
export function watchedBy(host: Host): RetryOptions {
  return {
    pause: 1,
    timeout: 5000,
    onProgress: ({ received }) => {
      host.seen = received;
    },
  };
}

/** Downloads the file from a host that gives these answers, one for each request. */
export async function downloadFrom(answers: Answer[], options: RetryOptions = {}) {
  await using host = await startHost(...answers);
  let result: Uint8Array | undefined;
  let error: unknown;
  try {
    result = await download(file, [`${host.url}file.gz`], cache, { ...watchedBy(host), ...options });
  } catch (thrown) {
    error = thrown;
  }
  return { result, error, ranges: host.ranges, host: `${host.url}file.gz` };
}

/** The files in the cache, without the numbers that a draft's name has. */
export async function cached(): Promise<string[]> {
  const names = await readdir(join(folder, "made-up"));
  return names.map((name) => name.replace(/\d+\.[\d-]+\.part/, "part")).toSorted();
}

/** Whether these are the bytes of the published file. */
export function isFile(result: Uint8Array | undefined): boolean {
  return result !== undefined && Buffer.compare(result, bytes) === 0;
}

import { afterEach, describe, expect, it } from "vitest";
import { DownloadError } from "../download/download-error.ts";
import { download } from "../download/download.ts";
import type { RemoteFile } from "../download/remote-file.ts";
import { StorageCache } from "./storage-cache.ts";

const bytes = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i * i) >> 5);
const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const file: RemoteFile = {
  name: "file.gz",
  folder: "made-up",
  size: bytes.length,
  sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
};
const url = "https://host.invalid/file.gz";
const cache = new StorageCache("pellucid-test");
const { fetch } = globalThis;

/** A host that breaks off at each of `cuts` in turn, and then does not. It puts down the ranges it is asked for. */
function host(...cuts: number[]): (string | null)[] {
  const ranges: (string | null)[] = [];
  globalThis.fetch = (_, init) => {
    const range = new Headers(init?.headers).get("Range");
    const start = Number(/\d+/.exec(range ?? "0")?.[0]);
    const end = cuts[ranges.length] ?? bytes.length;
    ranges.push(range);
    let at = start;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else if (at >= end) controller.error(new TypeError("network error"));
        else {
          const next = Math.min(end, at + 250_000);
          controller.enqueue(bytes.slice(at, next));
          at = next;
        }
      },
    });
    const headers = { ETag: '"one"', "Content-Range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    return Promise.resolve(new Response(body, { status: range === null ? 200 : 206, headers }));
  };
  return ranges;
}

afterEach(async () => {
  globalThis.fetch = fetch;
  await caches.delete("pellucid-test");
});

async function entries(): Promise<string[]> {
  const storage = await caches.open("pellucid-test");
  return (await storage.keys()).map((request) => request.url.replace("https://pellucid.invalid/", ""));
}

function isFile(result: Uint8Array): boolean {
  return result.length === bytes.length && result.every((byte, i) => byte === bytes[i]);
}

describe("a page's cache", () => {
  it("keeps the file, and nothing else", async () => {
    const ranges = host();
    expect(isFile(await download(file, [url], cache))).toBe(true);
    expect(isFile(await download(file, [url], cache))).toBe(true);
    expect(ranges).toEqual([null]);
    expect(await entries()).toEqual(["made-up/file.gz"]);
  });

  it("keeps the bytes of an aborted download, and the next one resumes", async () => {
    const ranges = host(4_500_000, 4_750_000, 4_750_000, 4_750_000, 4_750_000);
    const failure = await download(file, [url], cache, { pause: 1 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DownloadError);
    expect(failure).toMatchObject({ code: "cut" });
    expect(await entries()).toEqual([
      "made-up/file.gz?origin",
      "made-up/file.gz?piece=0",
      "made-up/file.gz?piece=1",
    ]);
    expect(isFile(await download(file, [url], cache))).toBe(true);
    expect(ranges.at(-1)).toBe("bytes=4750000-");
    expect(await entries()).toEqual(["made-up/file.gz"]);
  });

  it("forgets a broken file and a broken draft", async () => {
    const storage = await caches.open("pellucid-test");
    await storage.put("https://pellucid.invalid/made-up/file.gz", new Response("not it"));
    await storage.put("https://pellucid.invalid/made-up/file.gz?piece=0", new Response("a piece of nothing"));
    host();
    expect(isFile(await download(file, [url], cache))).toBe(true);
    expect(await entries()).toEqual(["made-up/file.gz"]);
  });
});

describe("a page", () => {
  it("reports a host that denies access", async () => {
    globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
    await expect(download(file, [url], cache)).rejects.toThrow(
      new DownloadError("offline", `file.gz: ${url} cannot be reached: Failed to fetch.`),
    );
  });
});

import { readdir, readFile, writeFile } from "node:fs/promises";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { serve, startHost, status } from "@pellucid/testing/host";
import { DownloadError } from "./download-error.ts";
import { FolderCache } from "../node/folder-cache.ts";
import { download } from "./download.ts";
import { noCache } from "./no-cache.ts";
import {
  bytes,
  cache,
  cached,
  downloadFrom,
  file,
  folder,
  isFile,
  watchedBy,
} from "../../test/download/downloads.ts";

describe("the cache", () => {
  it("has a file that was changed: it is downloaded anew", async () => {
    await downloadFrom([serve(bytes)]);
    for (const broken of [bytes.subarray(0, 1000), bytes.map((byte) => byte ^ 1), new Uint8Array(0)]) {
      await writeFile(join(folder, "made-up", "file.gz"), broken);
      const { result } = await downloadFrom([serve(bytes)]);
      expect(isFile(result)).toBe(true);
      expect(isFile(await readFile(join(folder, "made-up", "file.gz")))).toBe(true);
    }
  });

  it("has drafts of an ended process: the longest that can be gone on with is", async () => {
    await using host = await startHost(serve(bytes));
    const url = `${host.url}file.gz`;
    const origin = JSON.stringify({ url, validator: '"one"' });
    await downloadFrom([status(404)]); // makes the folder
    const draft = (process: number) => join(folder, "made-up", `file.gz.${process}.1.part`);
    await writeFile(draft(4_000_001), bytes.subarray(0, 500));
    await writeFile(draft(4_000_002), bytes.subarray(0, 2000));
    await writeFile(draft(4_000_003), bytes.subarray(0, 9000));
    await writeFile(`${draft(4_000_001)}.json`, origin);
    await writeFile(`${draft(4_000_002)}.json`, origin);
    await writeFile(`${draft(4_000_003)}.json`, origin.slice(0, 9)); // killed as it was written
    expect(isFile(await download(file, [url], cache))).toBe(true);
    expect(host.ranges).toEqual(["bytes=2000-"]);
    expect(await cached()).toEqual(["file.gz"]);
  });

  it("has a whole draft that was not checked any more: nothing is asked for", async () => {
    await using host = await startHost(status(500));
    const url = `${host.url}file.gz`;
    await downloadFrom([status(404)]);
    const part = join(folder, "made-up", "file.gz.4000001.1.part");
    await writeFile(part, bytes);
    await writeFile(`${part}.json`, JSON.stringify({ url, validator: '"one"' }));
    expect(isFile(await download(file, [url], cache))).toBe(true);
    expect(host.ranges).toEqual([]);
  });

  it("is not touched by files that are not verified", async () => {
    const { result } = await downloadFrom([serve(bytes.subarray(0, 1000))], { verify: false });
    expect(result).toHaveLength(1000);
    expect(await readdir(folder)).toEqual([]);
  });

  it("may be no folder at all", async () => {
    const path = join(folder, "a-file");
    await writeFile(path, "");
    await using host = await startHost(serve(bytes));
    const error = await download(file, [`${host.url}file.gz`], new FolderCache(path)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DownloadError);
    expect(error).toMatchObject({
      code: "cache",
      message: expect.stringMatching(
        /^The cache .*a-file cannot be used: ENOTDIR.*\. Choose another with \{ cache: "a folder" \} or \$PELLUCID_CACHE, or none with \{ cache: null \}\.$/,
      ),
    });
    expect(host.ranges).toEqual([]);
  });

  it("may go away meanwhile", async () => {
    const { error } = await downloadFrom([serve(bytes, { slow: 50_000 })], {
      onProgress: ({ received }) => {
        if (received === bytes.length) rmSync(join(folder, "made-up"), { recursive: true });
      },
    });
    expect(error).toMatchObject({ code: "cache", message: expect.stringMatching(/cannot be used: ENOENT/) });
  });

  it("may be none", async () => {
    await using host = await startHost(serve(bytes, { cut: 1000 }), serve(bytes));
    expect(isFile(await download(file, [`${host.url}file.gz`], noCache, watchedBy(host)))).toBe(true);
    expect(host.ranges).toEqual([undefined, "bytes=1000-"]);
  });
});

import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answer, type Host, serve, startHost, status } from "../../test/host.ts";
import { DatasetError } from "../dataset-error.ts";
import { FolderCache } from "../node/folder-cache.ts";
import { download, type RetryOptions } from "./download.ts";
import { noCache } from "./no-cache.ts";
import type { PublishedFile } from "./published-file.ts";

const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 5);
const file: PublishedFile = {
  name: "file.gz",
  dataset: "made-up",
  size: bytes.length,
  sha256: createHash("sha256").update(bytes).digest("hex"),
};

let folder: string;
let cache: FolderCache;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pellucid-"));
  cache = new FolderCache(folder);
});

afterEach(() => rm(folder, { recursive: true }));

/** Without long pauses, and telling the host how far it has got. */
function watchedBy(host: Host): RetryOptions {
  return {
    pause: 1,
    timeout: 5000,
    onProgress: ({ received }) => {
      host.seen = received;
    },
  };
}

async function downloadFrom(answers: Answer[], options: RetryOptions = {}) {
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
async function cached(): Promise<string[]> {
  const names = await readdir(join(folder, "made-up"));
  return names.map((name) => name.replace(/\d+\.[\d-]+\.part/, "part")).toSorted();
}

function isFile(result: Uint8Array | undefined): boolean {
  return result !== undefined && Buffer.compare(result, bytes) === 0;
}

describe("a good host", () => {
  it("is asked once: then the file is in the cache, whole and alone", async () => {
    const { result, ranges } = await downloadFrom([serve(bytes)]);
    expect(isFile(result)).toBe(true);
    expect(ranges).toEqual([undefined]);
    expect(await cached()).toEqual(["file.gz"]);
    const again = await downloadFrom([status(500)]);
    expect(isFile(again.result)).toBe(true);
    expect(again.ranges).toEqual([]);
  });

  it("reports each byte once, in order", async () => {
    const seen: number[] = [];
    await downloadFrom([serve(bytes)], {
      onProgress: ({ file: name, received, total }) => {
        expect([name, total]).toEqual(["file.gz", bytes.length]);
        seen.push(received);
      },
    });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(bytes.length);
  });

  it("may be slow, as long as bytes keep coming", async () => {
    const { result } = await downloadFrom([serve(bytes, { slow: 3000 })], { timeout: 400 });
    expect(isFile(result)).toBe(true);
  });

  it("may be asked for the same file twice at once", async () => {
    await using host = await startHost(serve(bytes, { slow: 30_000 }));
    const urls = [`${host.url}file.gz`];
    const both = await Promise.all([download(file, urls, cache), download(file, urls, cache)]);
    expect(both.map(isFile)).toEqual([true, true]);
    expect(await cached()).toEqual(["file.gz"]);
  });
});

describe("a host that breaks off", () => {
  it("is asked for the rest", async () => {
    const { result, ranges } = await downloadFrom([
      serve(bytes, { cut: 100_000 }),
      serve(bytes, { cut: 250_000 }),
      serve(bytes),
    ]);
    expect(isFile(result)).toBe(true);
    expect(ranges).toEqual([undefined, "bytes=100000-", "bytes=250000-"]);
    expect(await cached()).toEqual(["file.gz"]);
  });

  it("gives up after five attempts, and the next download resumes", async () => {
    await using host = await startHost(
      serve(bytes, { cut: 100_000 }),
      ...[1, 2, 3, 4].map(() => serve(bytes, { cut: 120_000 })),
      serve(bytes),
    );
    const urls = [`${host.url}file.gz`];
    const failure = await download(file, urls, cache, watchedBy(host)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatasetError);
    expect(failure).toMatchObject({
      code: "cut",
      message: expect.stringMatching(
        /^file\.gz: http.*file\.gz (broke off after 120000 of 300000 bytes|cannot be reached): .+\.$/,
      ),
    });
    expect(await cached()).toEqual(["file.gz.part", "file.gz.part.json"]);
    expect(isFile(await download(file, urls, cache))).toBe(true);
    expect(host.ranges.at(-1)).toBe("bytes=120000-");
    expect(await cached()).toEqual(["file.gz"]);
  });

  it("ends too early but in good order: that is a cut too", async () => {
    const noLength: Answer = (response) => {
      response.setHeader("Transfer-Encoding", "chunked"); // so the end is an end
      response.end(bytes.subarray(0, 1000));
    };
    const { error } = await downloadFrom([noLength]);
    expect(error).toMatchObject({
      code: "cut",
      message: expect.stringMatching(/file\.gz ended after 1000 of 300000 bytes\.$/),
    });
    expect(await cached()).toEqual([]);
  });

  it("cannot tell its version: the file is asked for anew, whole", async () => {
    const { result, ranges } = await downloadFrom([
      serve(bytes, { tag: null, cut: 100_000 }),
      serve(bytes, { tag: null }),
    ]);
    expect(isFile(result)).toBe(true);
    expect(ranges).toEqual([undefined, undefined]);
  });

  it("tells only a weak version: that is none to go on with", async () => {
    const { ranges } = await downloadFrom([
      serve(bytes, { tag: 'W/"one"', cut: 100_000 }),
      serve(bytes, { tag: 'W/"one"' }),
    ]);
    expect(ranges).toEqual([undefined, undefined]);
  });

  it("has a new version meanwhile: it sends that whole, and none of the old is left in it", async () => {
    const old = bytes.map((byte) => byte ^ 1);
    const { result, ranges } = await downloadFrom([serve(old, { tag: '"old"', cut: 100_000 }), serve(bytes)]);
    expect(isFile(result)).toBe(true);
    expect(ranges).toEqual([undefined, "bytes=100000-"]);
  });

  it("ignores ranges: the whole file is taken", async () => {
    const { result } = await downloadFrom([
      serve(bytes, { cut: 100_000 }),
      (response, request, host) => {
        delete request.headers.range;
        serve(bytes)(response, request, host);
      },
    ]);
    expect(isFile(result)).toBe(true);
  });

  it("answers a range with another one: the file is asked for anew, whole", async () => {
    const { result, ranges } = await downloadFrom([
      serve(bytes, { cut: 100_000 }),
      (response) =>
        response
          .writeHead(206, { ETag: '"one"', "Content-Range": `bytes 5-${bytes.length - 1}/${bytes.length}` })
          .end(bytes.subarray(5)),
      serve(bytes),
    ]);
    expect(isFile(result)).toBe(true);
    expect(ranges).toEqual([undefined, "bytes=100000-", undefined]);
  });

  it("sends the rest of another version under the old one's name: the file is asked for anew, whole", async () => {
    const other = bytes.map((byte) => byte ^ 1);
    const { result, ranges } = await downloadFrom([
      serve(bytes, { cut: 100_000 }),
      serve(other),
      serve(bytes),
    ]);
    expect(isFile(result)).toBe(true);
    expect(ranges).toEqual([undefined, "bytes=100000-", undefined]);
  });

  it("knows no such range: the file is asked for anew, whole", async () => {
    const { result, ranges } = await downloadFrom([
      serve(bytes, { cut: 100_000 }),
      status(416),
      serve(bytes),
    ]);
    expect(isFile(result)).toBe(true);
    expect(ranges).toEqual([undefined, "bytes=100000-", undefined]);
  });

  it("is passed over for the next host, which starts anew", async () => {
    await using bad = await startHost(serve(bytes, { cut: 100_000 }));
    await using good = await startHost(serve(bytes));
    const urls = [bad, good].map(({ url }) => `${url}file.gz`);
    expect(isFile(await download(file, urls, cache, watchedBy(bad)))).toBe(true);
    expect(good.ranges).toEqual([undefined]);
    expect(await cached()).toEqual(["file.gz"]);
  });
});

describe("a faulty host", () => {
  it.each<[string, Answer, object]>([
    [
      "has not the file",
      status(404),
      { code: "http", message: expect.stringMatching(/^file\.gz: http.*file\.gz answers 404 Not Found\.$/) },
    ],
    [
      "is ill",
      status(503),
      { code: "http", message: expect.stringMatching(/answers 503 Service Unavailable\.$/) },
    ],
    [
      "asks to log in",
      (response) => response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end("<p>Welcome"),
      {
        code: "http",
        message: expect.stringMatching(/answers with a page \(text\/html\) instead of the file\.$/),
      },
    ],
    [
      "has other bytes",
      serve(bytes.map((byte) => byte ^ 1)),
      {
        code: "checksum",
        message: expect.stringMatching(/has other bytes than the published file: their SHA-256 is wrong\.$/),
      },
    ],
    [
      "has a shorter file",
      serve(bytes.subarray(1)),
      {
        code: "checksum",
        message: expect.stringMatching(/has a file of 299999 bytes, the published one has 300000\.$/),
      },
    ],
    [
      "sends without end",
      (response) => {
        response.writeHead(200);
        const more = () => response.destroyed || response.write(bytes, more);
        more();
      },
      { code: "checksum", message: expect.stringMatching(/sends more than 300000 bytes\.$/) },
    ],
    [
      "says nothing",
      () => {},
      {
        code: "offline",
        message: expect.stringMatching(/cannot be reached: nothing came for 0\.2 seconds\.$/),
      },
    ],
    [
      "falls silent",
      (response) => response.writeHead(200).write(bytes.subarray(0, 1000)),
      {
        code: "cut",
        message: expect.stringMatching(
          /broke off after 1000 of 300000 bytes: nothing came for 0\.2 seconds\.$/,
        ),
      },
    ],
    [
      "hangs up",
      (response) => response.destroy(),
      { code: "offline", message: expect.stringMatching(/cannot be reached: .+\.$/) },
    ],
  ])("%s", async (_, answer, expected) => {
    const { error } = await downloadFrom([answer], { timeout: 200 });
    expect(error).toBeInstanceOf(DatasetError);
    expect(error).toMatchObject(expected);
    expect(await cached()).toEqual([]);
  });

  it("sends more than the file, of a version that could be resumed: nothing of it stays", async () => {
    const { error } = await downloadFrom([
      (response) => response.writeHead(200, { ETag: '"one"' }).end(new Uint8Array([...bytes, 1])),
    ]);
    expect(error).toMatchObject({
      code: "checksum",
      message: expect.stringMatching(/sends more than 300000/),
    });
    expect(await cached()).toEqual([]);
  });

  it("is none at all", async () => {
    await expect(download(file, [], cache)).rejects.toThrow(
      new DatasetError("missing", "file.gz: there is no URL to download it from."),
    );
  });

  it("is not there", async () => {
    const gone = await startHost();
    await gone[Symbol.asyncDispose]();
    const error = await download(file, [`${gone.url}file.gz`], cache).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatasetError);
    expect(error).toMatchObject({
      code: "offline",
      message: expect.stringMatching(/cannot be reached: connect ECONNREFUSED .*\.$/),
    });
  });

  it("is listed with the others where none has the file", async () => {
    const gone = await startHost();
    await gone[Symbol.asyncDispose]();
    await using ill = await startHost(status(403));
    const error = await download(file, [`${gone.url}file.gz`, `${ill.url}file.gz`], cache).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: "http",
      message: expect.stringMatching(
        /^file\.gz: none of 2 hosts has it\. Pass \{ url \} for another, or \{ folder \} with the file\.\n- .*ECONNREFUSED.*\n- .*answers 403 Forbidden\.$/,
      ),
    });
  });
});

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
    expect(error).toBeInstanceOf(DatasetError);
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

it("says what to do in a page that cannot check what it downloads", async () => {
  vi.stubGlobal("crypto", {}); // as browsers have it where a page was not served securely
  const { error } = await downloadFrom([serve(bytes)]);
  vi.unstubAllGlobals();
  expect(error).toMatchObject({
    code: "checksum",
    message:
      "file.gz: this page cannot check what it downloads, as it was not served securely. Serve it by https or from localhost, or pass { verify: false }.",
  });
});

describe("a signal", () => {
  it("stops a download, which the next one goes on with", async () => {
    await using host = await startHost(serve(bytes, { slow: 5000 }), serve(bytes));
    const stop = new AbortController();
    const urls = [`${host.url}file.gz`, `${host.url}never`];
    const stopped = download(file, urls, cache, {
      signal: stop.signal,
      onProgress: ({ received }) => {
        if (received > 50_000) stop.abort(new Error("enough"));
      },
    });
    await expect(stopped).rejects.toThrow("enough");
    expect(await cached()).toEqual(["file.gz.part", "file.gz.part.json"]);
    expect(isFile(await download(file, urls, cache))).toBe(true);
    expect(host.ranges).toHaveLength(2);
    expect(host.ranges[1]).toMatch(/^bytes=[5-9]\d{4}-$/);
  });

  it("stops before anything, and while a host is waited for", async () => {
    await using host = await startHost(status(200));
    const urls = [`${host.url}file.gz`];
    await expect(download(file, urls, cache, { signal: AbortSignal.abort() })).rejects.toThrow(/aborted/);
    expect(host.ranges).toEqual([]);
    await using silent = await startHost(() => {});
    const signal = AbortSignal.timeout(30);
    await expect(download(file, [silent.url], cache, { signal })).rejects.toThrow(/timeout/);
  });

  it("stops between two attempts", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("enough")), 100);
    const { error } = await downloadFrom([serve(bytes, { cut: 10 })], { pause: 60_000, signal: stop.signal });
    expect(error).toEqual(new Error("enough"));
  });
});

it("lets what the watcher throws through", async () => {
  const { error } = await downloadFrom([serve(bytes)], {
    onProgress: () => {
      throw new TypeError("a mistake of the caller's");
    },
  });
  expect(error).toEqual(new TypeError("a mistake of the caller's"));
});

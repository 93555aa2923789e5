import { describe, expect, it } from "vitest";
import { type Answer, serve, startHost, status } from "@pellucid/testing/host";
import { DownloadError } from "./download-error.ts";
import { download } from "./download.ts";
import {
  bytes,
  cache,
  cached,
  downloadFrom,
  file,
  isFile,
  watchedBy,
} from "../../test/download/downloads.ts";

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
    expect(failure).toBeInstanceOf(DownloadError);
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

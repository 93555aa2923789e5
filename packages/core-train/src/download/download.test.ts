import { describe, expect, it, vi } from "vitest";
import { type Answer, serve, startHost, status } from "@pellucid/testing/host";
import { DownloadError } from "./download-error.ts";
import { download } from "./download.ts";
import { bytes, cache, cached, downloadFrom, file, isFile } from "../../test/download/downloads.ts";

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
    expect(error).toBeInstanceOf(DownloadError);
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
      new DownloadError("missing", "file.gz: there is no URL to download it from."),
    );
  });

  it("is not there", async () => {
    const gone = await startHost();
    await gone[Symbol.asyncDispose]();
    const error = await download(file, [`${gone.url}file.gz`], cache).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DownloadError);
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

it("lets what the watcher throws through", async () => {
  const { error } = await downloadFrom([serve(bytes)], {
    onProgress: () => {
      throw new TypeError("a mistake of the caller's");
    },
  });
  expect(error).toEqual(new TypeError("a mistake of the caller's"));
});

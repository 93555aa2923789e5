import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DownloadError,
  encodeSafetensors,
  fromPretrained,
  type HostTensor,
  init,
  Linear,
  loadPretrained,
  type LoadPretrainedOptions,
  Module,
  parseSafetensors,
  PretrainedError,
  Rng,
  SafetensorsError,
  stateOf,
  toHostTensor,
  WeightsError,
} from "@pellucid/core-train";
import { type Answer, serve, startHost, status } from "@pellucid/testing/host";
import { memory } from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

class Net extends Module {
  readonly first = new Linear(2, 3, { rng: new Rng(0), init: init.constant(7) });
  readonly second = new Linear(3, 1, { rng: new Rng(0), init: init.constant(7) });
}

const shapes = { "first.weight": [3, 2], "first.bias": [3], "second.weight": [1, 3], "second.bias": [1] };
const names = Object.keys(shapes);
const numbers = (name: string): HostTensor => {
  const shape = shapes[name as keyof typeof shapes];
  const size = shape.reduce((a, b) => a * b, 1);
  return { data: Float32Array.from({ length: size }, (_, i) => names.indexOf(name) + i / 10), shape };
};
const tensorsOf = (...of: readonly string[]) => Object.fromEntries(of.map((name) => [name, numbers(name)]));
const whole = encodeSafetensors(tensorsOf(...names));
const [one, two] = [names.slice(0, 2), names.slice(2)];
const shards = {
  "one.safetensors": encodeSafetensors(tensorsOf(...one)),
  "two.safetensors": encodeSafetensors(tensorsOf(...two)),
};
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const indexOf = (map: Record<string, string>) => text({ metadata: {}, weight_map: map });
const index = indexOf(
  Object.fromEntries([
    ...one.map((name) => [name, "one.safetensors"]),
    ...two.map((name) => [name, "two.safetensors"]),
  ]),
);
const indexName = "model.safetensors.index.json";

let cache: string;
let model: Net;
let before: string;
let tensors: number;
const numbersOf = () =>
  JSON.stringify(Object.entries(stateOf(model)).map(([path, value]) => [path, [...value.dataSync()]]));
const wanted = () => {
  for (const name of names) {
    const { tensors: written } = parseSafetensors(whole);
    expect(toHostTensor(written[name] as never, name)).toEqual(numbers(name));
  }
  expect([...model.second.weight.dataSync()]).toEqual([...numbers("second.weight").data]);
  expect([...(model.first.bias?.dataSync() ?? [])]).toEqual([...numbers("first.bias").data]);
};

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "pellucid-"));
  model = new Net();
  before = numbersOf();
  tensors = memory().numTensors;
});

afterEach(async () => {
  await rm(cache, { recursive: true });
  model.dispose();
});

/** The error, the model unchanged, and nothing left. */
async function refused(loading: Promise<unknown>): Promise<Error> {
  const error: unknown = await loading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(numbersOf()).toBe(before);
  expect(memory().numTensors).toBe(tensors);
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

/** A folder on this machine. */
async function folderOf(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  await Promise.all(Object.entries(files).map(([name, bytes]) => writeFile(join(cache, name), bytes)));
  return cache;
}

/** A host with these files, and the paths that it is asked for. */
async function hostOf(files: Readonly<Record<string, Uint8Array | Answer>>) {
  const asked: string[] = [];
  const host = await startHost((response, request, state) => {
    const path = new URL(request.url ?? "", "http://host").pathname.slice(1);
    asked.push(request.method === "HEAD" ? `${path}?` : path);
    const file = files[path];
    if (file === undefined) status(404)(response, request, state);
    else if (typeof file === "function") file(response, request, state);
    else serve(file)(response, request, state);
  });
  return { url: host.url, asked, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

describe("a folder", () => {
  test("has one file", async () => {
    const { loaded } = await loadPretrained(model, await folderOf({ "model.safetensors": whole }));
    expect(loaded).toEqual(names);
    wanted();
  });

  test("has several files with an index", async () => {
    await loadPretrained(model, await folderOf({ [indexName]: index, ...shards }));
    wanted();
  });

  test.each(["weights.safetensors", indexName])("has a file that is named: %s", async (name) => {
    const folder = await folderOf({ "weights.safetensors": whole, [indexName]: index, ...shards });
    await loadPretrained(model, join(folder, name));
    wanted();
  });

  test("may be an object that reads files, of which only those are read that have something of the model", async () => {
    const files: Record<string, Uint8Array> = {
      [indexName]: indexOf({
        ...Object.fromEntries(one.map((name) => [name, "one.safetensors"])),
        other: "two.safetensors",
      }),
      ...shards,
    };
    const asked: string[] = [];
    const read = async (file: string) => (asked.push(file), files[file]);
    const report = await loadPretrained(model, { name: "picked", read }, { strict: false });
    expect(asked).toEqual(["model.safetensors", indexName, "one.safetensors"]);
    expect(report).toEqual({ loaded: one, missing: two, unknown: [] });
  });

  test.each([
    [
      {},
      PretrainedError,
      /has no model\.safetensors and no model\.safetensors\.index\.json\. It has nothing\./,
    ],
    [
      { "pytorch_model.bin": Uint8Array.of(80, 75) },
      PretrainedError,
      /It has pytorch_model\.bin: a pickle can run any program when it is read, so it is not\. Convert it in Python: import torch.*torch\.load\("pytorch_model\.bin".*"model\.safetensors"/,
    ],
    [{ "model.safetensors": whole.subarray(0, 300) }, SafetensorsError, /^model\.safetensors: /],
    [{ "model.safetensors": text("<html>") }, SafetensorsError, /^model\.safetensors: /],
    [
      { [indexName]: index },
      PretrainedError,
      /has no one\.safetensors\. It has model\.safetensors\.index\.json\./,
    ],
    [
      { [indexName]: index, ...shards, "two.safetensors": shards["two.safetensors"].subarray(0, -4) },
      SafetensorsError,
      /^two\.safetensors: /,
    ],
    [
      { [indexName]: index, ...shards, "two.safetensors": shards["one.safetensors"] },
      PretrainedError,
      /^two\.safetensors is of another model than .*: it lacks second\.weight, second\.bias, and has first\.bias, first\.weight, which/,
    ],
    [
      { [indexName]: text({ weight_map: { a: "../a.safetensors" } }) },
      PretrainedError,
      /a is in "\.\.\/a\.safetensors"/,
    ],
    [
      { [indexName]: text({ weight_map: { a: 1 } }) },
      PretrainedError,
      /a is in 1, expected a safetensors file/,
    ],
    [{ [indexName]: text({}) }, PretrainedError, /has no weight_map/],
    [{ [indexName]: text([]) }, PretrainedError, /begins with "\[\]", expected a JSON object/],
    [
      {
        [indexName]: indexOf({
          ...Object.fromEntries(names.map((name) => [name, "gone.safetensors"])),
          more: "gone.safetensors",
        }),
      },
      WeightsError,
      /unknown: more/,
    ],
  ] as const)("that is wrong is refused: %#", async (files, kind, message) => {
    const error = await refused(loadPretrained(model, await folderOf(files)));
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toMatch(message);
  });

  test("has a pickle that is named: it is refused with the line that converts it", async () => {
    const folder = await folderOf({ "net.pt": Uint8Array.of(80, 75, 3, 4) });
    const error = await refused(loadPretrained(model, join(folder, "net.pt")));
    expect(error).toBeInstanceOf(PretrainedError);
    expect(error.message).toMatch(
      /net\.pt: a pickle can run any program .*torch\.load\("net\.pt", "cpu", weights_only=True\).*"net\.safetensors"/,
    );
  });
});

describe("a host", () => {
  test("is asked for what is there, once: then only whether it has changed, and nothing while it is away", async () => {
    let url: string;
    {
      await using host = await hostOf({ [indexName]: index, ...shards });
      url = `${host.url}${indexName}`;
      await loadPretrained(model, url, { cache });
      expect(host.asked).toEqual([indexName, "one.safetensors", "two.safetensors"]);
      await loadPretrained(model, url, { cache });
      expect(host.asked.slice(3)).toEqual([`${indexName}?`, "one.safetensors?", "two.safetensors?"]);
    }
    wanted();
    await loadPretrained(model, url, { cache });
  });

  test("has another version: it is downloaded", async () => {
    const other = encodeSafetensors({
      ...tensorsOf(...names),
      "second.bias": { data: Float32Array.of(9), shape: [1] },
    });
    const files: Record<string, Answer> = { "model.safetensors": serve(whole) };
    await using host = await hostOf({
      "model.safetensors": (...call) => files["model.safetensors"]?.(...call),
    });
    await loadPretrained(model, host.url, { cache });
    files["model.safetensors"] = serve(other, { tag: '"two"' });
    await loadPretrained(model, host.url, { cache });
    expect(model.second.bias?.dataSync()[0]).toBe(9);
    expect(host.asked).toEqual(["model.safetensors", "model.safetensors?", "model.safetensors"]);
  });

  test("redirects, breaks off and resumes, and gets the headers", async () => {
    let seen: string | undefined;
    const moved: Answer = (response, request) => {
      seen = String(request.headers["x-token"]);
      response.writeHead(302, { Location: "/far/away" }).end();
    };
    let tries = 0;
    const away: Answer = (...call) => (tries++ === 0 ? serve(whole, { cut: 200 }) : serve(whole))(...call);
    await using host = await hostOf({ "model.safetensors": moved, "far/away": away });
    const progress: number[] = [];
    const onProgress = ({ received }: { received: number }) => progress.push(received);
    await loadPretrained(model, host.url, { cache, headers: { "x-token": "key" }, onProgress });
    wanted();
    expect(seen).toBe("key");
    expect(progress.at(-1)).toBe(whole.length);
  });

  const page: Answer = (response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<html>");
  const untyped: Answer = (response) =>
    response.writeHead(200, { ETag: '"x"' }).end("<!doctype html><p>log in");
  test.each<[Answer, new (...args: never[]) => Error, RegExp, LoadPretrainedOptions?]>([
    [page, DownloadError, /answers with a page \(text\/html\) instead of the file/],
    [untyped, SafetensorsError, /it is a page, not safetensors/],
    [status(403), DownloadError, /answers 403/],
    [status(500), DownloadError, /answers 500/],
    [
      status(404),
      PretrainedError,
      /has no model\.safetensors and no .* If it has pytorch_model\.bin: Convert it in Python/,
    ],
    [serve(whole.subarray(0, 300)), SafetensorsError, /^model\.safetensors: /],
    [serve(new Uint8Array([...whole, 0])), SafetensorsError, /^model\.safetensors: /],
    [serve(whole), DownloadError, /their SHA-256 is wrong/, { sha256: { "model.safetensors": "00" } }],
    [serve(whole), DOMException, /aborted/, { signal: AbortSignal.abort() }],
    [
      (response) => response.writeHead(302, { Location: "/model.safetensors" }).end(),
      DownloadError,
      /cannot be reached: redirect/,
    ],
  ])("that is wrong is refused, and nothing is kept: %#", async (answer, kind, message, options = {}) => {
    await using host = await hostOf({ "model.safetensors": answer });
    const error = await refused(loadPretrained(model, host.url, { cache, ...options }));
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toMatch(message);
    if (error instanceof DOMException) expect(host.asked).toEqual([]);
    await using good = await hostOf({ "model.safetensors": whole });
    await loadPretrained(model, good.url, { cache });
    wanted();
  });

  test("with a checksum is not asked again", async () => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
    const sha256 = { "model.safetensors": Buffer.from(digest).toString("hex") };
    await using host = await hostOf({ "model.safetensors": whole });
    await loadPretrained(model, host.url, { cache, sha256 });
    await loadPretrained(model, host.url, { cache, sha256 });
    expect(host.asked).toEqual(["model.safetensors"]);
  });
});

describe("fromPretrained", () => {
  const made = { Net: () => new Net(), special: () => new Net() };

  test.each([{ architectures: ["Other", "Net"] }, { model_type: "special" }, { special: 1 }])(
    "%j",
    async (config) => {
      const folder = await folderOf({ "config.json": text(config), "model.safetensors": whole });
      model.dispose();
      model = await fromPretrained(folder, made);
      wanted();
    },
  );

  test.each([
    [{}, /has no config\.json/],
    [
      { "config.json": text({ architectures: ["Far"], model_type: "far" }) },
      /is of Far, far, expected one of Net, special\./,
    ],
    [{ "config.json": text([1]) }, /config\.json begins with "\[1\]", expected a JSON object/],
    [{ "config.json": text({ model_type: "special" }) }, /has no model\.safetensors/],
  ] as const)("a folder that is wrong is refused: %#", async (files, message) => {
    const error = await refused(fromPretrained(await folderOf(files), made));
    expect(error).toBeInstanceOf(PretrainedError);
    expect(error.message).toMatch(message);
  });

  test("a file is refused, and an unknown option", async () => {
    expect((await refused(fromPretrained("a.safetensors", made))).message).toMatch(
      /a\.safetensors is a file, expected the folder/,
    );
    const options = { cahce: null } as LoadPretrainedOptions;
    expect((await refused(loadPretrained(model, cache, options))).message).toMatch(/did you mean cache\?/);
  });
});

test("all 8-bit numbers are read as PyTorch reads them", async () => {
  const path = new URL("../../fixtures/torch/eight-bits.safetensors", import.meta.url);
  const { tensors: stored } = parseSafetensors(await readFile(path));
  const read = (name: string) => Array.from(toHostTensor(stored[name] as never, name).data);
  for (const name of ["e4m3", "e5m2"]) expect(read(name)).toEqual(read(`${name}.wide`));
});

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve, startHost, status } from "@pellucid/testing/host";
import { DatasetError } from "../dataset-error.ts";
import { cifar10 } from "./cifar10.ts";
import { fashionMnist } from "./fashion-mnist.ts";
import { mnist } from "./mnist.ts";
import { mnist10k } from "./mnist10k.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pellucid-"));
  const write = (name: string, bytes: Uint8Array) => writeFile(join(folder, name), bytes);
  const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);
  const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 9, 0);
  await write("t10k-images-idx3-ubyte.gz", gzipSync(images));
  await write("t10k-labels-idx1-ubyte", labels);
  await write("three-labels", Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 9, 0, 0));
  await write("wrong-label", Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 9, 10));
  await write("data_batch_1.bin", new Uint8Array(3073).fill(1));
  await write("mine.bin", new Uint8Array(2 * 3073).fill(2));
});

afterAll(() => rm(folder, { recursive: true }));

describe.each([
  ["mnist", mnist],
  ["fashionMnist", fashionMnist],
])("%s", (_, load) => {
  it("reads a folder, of files that are packed or not", async () => {
    const images = await load({ split: "test", folder });
    expect(images.images).toEqual({ data: Uint8Array.of(1, 2, 3, 4, 5, 6), shape: [2, 1, 3, 1] });
    expect([...images.labels.data]).toEqual([9, 0]);
    expect(images.get(1)).toEqual({ x: { data: Uint8Array.of(4, 5, 6), shape: [1, 3, 1] }, y: 0 });
    expect(images.info.classes).toHaveLength(10);
  });

  it("says which files a folder has, where it has not the right ones", async () => {
    const error = await load({ split: "train", folder }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatasetError);
    expect(error).toMatchObject({
      code: "missing",
      message: `${folder} has no train-labels-idx1-ubyte.gz or train-labels-idx1-ubyte. It has data_batch_1.bin, mine.bin, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte, three-labels, wrong-label.`,
    });
    await expect(load({ split: "train", folder: join(folder, "none") })).rejects.toMatchObject({
      code: "missing",
      message: expect.stringMatching(/^The folder .*none cannot be read: .*ENOENT/),
    });
  });

  it("refuses files that do not belong together", async () => {
    const images = "t10k-images-idx3-ubyte.gz";
    const read = (files: { images: string; labels: string }) => load({ split: "test", folder, files });
    await expect(read({ images, labels: "three-labels" })).rejects.toThrow(
      new DatasetError("format", "three-labels: [3] are not labels of 2 images."),
    );
    await expect(read({ images, labels: "wrong-label" })).rejects.toThrow(
      new DatasetError("format", "wrong-label: image 1 is of class 10, expected 0 to 9."),
    );
    await expect(read({ images: "wrong-label", labels: "wrong-label" })).rejects.toThrow(
      new DatasetError("format", "wrong-label: [2] are not gray images."),
    );
  });

  it("downloads from another host, which must have the published files or be trusted explicitly", async () => {
    const labels = await readFile(join(folder, "t10k-labels-idx1-ubyte"));
    const images = await readFile(join(folder, "t10k-images-idx3-ubyte.gz"));
    await using host = await startHost((response, request, self) => {
      const isLabels = request.url === "/data/t10k-labels-idx1-ubyte.gz";
      serve(isLabels ? labels : images)(response, request, self);
    });
    const url = `${host.url}data`;
    await expect(load({ split: "test", url, cache: null })).rejects.toMatchObject({ code: "checksum" });
    const trusted = await load({ split: "test", url, cache: null, verify: false });
    expect([...trusted.labels.data]).toEqual([9, 0]);
  });

  it("has two parts, and no others", async () => {
    const split = "valid" as "test";
    await expect(load({ split, folder })).rejects.toThrow(
      /^(Fashion-)?MNIST: split is "valid", expected "train" or "test"\.$/,
    );
    await expect(cifar10({ split, folder })).rejects.toThrow(
      new RangeError('CIFAR-10: split is "valid", expected "train" or "test".'),
    );
  });

  it("tries several hosts in order", async () => {
    await using ill = await startHost(status(503));
    await using gone = await startHost(status(410));
    const error = await load({ split: "test", url: [ill.url, gone.url], cache: null }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: "http",
      message: expect.stringMatching(/none of 2 hosts has it.*\n.*503 Service Unavailable\.\n.*410 Gone\.$/s),
    });
  });
});

describe("mnist10k", () => {
  it("is four fifths to train on, one to test on", async () => {
    const { train, test } = await mnist10k({ folder });
    expect([train.length, test.length]).toEqual([1, 1]);
  });
});

describe("cifar10", () => {
  it("reads the batches of a folder, in order", async () => {
    const files = ["mine.bin", "data_batch_1.bin"];
    const { images, labels, info } = await cifar10({ split: "train", folder, files });
    expect(images.shape).toEqual([3, 32, 32, 3]);
    expect([...labels.data]).toEqual([2, 2, 1]);
    expect([images.data[0], images.data.at(-1)]).toEqual([2, 1]);
    expect(info.classes[2]).toBe("bird");
  });

  it("reads the archive, from a host or a folder", async () => {
    const directory = await mkdtemp(join(tmpdir(), "pellucid-"));
    const set = join(directory, "cifar-10-batches-bin");
    await mkdir(set);
    for (const batch of [1, 2, 3, 4, 5])
      await writeFile(join(set, `data_batch_${batch}.bin`), new Uint8Array(3073).fill(batch));
    const archive = join(directory, "cifar-10-binary.tar.gz"); // next to its sources: tar fails where that changes as it reads
    execFileSync("tar", ["-czf", archive, "-C", directory, "cifar-10-batches-bin"]);
    await using host = await startHost(serve(await readFile(archive)));
    for (const source of [{ url: host.url, cache: null, verify: false }, { folder: directory }]) {
      const { labels } = await cifar10({ split: "train", ...source });
      expect([...labels.data]).toEqual([1, 2, 3, 4, 5]);
      await expect(cifar10({ split: "test", ...source })).rejects.toMatchObject({
        code: "missing",
        message: expect.stringMatching(
          /^cifar-10-binary\.tar\.gz has no test_batch\.bin\. It has .*data_batch_1\.bin/,
        ),
      });
    }
    await rm(directory, { recursive: true });
  });

  it("says which batch is missing", async () => {
    await expect(cifar10({ split: "test", folder })).rejects.toMatchObject({
      code: "missing",
      message: expect.stringMatching(/ has no test_batch\.bin\. It has data_batch_1\.bin, mine\.bin, /),
    });
  });
});

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import { serve, startHost } from "@pellucid/testing/host";
import { cifar10, type LabeledImages, mnist, mnist10k, normalizeImages } from "../src/index.ts";
import { diabetes, digits } from "../src/index.ts";
import { gunzip } from "../src/formats/gunzip.ts";

const data = process.env["PELLUCID_DATA"] ?? join(import.meta.dirname, "../../../../shared/data");
const mnistFolder = join(data, "mnist");
const cifarFolder = join(data, "cifar10");

if (!existsSync(data)) process.stderr.write(`Tests on real data are skipped: there is no ${data}.\n`);

interface Part {
  length: number;
  first: number[];
  sum: number;
}

const { mnist10k: split } = fixture<{ mnist10k: { train: Part; test: Part } }>(
  import.meta.url,
  "../fixtures/torch/splits.json",
);

function countsOf({ labels }: LabeledImages): number[] {
  return Array.from({ length: 10 }, (_, label) => labels.data.filter((y) => y === label).length);
}

function meanAndStd({ images }: LabeledImages): { mean: number[]; std: number[] } {
  const { data: pixels, shape } = images;
  const channels = Array.from({ length: shape[3] }, (_, channel) => {
    let [sum, squares] = [0, 0];
    for (let i = channel; i < pixels.length; i += shape[3]) {
      const pixel = (pixels[i] as number) / 255;
      sum += pixel;
      squares += pixel * pixel;
    }
    const count = pixels.length / shape[3];
    return { mean: sum / count, std: Math.sqrt(squares / count - (sum / count) ** 2) };
  });
  return { mean: channels.map(({ mean }) => mean), std: channels.map(({ std }) => std) };
}

describe.skipIf(!existsSync(mnistFolder))("MNIST's test images", () => {
  it("are 10,000 of 28×28, with the published counts, mean and deviation", async () => {
    const images = await mnist({ split: "test", folder: mnistFolder });
    expect(images.images.shape).toEqual([10_000, 28, 28, 1]);
    expect(countsOf(images)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    const { mean, std } = meanAndStd(images);
    expect(mean[0]).toBeCloseTo(0.1325, 4); // of the training images: 0.1307
    expect(std[0]).toBeCloseTo(0.3105, 4); // 0.3081
  });

  it("begin with a 7, a 2, a 1, a 0 and a 4", async () => {
    const { images, labels } = await mnist({ split: "test", folder: mnistFolder });
    expect([...labels.data.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    expect([...images.data.subarray(7 * 28 + 6, 7 * 28 + 12)]).toEqual([84, 185, 159, 151, 60, 36]);
  });

  it("have mean 0 and deviation 1, about, when normalized", async () => {
    const { images } = normalizeImages(await mnist({ split: "test", folder: mnistFolder }));
    const mean = images.data.reduce((sum, pixel) => sum + pixel, 0) / images.data.length;
    expect(Math.abs(mean)).toBeLessThan(0.01);
  });

  it("are split in 8,000 and 2,000 as NumPy's RandomState(0) orders them", async () => {
    const all = await mnist({ split: "test", folder: mnistFolder });
    const { train, test } = await mnist10k({ folder: mnistFolder });
    expect([train.length, test.length]).toEqual([split.train.length, split.test.length]);
    for (const [part, known] of [
      [train, split.train],
      [test, split.test],
    ] as const)
      for (const [i, from] of known.first.entries()) expect(part.get(i)).toEqual(all.get(from));
    const order = (await readFile(join(mnistFolder, "order.txt"), "utf8")).trim().split("\n").map(Number);
    for (const i of [0, 17, 7999]) expect(train.get(i)).toEqual(all.get(order[i] as number));
    for (const i of [0, 17, 1999]) expect(test.get(i)).toEqual(all.get(order[8000 + i] as number));
  });

  it("are what the published checksums say: downloaded, they are taken", async () => {
    await using host = await startHost((response, request, self) => {
      void readFile(join(mnistFolder, request.url ?? "")).then((file) =>
        serve(file)(response, request, self),
      );
    });
    const images = await mnist({ split: "test", url: host.url, cache: null });
    expect(images).toHaveLength(10_000);
  });
});

describe.skipIf(!existsSync(cifarFolder))("CIFAR-10's subsets", () => {
  it("are 500 and 100 images a class, in color", async () => {
    const files = { train: "data_batch_subset.bin", test: "test_batch_subset.bin" };
    const read = (part: "train" | "test") =>
      cifar10({ split: part, folder: cifarFolder, files: [files[part]] });
    const [train, test] = [await read("train"), await read("test")];
    expect(countsOf(train)).toEqual(new Array(10).fill(500));
    expect(countsOf(test)).toEqual(new Array(10).fill(100));
    const { mean, std } = meanAndStd(train);
    for (const channel of [0, 1, 2]) {
      expect(mean[channel]).toBeCloseTo(train.info.mean[channel] as number, 1);
      expect(std[channel]).toBeCloseTo(train.info.std[channel] as number, 1);
    }
    // skies are blue, and not in another channel: the planes are in order
    const ships = [...train.labels.data].flatMap((label, i) => (label === 8 ? [i] : []));
    const [red = 0, , blue = 0] = meanAndStd(train.take(ships)).mean;
    expect(blue).toBeGreaterThan(red);
  });
});

const digitsFolder = join(data, "digits");

describe.skipIf(!existsSync(digitsFolder))("the embedded data", () => {
  it("is that of the files it was made from", async () => {
    const csv = await gunzip(await readFile(join(digitsFolder, "digits.csv.gz")));
    const rows = new TextDecoder().decode(csv).trim().split("\n");
    const { all } = await digits();
    for (const [i, row] of rows.entries()) {
      const { x, y } = all.get(i);
      expect([...x.data, y].join()).toBe(row.trim());
    }
    const [, ...patients] = (await readFile(join(digitsFolder, "diabetes.csv"), "utf8"))
      .trim()
      .split(/\r?\n/);
    const table = (await diabetes({ scaled: false })).all;
    for (const [i, row] of patients.entries()) {
      const { x, y } = table.get(i);
      expect([...x.data, y]).toEqual(row.split(",").map((value) => Math.fround(Number(value))));
    }
  });
});

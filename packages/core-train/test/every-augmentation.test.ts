import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as core from "@pellucid/core-train";
import { type HostTensor, type Image, type LabeledBatch, type MixedBatch, Rng } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { describe, expect, test } from "vitest";

interface Stored {
  readonly shape: number[];
  readonly data: number[];
  readonly tolerance: number;
}

interface Case {
  readonly name: string;
  readonly image: string;
  readonly args: readonly unknown[];
  readonly output: Stored;
}

interface RandomCase extends Case {
  readonly seed: number;
  readonly next: number;
}

interface Cases<C> {
  readonly images: Readonly<Record<string, Stored>>;
  readonly cases: readonly C[];
}

interface Mixing {
  readonly batch: { readonly x: Stored; readonly hard: number[]; readonly soft: Stored };
  readonly cases: readonly {
    readonly name: string;
    readonly alpha: number;
    readonly soft: boolean;
    readonly seed: number;
    readonly next: number;
    readonly x: Stored;
    readonly y: Stored;
  }[];
}

type Call = (...args: unknown[]) => unknown;

const exported: Readonly<Record<string, unknown>> = { ...core };
const called = (name: string, ...args: readonly unknown[]) => (exported[name] as Call)(...args);
const functions = fixture<Cases<Case>>(import.meta.url, "../fixtures/torch/image-functions.json");
const random = fixture<Cases<RandomCase>>(import.meta.url, "../fixtures/torch/augmentation.json");
const mixing = fixture<Mixing>(import.meta.url, "../fixtures/torch/mixing.json");

const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
const names = [...index.matchAll(/export \{([^}]*)\} from "\.\/augment\//g)]
  .flatMap(([, list = ""]) => list.split(",").map((name) => name.trim()))
  .filter((name) => /^[a-z]\w*$/.test(name));

/** What torchvision does not have is tested next to its source. */
const ownTests = ["toFloat", "compose", "cutout", "pcaColor", "colorComponents"];

test("every augmentation has a case", () => {
  const cases = [...functions.cases, ...random.cases, ...mixing.cases].map(({ name }) => name);
  expect(new Set([...cases, ...ownTests])).toEqual(new Set(names));
});

test("augmentations run in workers: they load nothing of tfjs", () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = readFileSync(file, "utf8").replaceAll(/import type [^;]*;/g, "");
    for (const [, from = ""] of source.matchAll(/from "([^"]+)"/g)) {
      expect(from, file).toMatch(/^\.\.?\//);
      visit(fileURLToPath(new URL(from, pathToFileURL(file))));
    }
  };
  const folder = fileURLToPath(new URL("../src/augment/", import.meta.url));
  for (const file of readdirSync(folder)) if (!file.endsWith(".test.ts")) visit(folder + file);
  expect(seen.size).toBeGreaterThan(40);
});

describe.each(distinct(functions.cases))("%s", (name) => {
  const cases = functions.cases.filter((other) => other.name === name);

  test("agrees with torchvision", () => {
    for (const { image, args, output } of cases) {
      // `normalize` is made with its numbers first, as the random ones are.
      const made = name === "normalize" ? called(name, ...args) : null;
      const apply = (x: Image) =>
        (typeof made === "function" ? (made as (x: Image) => Image)(x) : called(name, x, ...args)) as Image;
      const x = opened(functions.images[image] as Stored);
      const said = `${image} ${JSON.stringify(args)}`;
      expectSame(apply(x), output, said);
      expect(x, said).toEqual(opened(functions.images[image] as Stored));
    }
  });

  test("rejects inputs that are not images", () => {
    const { args } = cases[0] as Case;
    const flat = opened({ data: [0, 0, 0, 0], shape: [2, 2] });
    expect(() => {
      if (name === "normalize") (called(name, ...args) as (x: Image) => Image)(flat);
      else called(name, flat, ...args);
    }).toThrow(core.ShapeError);
  });
});

describe.each(distinct(random.cases))("%s", (name) => {
  const cases = random.cases.filter((other) => other.name === name);

  test("gives torchvision's image for the same seed, and draws as much", () => {
    for (const { image, args, seed, next, output } of cases) {
      const augment = called(name, ...args) as core.Augmentation;
      const said = `${image} ${JSON.stringify(args)}, seed ${seed}`;
      const x = opened(random.images[image] as Stored);
      const rng = new Rng(seed);
      expectSame(augment(x, rng), output, said);
      expect(rng.rand([1]).data[0], said).toBe(next);
      expect(x, said).toEqual(opened(random.images[image] as Stored));
    }
  });

  test("rejects inputs that are not images", () => {
    const { args } = cases[0] as Case;
    const flat = opened({ data: [0, 0, 0, 0], shape: [2, 2] });
    const augment = called(name, ...args) as core.Augmentation;
    expect(() => {
      for (let i = 0; i < 20; i++) augment(flat, new Rng(i));
    }).toThrow(core.ShapeError);
  });
});

describe.each(distinct(mixing.cases))("%s", (name) => {
  test("gives torchvision's batch for the same seed, and draws as much", () => {
    const { x, hard, soft } = mixing.batch;
    for (const { alpha, soft: isSoft, seed, next, ...expected } of mixing.cases.filter(
      (c) => c.name === name,
    )) {
      const y: HostTensor = isSoft ? opened(soft) : { data: Int32Array.from(hard), shape: [hard.length] };
      const images: HostTensor = opened(x);
      const batch: LabeledBatch = { x: images as LabeledBatch["x"], y };
      const options = isSoft ? { alpha } : { alpha, classes: 3 };
      const mix = called(name, options) as (batch: LabeledBatch, rng: Rng) => MixedBatch;
      const rng = new Rng(seed);
      const mixed = mix(batch, rng);
      expectSame(mixed.x, { ...expected.x, tolerance: 2e-6 }, `alpha ${alpha}, seed ${seed}`);
      expectSame(mixed.y, { ...expected.y, tolerance: 2e-6 }, `alpha ${alpha}, seed ${seed}`);
      expect(rng.rand([1]).data[0]).toBe(next);
      expect(batch).toEqual({ x: opened(x), y });
    }
  });
});

function distinct(cases: readonly { readonly name: string }[]): string[] {
  return [...new Set(cases.map(({ name }) => name))];
}

function opened({ data, shape }: Omit<Stored, "tolerance">): Image {
  const tensor: HostTensor = { data: Float32Array.from(data), shape };
  return tensor as Image;
}

function expectSame(found: HostTensor, { data, shape, tolerance }: Stored, said: string): void {
  expect(found.shape, said).toEqual(shape);
  expect(found.data, said).toBeInstanceOf(Float32Array);
  expect(found, said).toBeAllclose(data, { rtol: 0, atol: tolerance });
}

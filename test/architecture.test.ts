import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const packages = join(import.meta.dirname, "../packages");

/** Who may import whom, in addition to itself: the one table. Tests, stories, examples and benches may import everything. */
const allowed: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  "core-train": ["@tensorflow/tfjs-core"],
  kernels: ["@tensorflow/tfjs-core", /^@tensorflow\/tfjs-backend-/, "@pellucid/core-train"], // of the core, types alone: see below
  backends: ["@tensorflow/tfjs-core", "@pellucid/kernels", /^@tensorflow\/tfjs-/],
  datasets: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  cnn: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  mamba: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  rnn: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  transformer: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  gnn: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  detection: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  segmentation: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  "metric-learning": ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  generative: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  bayesian: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  kan: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  spiking: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  gp: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  rl: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  interpret: ["@tensorflow/tfjs-core", "@pellucid/core-train"],
  export: ["@tensorflow/tfjs-core", "@pellucid/core-train", "@pellucid/backends"], // backends: the command line
  "create-pellucid": [],
  // lessons are pages on any of them, with the parts and nets that interpret's own pages have
  course: ["@tensorflow/tfjs-core", /^@pellucid\//],
  testing: [
    "@tensorflow/tfjs-core",
    "@pellucid/core-train",
    "@pellucid/backends",
    /^@tensorflow\/tfjs-backend-/,
    "vitest",
  ],
};

/** Small libraries that a package depends on outside its own field. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  "core-train": ["cli-progress", "fast-png", "pbf"],
  backends: ["webgpu", "yauzl"],
  transformer: ["@huggingface/tokenizers"],
  detection: ["@rgrove/parse-xml", "munkres"],
  gnn: ["ml-matrix"],
  generative: ["ml-matrix"],
  interpret: ["@dagrejs/dagre", "d3-color", "d3-scale-chromatic"],
};

const forTests = /\.(test|test-d|stories)\.ts$/;

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.includes("node_modules") && !path.includes("generated"))
    .map((path) => join(folder, path));
}

/** What a file imports, statically or not, at run time or for types. */
function imports(path: string): string[] {
  const source = readFileSync(path, "utf8").replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  const found = source.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)["']([^"']+)["']/g);
  return [...found].map((match) => match[1] as string);
}

/** `@scope/name/path` -> `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

test("every package is in the table", () => {
  expect(readdirSync(packages).toSorted()).toEqual(Object.keys(allowed).toSorted());
});

test.for(Object.keys(allowed))("%s imports only what the table allows", (name) => {
  const may = [...(allowed[name] ?? []), ...(libraries[name] ?? []), `@pellucid/${name}`];
  const unexpected = sources(join(packages, name, "src"))
    .filter((path) => !forTests.test(path))
    .flatMap((path) => imports(path).map((specifier) => ({ path, specifier })))
    // `#name` is a package's own: its package.json says which of its files that is here
    .filter(({ specifier }) => !/^(\.|#|node:)/.test(specifier))
    .filter(
      ({ specifier }) =>
        !may.some((is) => (typeof is === "string" ? is === packageOf(specifier) : is.test(specifier))),
    );
  expect(unexpected).toEqual([]);
});

test("kernels import nothing of the core but the types of its ops", () => {
  const found = sources(join(packages, "kernels/src"))
    .filter((path) => !forTests.test(path))
    .flatMap((path) => [
      ...readFileSync(path, "utf8").matchAll(
        /(import|export)(?: type)?\b[^;"']*["'](@pellucid\/[^"']+)["']/g,
      ),
    ])
    .map(([statement, , specifier = ""]) => ({
      isType: /^(import|export) type\b/.test(statement),
      specifier,
    }));
  expect(found.length).toBeGreaterThan(10);
  expect(
    found.filter(({ isType, specifier }) => !isType || specifier !== "@pellucid/core-train/ops"),
  ).toEqual([]);
});

test("the core's contracts of ops are types alone", () => {
  const source = readFileSync(join(packages, "core-train/src/ops.ts"), "utf8");
  expect(source.match(/^(import|export)\b(?! type\b).*$/gm)).toBeNull();
});

test("only Node's own folders import Node's modules", () => {
  const inNode = /[\\/](node|bin)[\\/]|\.node\.ts$/;
  const unexpected = ["core-train", "datasets", "cnn", "transformer", "interpret", "kernels"].flatMap(
    (name) =>
      sources(join(packages, name, "src"))
        .filter((path) => !forTests.test(path) && !inNode.test(path))
        .filter((path) => imports(path).some((specifier) => specifier.startsWith("node:"))),
  );
  expect(unexpected).toEqual([]);
});

test("no file imports its own package's table of contents", () => {
  const unexpected = Object.keys(allowed).flatMap((name) =>
    sources(join(packages, name, "src"))
      .filter((path) => !forTests.test(path))
      .filter((path) =>
        imports(path).some(
          (specifier) => specifier === `@pellucid/${name}` || specifier.endsWith("./index.ts"),
        ),
      ),
  );
  expect(unexpected).toEqual([]);
});

test("no file is a bucket", () => {
  const buckets = Object.keys(allowed).flatMap((name) =>
    sources(join(packages, name, "src")).filter((path) =>
      /[\\/](utils?|helpers?|common|misc|types)\.ts$/.test(path),
    ),
  );
  expect(buckets).toEqual([]);
});

test("only a test plays a lesson: its page is the visitor's", () => {
  const plays = sources(join(packages, "course/src"))
    .filter((path) => path.endsWith(".stories.ts"))
    .filter((path) => !readFileSync(path, "utf8").includes("play: inTests("));
  expect(plays).toEqual([]);
});

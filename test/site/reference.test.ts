import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import MiniSearch from "minisearch";
import { expect, test } from "vitest";
import { finder } from "../../docs/site/client/find.js";
import { exportedNames } from "../../tools/site/exported-names.ts";
import { storiesOf, storyFiles } from "../../tools/site/demos.ts";
import { readGuides } from "../../tools/site/guides.ts";
import { otherNames } from "../../tools/site/other-names.ts";
import { readReference } from "../../tools/site/reference.ts";
import { searchEntries } from "../../tools/site/search-entries.ts";

const root = join(import.meta.dirname, "../..");
const reference = readReference(root);
const entries = [...reference.entries.values()];
const find = finder(MiniSearch, searchEntries(reference, readGuides(root)));

test("every name that a package exports has a page, or is another package's that it hands on", () => {
  const titles = new Set(entries.map(({ key }) => key));
  const handedOn = reference.packages.flatMap(({ folder }) =>
    exportedNames(join(root, "packages"), folder).filter(({ from }) => !from.startsWith("src/")),
  );
  const anywhere = new Set(entries.map(({ name }) => name));
  expect(handedOn.filter(({ declared }) => !anywhere.has(declared))).toEqual([]);
  for (const { folder, name } of handedOn) titles.add(`${folder}/${name}`);
  const missing = readdirSync(join(root, "test/exports")).flatMap((file) => {
    const folder = reference.packages.find((info) => file.startsWith(`${info.folder}-src`))?.folder ?? "";
    const names = readFileSync(join(root, "test/exports", file), "utf8")
      .trim()
      .split("\n");
    return names
      .map((name) => name.replace(/^type /u, "").replace(/^.* as /u, ""))
      .filter((name) => !titles.has(`${folder}/${name}`) && name !== "init")
      .map((name) => `${folder}/${name}`);
  });
  expect(missing).toEqual([]);
});

test("no two pages are one file, whatever the file system thinks of case", () => {
  const paths = entries.map(({ path }) => path.toLowerCase());
  expect(new Set(paths).size).toBe(paths.length);
});

test("every name but those of options has a sentence", () => {
  const silent = entries.filter(({ doc, name }) => doc.sentence === "" && !name.endsWith("Options"));
  expect(silent.map(({ key }) => key).filter((key) => key !== "core-train/checkContextLength")).toEqual([]);
});

test("every name has an example that a check runs: functions, classes and constants their own, types that of what takes or gives them", () => {
  const shared = entries.filter(
    ({ example, key, kind }) =>
      example === undefined || (kind !== "interface" && kind !== "type" && example.of !== key),
  );
  expect(shared.map(({ key }) => key)).toEqual([]);
});

test("the names that replace those of other libraries exist", () => {
  expect([...otherNames(root).keys()].filter((key) => !reference.entries.has(key))).toEqual([]);
});

/** Each name of another library, with the titles of our names that replace it. */
const asked = new Map<string, Set<string>>();
for (const [key, names] of otherNames(root)) {
  const title = reference.entries.get(key)?.title ?? "";
  for (const [, name] of names) asked.set(name, (asked.get(name) ?? new Set()).add(title));
}

test("the search knows more than 150 names of PyTorch, Keras and TensorFlow.js", () => {
  expect(asked.size).toBeGreaterThan(450);
  const missed = [...asked].filter(
    ([name, titles]) =>
      !find(name)
        .slice(0, 3)
        .some(({ title }) => titles.has(title)),
  );
  expect(
    missed.map(([name, titles]) => `${name}: ${[...titles].join()}, not ${find(name)[0]?.title}`),
  ).toEqual([]);
});

test.each([
  ["nn.GroupNorm", "GroupNorm"],
  ["F.cross_entropy", "crossEntropy"],
  ["cross_entropy", "crossEntropy"],
  ["torch.nn.functional.layer_norm", "layerNorm"],
  ["nn.TransformerEncoderLayer", "TransformerEncoderLayer"],
  ["DataLoader", "batches"],
  ["manual_seed", "Rng"],
  ["clip_grad_norm_", "clipGradNorm"],
  ["ReduceLROnPlateau", "ReduceLROnPlateau"],
  ["load_state_dict", "loadWeights"],
  ["optim.AdamW", "adamw"],
  ["Dense", "Linear"],
  ["layers.dense", "Linear"],
  ["Conv2D", "Conv2d"],
  ["MultiHeadAttention", "MultiheadAttention"],
  ["SparseCategoricalCrossentropy", "crossEntropy"],
  ["EarlyStopping", "earlyStopping"],
  ["glorot_uniform", "init.xavierUniform"],
  ["tf.grad", "gradient"],
  ["tf.customGrad", "defineOp"],
  ["tf.layers.lstm", "LSTM"],
  ["loadLayersModel", "loadWeights"],
  ["GCNConv", "GCNConv"],
  ["IntegratedGradients", "integratedGradients"],
  ["TSNE", "tsne"],
  ["non maximum suppression", "nms"],
  ["group normalization", "GroupNorm"],
  ["plateau", "Stop after a plateau"],
  ["why wasm not webgpu", "Why is it on WASM, and not on WebGPU?"],
  ["torchinfo", "summary"],
  ["LoRA", "applyLora"],
  ["run in a worker", "Train in a Web Worker"],
  ["how do I load gpt2 weights", "A GPT-2"],
  ["webgpu not available", "Why is it on WASM, and not on WebGPU?"],
  ["save as onnx", "Export to ONNX"],
  ["custom layer", "Write a layer"],
  ["CSP", "Content security policies"],
  ["Vite", "Bundlers"],
  ["Next.js", "React, Vue, Svelte, Next, Electron"],
  ["Bun", "React, Vue, Svelte, Next, Electron"],
  ["what does a model compute", "Look at a model"],
  ["print the layers of a model", "Look at a model"],
  ["write a layer", "Write a layer"],
  ["jsdom", "In jsdom and happy-dom"],
  ["gradient clipping", "Schedules and chains"],
  ["validation split", "Data of your own"],
  ["csv", "Data of your own"],
  ["mixed precision", "Speed"],
  ["model.compile", "Train"],
  ["zero_grad", "Train"],
  ["pipeline", "A model of a hub"],
])("%s finds %s", (query, title) => {
  expect(
    find(query)
      .slice(0, 6)
      .map((entry) => entry.title),
  ).toContain(title);
});

test("every recorded picture is of a story, by its id in the Storybook", () => {
  const ids = storyFiles(root).flatMap((file) => storiesOf(readFileSync(join(root, file), "utf8")));
  const known = new Set(ids.map(({ id }) => `${id}.webp`));
  const recorded = readdirSync(join(root, "packages/interpret/stories/recorded"));
  expect(recorded.filter((file) => !known.has(file))).toEqual([]);
  expect(recorded.length).toBeGreaterThan(100);
});

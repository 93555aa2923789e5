// Files as they are on hubs, made by fixtures/hub/files.py: each loads by loadPretrained without options, and gives the logits and tokens of transformers.
// PELLUCID_HUB_FILES names another folder with files of these names.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import {
  generate,
  loadPretrained,
  Module,
  parameter,
  Rng,
  SafetensorsError,
  stateOf,
  WeightsError,
  withoutInit,
} from "@pellucid/core-train";
import { MambaLm } from "@pellucid/mamba";
import { BertForMaskedLm, Gpt, Llama } from "@pellucid/transformer";
import { memory, slice, tensor2d, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const folder = process.env["PELLUCID_HUB_FILES"] ?? join(import.meta.dirname, "../fixtures/hub");
const path = (name: string) => join(folder, name);
const json = (name: string) => JSON.parse(readFileSync(path(name), "utf8")) as Record<string, never>;
const expected: Readonly<Record<string, readonly number[]>> = json("expected.json");
const rng = new Rng(0);
const tokens = [1, 5, 9, 3, 7];

beforeAll(() => useBackend({ only: "wasm" }));

type Lm = Module & { forward(tokens: Tensor2D): Tensor3D };

const gpt = (): Lm => new Gpt({ rng, vocabSize: 40, blockSize: 16, nLayer: 2, nHead: 4, nEmbd: 16 });
const bert = (): Lm =>
  new BertForMaskedLm({
    rng,
    vocabSize: 40,
    hiddenSize: 16,
    numHiddenLayers: 2,
    numAttentionHeads: 4,
    intermediateSize: 32,
    maxPositionEmbeddings: 16,
  });
const configured =
  <M extends Lm>(of: { fromConfig(config: object, options: { readonly rng: Rng }): M }) =>
  (name: string): M =>
    of.fromConfig(json(`${name}/config.json`), { rng });

/** Names of a file or folder, of its logits, and what it is of. */
const files: readonly (readonly [file: string, logits: string, make: (name: string) => Lm])[] = [
  ["gpt2_hub.safetensors", "gpt2", gpt],
  ["bert_hub.safetensors", "bert", bert],
  ["llama_tied", "llama", configured(Llama)],
  ["llama_shards", "llama", configured(Llama)],
  ["llama_bf16", "llama_bf16", configured(Llama)],
  ["mamba_hf", "mamba", configured(MambaLm)],
];

test.each(files)("%s", async (name, logits, make) => {
  const { numTensors } = memory();
  const model = withoutInit(() => make(name));
  const { missing, unknown } = await loadPretrained(model, path(name));
  expect([missing, unknown]).toEqual([[], []]);
  const last = tidy(() =>
    slice(model.forward(tensor2d([tokens], undefined, "int32")), [0, tokens.length - 1, 0]),
  );
  const ofFile = expected[logits]; // a folder may only have the logits from before the weights were rounded to BF16
  expect(last).toBeAllclose([ofFile ?? expected["llama"]].flat() as number[], {
    rtol: 0,
    atol: ofFile === undefined ? 1e-3 : 1e-5,
  });
  last.dispose();
  model.dispose();
  expect(memory().numTensors).toBe(numTensors);
});

test.each(["mamba_gen1", "mamba_gen2"])("%s: the tokens that transformers chooses", async (name) => {
  const model = withoutInit(() => configured(MambaLm)("mamba_hf"));
  await loadPretrained(model, path("mamba_hf"));
  const wanted = expected[name] as readonly number[];
  const text = wanted.slice(0, -12);
  const options = { maxNewTokens: 12, temperature: 0 };
  for await (const token of generate(model, text, options)) text.push(token);
  expect(text).toEqual(wanted);
  model.dispose();
});

const nines = () => parameter({ data: Float32Array.of(9, 9), shape: [2] });

/** Parameters with the names of a file. */
class Named extends Module {
  readonly f8 = nines();
  readonly a = nines();
}

class Empty extends Module {}

test("numbers of 8 bits are widened", async () => {
  const model = new Named();
  await loadPretrained(model, path("f8.safetensors"));
  expect(model.f8).toBeAllclose((expected["f8"] ?? [0, 0]) as number[], { atol: 0 });
  expect(model.a).toBeAllclose([1, 1], { atol: 0 });
  model.dispose();
});

test.each([
  ["bigint.safetensors", "i", WeightsError, /not fitting: i is I64, expected float32/],
  ["c64.safetensors", "c", SafetensorsError, /c has dtype C64.* Complex numbers are stored as two tensors/],
])("%s is refused, and the model unchanged", async (name, field, kind, message) => {
  const model = Object.assign(new Empty(), { [field]: nines() });
  const error: unknown = await loadPretrained(model, path(name)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(kind);
  expect((error as Error).message).toMatch(message);
  for (const value of Object.values(stateOf(model))) expect(value).toBeAllclose([9, 9], { atol: 0 });
  model.dispose();
});

test("the folder is there whole", () => {
  for (const [name] of files) expect(existsSync(path(name)), name).toBe(true);
});

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Architectures,
  fromPretrained,
  generate,
  type LanguageModel,
  type Module,
  parseSafetensors,
  saveWeights,
} from "@pellucid/core-train";
import { memory, reshape, slice, tensor2d, type Tensor, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** What a script in `fixtures/hub` wrote of one model. */
export interface HubCase {
  /** The last numbers of the output. */
  readonly logits: readonly number[];
  /** Three tokens and those that the model adds, each the most probable. */
  readonly text?: readonly number[];
  /** The state dict that files are to have. */
  readonly state: Readonly<Record<string, readonly [dtype: string, shape: readonly number[]]>>;
}

const tokens = [1, 5, 9, 3, 7, 2, 2, 11, 0, 4, 8, 6];
const stored: Readonly<Record<string, string>> = { float32: "F32", int64: "I64", bool: "BOOL" };

/**
 * Loads a model from a folder as it is, compares its output, and writes it: the file has PyTorch's names, formats and shapes. With
 * `PELLUCID_WRITE_HUB`, the file is kept in that folder for a check in Python.
 */
export async function checkHub(
  folder: string,
  architectures: Architectures,
  wanted: HubCase,
  run: (model: never) => Tensor = (model: { forward(tokens: Tensor2D): Tensor }) =>
    model.forward(tensor2d(tokens, [1, tokens.length], "int32")),
): Promise<void> {
  const { numTensors } = memory();
  const model = await fromPretrained(folder, architectures);
  const output = tidy(() => reshape(run(model as never), [-1]));
  const last = tidy(() => slice(output, output.size - wanted.logits.length, wanted.logits.length));
  const scale = Math.max(1, ...wanted.logits.map(Math.abs));
  expect(last).toBeAllclose(wanted.logits, { rtol: 0, atol: 5e-6 * scale });
  if (wanted.text !== undefined) {
    const text = wanted.text.slice(0, 3);
    const count = wanted.text.length - 3;
    const options = { maxNewTokens: count, temperature: 0 };
    for await (const token of generate(model as Module & LanguageModel<never>, text, options))
      text.push(token);
    expect(text).toEqual(wanted.text);
  }
  const bytes = await saveWeights(model, { metadata: { format: "pt" } });
  const found = Object.entries(parseSafetensors(bytes).tensors).map(([name, { dtype, shape }]) => [
    name,
    [dtype, shape],
  ]);
  const expected = Object.entries(wanted.state).map(([name, [dtype, shape]]) => [
    name,
    [stored[dtype], shape],
  ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  keepFile(folder, bytes);
  output.dispose();
  last.dispose();
  model.dispose();
  expect(memory().numTensors).toBe(numTensors);
}

/**
 * The architectures that a README names under "Pretrained models" are those that a folder of its package's fixtures/hub is of, no more and no less, and those of the
 * package's table.
 *
 * @param folder of the package
 */
export function checkHubClaims(folder: string, architectures: Architectures): void {
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  const section = /## Pretrained models\n([^]*?)\n## /.exec(readme)?.[1] ?? "";
  const names = section.split("\n").map((line) => (line.startsWith("|") ? (line.split("|")[1] ?? "") : line)); // of a table its first column
  const claimed = new Set(
    names
      .join("\n")
      .match(/(?<=`)(?:[A-Z]\w+(?:LM|Model|Generation|Classification|PreTraining)|ssm_cfg)(?=`)/g),
  );
  const hub = join(folder, "fixtures/hub");
  const folders = readdirSync(hub, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const tested = new Set(
    folders.flatMap(({ name }): readonly string[] => {
      const config: unknown = JSON.parse(readFileSync(join(hub, name, "config.json"), "utf8"));
      const { architectures: named } = config as { readonly architectures?: readonly string[] };
      return named ?? Object.keys(config as object).filter((field) => Object.hasOwn(architectures, field));
    }),
  );
  expect([...claimed].toSorted()).toEqual([...tested].toSorted());
  expect(Object.keys(architectures).toSorted()).toEqual([...tested].toSorted());
}

function keepFile(folder: string, bytes: Uint8Array): void {
  const kept = process.env["PELLUCID_WRITE_HUB"];
  if (kept === undefined) return;
  const target = join(kept, ...folder.split(/[/\\]/).slice(-4));
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "model.safetensors"), bytes);
}

// Tokenizers of each kind against Hugging Face's in Python, made by fixtures/hub/every-tokenizer.py.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataError, PretrainedError } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { PretrainedTokenizer } from "@pellucid/transformer";
import { describe, expect, test } from "vitest";

type Row = readonly [ids: readonly number[], plain: readonly number[], text: string];
const { strings, tokenizers } = fixture<{
  strings: readonly string[];
  tokenizers: Record<string, { file: { model: { vocab: object } }; rows: readonly Row[] }>;
}>(import.meta.url, "../fixtures/hub/every-tokenizer.json");

describe.each(Object.entries(tokenizers))("%s", (_, { file, rows }) => {
  const tokenizer = new PretrainedTokenizer(file);

  test(`${strings.length} strings have the tokens and the text that they have in Python`, () => {
    const found = strings.map((text, i) => [
      [...tokenizer.encode(text)],
      [...tokenizer.encode(text, { specialTokens: false })],
      tokenizer.decode(rows[i]?.[1] ?? [], { specialTokens: true }),
    ]);
    expect(found).toEqual(rows);
  });

  test("streamed, its pieces add up to the text, and none ends within a character", async () => {
    for (const [, plain, text] of rows) {
      const pieces: string[] = [];
      for await (const piece of tokenizer.stream(plain, { specialTokens: true })) pieces.push(piece);
      expect(pieces.join("")).toBe(text);
      expect(pieces.slice(0, -1).filter((piece) => piece === "" || piece.endsWith("\ufffd"))).toEqual([]);
    }
  });

  test("it knows its vocabulary, and refuses other tokens", () => {
    expect(tokenizer.vocabSize).toBe(Object.keys(file.model.vocab).length);
    for (const id of [0, tokenizer.vocabSize - 1]) expect(tokenizer.idOf(tokenizer.tokenOf(id))).toBe(id);
    expect(tokenizer.idOf("no such token")).toBeUndefined();
    expect(() => tokenizer.decode([5000])).toThrow(
      new DataError(
        `PretrainedTokenizer: token 5000 is not in the vocabulary, expected 0 to ${tokenizer.vocabSize - 1}.`,
      ),
    );
  });
});

test("special tokens are not shown unless they are asked for, and two texts are a pair", () => {
  const tokenizer = new PretrainedTokenizer(tokenizers["bert"]?.file ?? {});
  const ids = tokenizer.encode("the water", { pair: "people" });
  expect(tokenizer.decode(ids)).toBe("the water people");
  expect(tokenizer.decode(ids, { specialTokens: true })).toBe("[CLS] the water [SEP] people [SEP]");
});

test("other files are refused", () => {
  expect(() => new PretrainedTokenizer({})).toThrow(
    new DataError("PretrainedTokenizer: the file has no model.vocab, expected a tokenizer.json."),
  );
  expect(() => new PretrainedTokenizer({ model: { type: "Other", vocab: {} } })).toThrow(DataError);
  const words = tokenizers["words"]?.file as { model: object };
  const without = { ...words, model: { ...words.model, unk_token: null } };
  expect(() => new PretrainedTokenizer(without).encode("zzz")).toThrow(DataError);
});

test("it is read from a folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pellucid-"));
  await expect(PretrainedTokenizer.load(folder)).rejects.toThrow(
    new PretrainedError(`PretrainedTokenizer: ${folder} has no tokenizer.json.`),
  );
  await writeFile(join(folder, "tokenizer.json"), JSON.stringify(tokenizers["gpt2"]?.file));
  const tokenizer = await PretrainedTokenizer.load(folder);
  expect(tokenizer.decode(tokenizer.encode("The light of the world."))).toBe("The light of the world.");
  await rm(folder, { recursive: true });
});

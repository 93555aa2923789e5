// Byte pairs against Hugging Face's tokenizers.
import { DataError } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { BytePairTokenizer } from "@pellucid/transformer";
import { expect, test } from "vitest";

const { vocab, merges, encoded } = fixture<{
  vocab: Record<string, number>;
  merges: string;
  encoded: { text: string; ids: number[] }[];
}>(import.meta.url, "../fixtures/torch/byte-pairs.json");
const tokenizer = BytePairTokenizer.fromGpt2(vocab, merges);

test.for(encoded)("$text: tokens are Hugging Face's, and give the text again", ({ text, ids }) => {
  expect([...tokenizer.encode(text)]).toEqual(ids);
  expect(tokenizer.decode(ids)).toBe(text);
});

test("it knows how many tokens there are, and refuses what is none, and files that are none", () => {
  expect(tokenizer.vocabSize).toBe(Object.keys(vocab).length);
  expect(() => tokenizer.decode([5000])).toThrow(
    new DataError(`BytePairTokenizer: 5000 stands for none of ${tokenizer.vocabSize} tokens.`),
  );
  expect(() => new BytePairTokenizer({})).toThrow(
    new DataError("BytePairTokenizer: the file has no model.vocab, expected a tokenizer.json."),
  );
});

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

test("it knows the size of its vocabulary, and refuses other tokens and other files", () => {
  expect(tokenizer.vocabSize).toBe(Object.keys(vocab).length);
  expect(() => tokenizer.decode([5000])).toThrow(
    new DataError(
      `BytePairTokenizer: token 5000 is not in the vocabulary, expected 0 to ${tokenizer.vocabSize - 1}.`,
    ),
  );
  expect(() => new BytePairTokenizer({})).toThrow(
    new DataError("BytePairTokenizer: the file has no model.vocab, expected a tokenizer.json."),
  );
});

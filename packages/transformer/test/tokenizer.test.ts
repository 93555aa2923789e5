// Byte pairs against Hugging Face's tokenizers.
import { DataError, streamText } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { BytePairTokenizer } from "@pellucid/transformer";
import { expect, test } from "vitest";

const { vocab, merges, encoded } = fixture<{
  vocab: Record<string, number>;
  merges: string;
  encoded: { text: string; ids: number[] }[];
}>(import.meta.url, "../fixtures/torch/byte-pairs.json");
const tokenizer = BytePairTokenizer.fromGpt2(vocab, merges);

test.for(encoded)("$text: tokens are Hugging Face's, and decode to the text", ({ text, ids }) => {
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

test.for(encoded)(
  "$text: streamed, its pieces are whole characters that add up to the text",
  async ({ text, ids }) => {
    const pieces: string[] = [];
    for await (const piece of streamText(ids, tokenizer)) pieces.push(piece);
    expect(pieces.join("")).toBe(text);
    expect(pieces.filter((piece) => piece === "" || piece.includes("\ufffd"))).toEqual([]);
  },
);

test("an emoji whose bytes are four tokens is given with the last of them", async () => {
  const bytes = [0xf0, 0x9f, 0x98, 0x80];
  const tokens = bytes.map((byte) => ids().find((id) => only(tokenizer.bytesOf(id)) === byte) ?? -1);
  const given: [token: number, piece: string][] = [];
  let count = 0;
  function* read() {
    for (const token of tokens) {
      count++;
      yield token;
    }
  }
  for await (const piece of streamText(read(), tokenizer)) given.push([count, piece]);
  expect(given).toEqual([[4, "😀"]]);
  expect(tokenizer.decode(tokens)).toBe("😀");
});

const ids = () => Object.values(vocab);
const only = (bytes: Uint8Array) => (bytes.length === 1 ? bytes[0] : undefined);

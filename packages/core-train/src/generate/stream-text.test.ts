import { type ByteTokenizer, streamText } from "@pellucid/core-train";
import fc from "fast-check";
import { expect, test } from "vitest";

/** Tokens are positions in a list of parts of a text's bytes. */
function tokenizerOf(parts: readonly Uint8Array[]): ByteTokenizer {
  return { bytesOf: (token) => parts[token] as Uint8Array };
}

const bytes = (text: string) => new TextEncoder().encode(text);

async function pieces(parts: readonly Uint8Array[]): Promise<string[]> {
  const found: string[] = [];
  for await (const piece of streamText(parts.keys(), tokenizerOf(parts))) found.push(piece);
  return found;
}

/** Parts of some lengths. */
const cut = (whole: Uint8Array, size: number) =>
  Array.from({ length: Math.ceil(whole.length / size) }, (_, i) => whole.slice(i * size, (i + 1) * size));

test("a character is given with the last of its tokens, and nothing before", async () => {
  expect(await pieces(cut(bytes("aé€😀"), 1))).toEqual(["a", "é", "€", "😀"]);
});

test("a token may end one character and begin the next: whole characters are given at once", async () => {
  expect(await pieces(cut(bytes("😀😀😀"), 3))).toEqual(["😀", "😀", "😀"]); // 3 + 1 | 2 + 2 | 1 + 3 bytes
  expect(await pieces([bytes("a😀").slice(0, 3), bytes("a😀b").slice(3)])).toEqual(["a", "😀b"]);
});

test("an emoji of several code points comes code point by code point", async () => {
  expect(await pieces(cut(bytes("👩‍👩‍👧"), 2))).toEqual(["👩", "\u200d", "👩", "\u200d", "👧"]);
});

test("a byte order mark stays, and bytes that are not UTF-8 become U+FFFD, also at the end", async () => {
  expect((await pieces(cut(bytes("\ufeffa"), 1))).join("")).toBe("\ufeffa");
  expect(await pieces([Uint8Array.of(0xff), bytes("a"), Uint8Array.of(0xf0, 0x9f)])).toEqual([
    "\ufffd",
    "a",
    "\ufffd",
  ]);
});

test("all pieces together are the text, for any text and any cuts, and no piece splits a surrogate pair", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 5 }), async (text, size) => {
      const found = await pieces(cut(bytes(text), size));
      return found.join("") === text && found.every((piece) => piece !== "" && !/\p{Surrogate}/u.test(piece));
    }),
    { numRuns: 100, seed: 0 },
  );
});

test("stopping stops the tokens too", async () => {
  let stopped = false;
  async function* tokens() {
    try {
      for (;;) yield 0;
    } finally {
      stopped = true;
    }
  }
  for await (const piece of streamText(tokens(), tokenizerOf([bytes("x")]))) {
    expect(piece).toBe("x");
    break;
  }
  expect(stopped).toBe(true);
});

import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serve, startHost } from "@pellucid/testing/host";
import { DatasetError } from "../dataset-error.ts";
import { CharacterVocabulary } from "../text/character-vocabulary.ts";
import { characterText, tinyShakespeare } from "./tiny-shakespeare.ts";

test("a text is numbers by code point, nine tenths of it to train on", () => {
  const { vocabulary, train, validation } = characterText("banana\n𝄞b!");
  expect(vocabulary.characters).toEqual(["\n", "!", "a", "b", "n", "𝄞"]);
  expect([...train]).toEqual([3, 2, 4, 2, 4, 2, 0, 5, 3]); // of ten characters: 𝄞 is one, though two code units
  expect([...validation]).toEqual([1]);
  expect(vocabulary.decode(vocabulary.encode("𝄞nab"))).toBe("𝄞nab");
});

test("what the vocabulary does not have is refused", () => {
  const vocabulary = new CharacterVocabulary("abc");
  expect(() => vocabulary.encode("abd")).toThrow(
    new DatasetError(
      "format",
      'The vocabulary of 3 characters has no "d". Leave it out, or make the vocabulary of a text that has it.',
    ),
  );
  expect(() => vocabulary.decode([0, 3])).toThrow(
    new DatasetError("format", "3 stands for none of 3 characters."),
  );
});

test("it comes from a folder under either name, or from a host that is checked", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pellucid-"));
  try {
    await writeFile(join(folder, "input.txt"), "to be");
    expect((await tinyShakespeare({ folder })).vocabulary.size).toBe(5);
    await writeFile(join(folder, "tinyshakespeare.txt"), "or not");
    expect((await tinyShakespeare({ folder })).vocabulary.characters).toContain("r");
    await using host = await startHost(serve(new TextEncoder().encode("to be")));
    await expect(tinyShakespeare({ url: host.url, cache: null })).rejects.toMatchObject({ code: "checksum" });
    const unchecked = await tinyShakespeare({ url: host.url, cache: null, verify: false });
    expect(unchecked.train).toHaveLength(4);
  } finally {
    await rm(folder, { recursive: true });
  }
});

const real = join(
  process.env["PELLUCID_DATA"] ?? join(import.meta.dirname, "../../../../../shared/data"),
  "text",
);

test.skipIf(!existsSync(real))("the whole has 65 characters, 1,003,854 to train on", async () => {
  const { vocabulary, train, validation } = await tinyShakespeare({ folder: real });
  expect([vocabulary.size, train.length, validation.length]).toEqual([65, 1_003_854, 111_540]);
  expect(vocabulary.decode(train.subarray(0, 14))).toBe("First Citizen:");
});

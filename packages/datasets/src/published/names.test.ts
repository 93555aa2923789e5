import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { batches, DataError, Rng } from "@pellucid/core-train";
import { expect, test } from "vitest";
import { DatasetError } from "../dataset-error.ts";
import { CharacterVocabulary } from "../text/character-vocabulary.ts";
import { foldAccents } from "../text/fold-accents.ts";
import { padSequences } from "../text/pad-sequences.ts";
import { names, namesByLanguage } from "./names.ts";

async function inFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  body: (folder: string) => Promise<void>,
) {
  const folder = await mkdtemp(join(tmpdir(), "pellucid-"));
  try {
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("the course's split is read packed or not, countries in the order of their names", async () => {
  const train = gzipSync('"Adsit","Czech"\r\n"Abe","Japanese"\r\n"O\'Neal","Czech"\r\n');
  const files = { "names_train.csv.gz": train, "names_test.csv": '"Baba","Japanese"\n"Dvorak","Czech"\n' };
  await inFolder(files, async (folder) => {
    const { train, test } = await names({ folder });
    expect(train.classes).toEqual(["Czech", "Japanese"]);
    expect(train.texts).toEqual(["Adsit", "Abe", "O'Neal"]);
    expect([...train.labels.data]).toEqual([0, 1, 0]);
    expect(test.get(0)).toEqual({ x: "Baba", y: 1 });
    expect(train.take([2, 0]).texts).toEqual(["O'Neal", "Adsit"]);
    expect(() => train.get(3)).toThrow("Dataset: item 3 does not exist, there are 3.");
  });
});

test("lines of another form, and countries that are in one part only, are refused", async () => {
  const wrong = { "names_train.csv": '"Abe","Japanese"\nAdsit\n', "names_test.csv": '"Abe","Japanese"\n' };
  await inFolder(wrong, (folder) =>
    expect(names({ folder })).rejects.toThrow(
      new DatasetError("format", 'names_train.csv.gz: line 2 is Adsit, expected "name","country".'),
    ),
  );
  const other = { "names_train.csv": '"Abe","Japanese"\n', "names_test.csv": '"Adsit","Czech"\n' };
  await inFolder(other, (folder) =>
    expect(names({ folder })).rejects.toThrow("names_train.csv.gz has the countries Japanese, names_test"),
  );
});

test("a folder with a file for each language gives its names in ASCII", async () => {
  const files = { "Polish.txt": "Marszałek\nŚlusàrski\n\n", "German.txt": "Groß\n" };
  await inFolder(files, async (folder) => {
    const all = await namesByLanguage(folder);
    expect(all.classes).toEqual(["German", "Polish"]);
    expect(all.texts).toEqual(["Gross", "Marszalek", "Slusarski"]);
    expect([...all.labels.data]).toEqual([0, 1, 1]);
  });
  await inFolder({ "a.csv": "" }, (folder) =>
    expect(namesByLanguage(folder)).rejects.toMatchObject({ code: "missing" }),
  );
});

test("accents fold to ASCII; what is of no Latin letter is left out", () => {
  expect(foldAccents("Ñúñez-Pérez, Åsa Øye, Đặng; Ærø ß 𝄞王!")).toBe("Nunez-Perez, Asa Oye, Dang; AEro ss !");
});

test("sequences are padded at their end, as PyTorch's pad_sequence does", () => {
  const { x, lengths } = padSequences([[1, 2, 3], Int32Array.of(4), []], { value: -1 });
  expect([...x.data]).toEqual([1, 2, 3, 4, -1, -1, -1, -1, -1]);
  expect([x.shape, lengths]).toEqual([
    [3, 3],
    [3, 1, 0],
  ]);
  expect(() => padSequences([])).toThrow(
    new DataError("padSequences: there is no sequence, expected one at least."),
  );
});

test("ASCII is a vocabulary whose numbers are the codes", () => {
  const ascii = CharacterVocabulary.ascii();
  expect([...ascii.encode("Abe'")]).toEqual([65, 98, 101, 39]);
  expect(() => ascii.encode("Abé")).toThrow('The vocabulary of 128 characters has no "é".');
});

const real = join(
  process.env["PELLUCID_DATA"] ?? join(import.meta.dirname, "../../../../../shared/data"),
  "names",
);

test.skipIf(!existsSync(real))("the whole has 18 countries, and comes in batches with lengths", async () => {
  const { train, test: unseen } = await names({ folder: real });
  expect([train.length, unseen.length, train.classes.length]).toEqual([13_374, 6_700, 18]);
  const russian = unseen.labels.data.filter((y) => unseen.classes[y] === "Russian").length;
  expect(russian / unseen.length).toBeCloseTo(0.468, 2);
  expect((await namesByLanguage(real)).length).toBe(20_050); // the split has "To The First Page" 24 times
  const ascii = CharacterVocabulary.ascii();
  const collate = (items: { x: string; y: number }[]) => ({
    ...padSequences(items.map(({ x }) => ascii.encode(x))),
    y: { data: Int32Array.from(items, ({ y }) => y), shape: [items.length] as const },
  });
  for await (const batch of batches(train, { size: 256, shuffle: true, rng: new Rng(0), collate })) {
    expect(batch.x.shape).toEqual([256, Math.max(...batch.lengths)]);
    expect(batch.y.shape).toEqual([256]);
    break;
  }
});

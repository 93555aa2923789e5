import { checkArguments, checkOptions } from "@pellucid/core-train";
import { DatasetError } from "../dataset-error.ts";
import type { PublishedFile } from "../download/published-file.ts";
import { namesIn, readFromFolder, readSource } from "../download/read-source.ts";
import type { SourceOptions } from "../download/source-options.ts";
import { gunzip, isGzip } from "../formats/gunzip.ts";
import { type LabeledTexts, labeledTexts } from "../labeled-texts.ts";
import type { Splits } from "../splits.ts";
import { foldAccents } from "../text/fold-accents.ts";

const files = {
  train: {
    name: "names_train.csv.gz",
    dataset: "names",
    size: 50_237,
    sha256: "49b4bf41dce5bfeac989b46ca37cf7baccd9a0d2a855df82f86de67a9376268f",
  },
  test: {
    name: "names_test.csv.gz",
    dataset: "names",
    size: 27_541,
    sha256: "57d7758db533a42c99d513b2341a7e7b0f55c1e0e7d233b1ef6a4fa2f1adf753",
  },
} as const satisfies Splits<PublishedFile>;

const hosts = ["https://raw.githubusercontent.com/hunkim/PyTorchZeroToAll/master/data/"];

/**
 * Family names by country: 13,374 to train on and 6,700 to test on, of 18 countries, in ASCII. Nearly half are Russian, and 3 % of
 * those to test on are among those to train on.
 *
 * Robertson, 2017. https://docs.pytorch.org/tutorials/intermediate/char_rnn_classification_tutorial.html; the split is Kim's,
 * https://github.com/hunkim/PyTorchZeroToAll
 *
 * @throws DatasetError where the files cannot be had
 */
export async function names(options: SourceOptions = {}): Promise<Splits<LabeledTexts>> {
  checkOptions("names", options, [
    "folder",
    "url",
    "cache",
    "verify",
    "onProgress",
    "signal",
    "timeout",
    "headers",
  ]);
  const [train, test] = await Promise.all([files.train, files.test].map((file) => rowsOf(file, options)));
  const [a, b] = [labeledTexts(train ?? []), labeledTexts(test ?? [])];
  if (a.classes.join() !== b.classes.join())
    throw new DatasetError(
      "format",
      `${files.train.name} has the countries ${a.classes.join(", ")}, ${files.test.name} has ${b.classes.join(", ")}: expected the same.`,
    );
  return { train: a, test: b };
}

/** The rows of a table whose cells are in quotes, `"name","country"`. */
async function rowsOf(file: PublishedFile, options: SourceOptions): Promise<[string, string][]> {
  const bytes = await readSource(file, hosts, options);
  const text = new TextDecoder().decode(isGzip(bytes) ? await gunzip(bytes, { name: file.name }) : bytes);
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  return lines.map((line, i) => {
    const [, name, country] = /^"([^"]+)","([^"]+)"$/.exec(line) ?? [];
    if (name !== undefined && country !== undefined) return [name, country];
    throw new DatasetError(
      "format",
      `${file.name}: line ${i + 1} is ${line.slice(0, 60)}, expected "name","country".`,
    );
  });
}

/**
 * Names by language from a folder that has a file for each, `Arabic.txt`, …, with a name a line, as PyTorch's tutorial has them in its
 * `data.zip`. Names are given in ASCII, as {@link foldAccents} writes them.
 *
 * @throws DatasetError where the folder has no such file
 */
export async function namesByLanguage(folder: string): Promise<LabeledTexts> {
  checkArguments("namesByLanguage", { text: { folder } });
  const found = (await namesIn(folder)).filter((name) => name.endsWith(".txt")).toSorted();
  if (found.length === 0)
    throw new DatasetError("missing", `${folder} has no file of names, such as Arabic.txt.`);
  const byFile = found.map(async (file) => {
    const lines = new TextDecoder().decode(await readFromFolder(folder, [file])).split(/\r?\n/);
    const all = lines.map((line) => foldAccents(line.trim())).filter((name) => name !== "");
    return all.map((name): [string, string] => [name, file.replace(/\.txt$/, "")]);
  });
  return labeledTexts((await Promise.all(byFile)).flat());
}

// The README claims that weights of torchvision load into these: each is a case of models.json, whose weights every-model.test.ts loads, and each case is named.
import { readFileSync } from "node:fs";
import * as cnn from "@pellucid/cnn";
import { Rng, withoutInit } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { expect, test } from "vitest";

const { cases } = fixture<{ cases: { readonly name: string; readonly parameters: number }[] }>(
  import.meta.url,
  "../fixtures/torch/models.json",
);
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

interface Row {
  readonly title: string;
  readonly names: readonly string[];
  readonly counts: readonly number[];
}

/** The functions that a cell names; `a` … `b` are all exports that differ from these in their size. */
function namesIn(cell: string): readonly string[] {
  const all = Object.keys(cnn);
  return cell.split(", ").flatMap((part) => {
    const [first = "", last] = [...part.matchAll(/`(\w+)`/g)].map(([, name]) => name as string);
    if (last === undefined) return [first];
    const same = Array.from(first, (letter, i) => letter === last[i]).indexOf(false);
    const stem = first.slice(0, same).replace(/\d+$/, "");
    const end = /[A-Za-z]*$/.exec(last)?.[0] ?? "";
    const size = new RegExp(`^${stem}[\\d_]+(?:${end === "" ? "" : end.replace(/^[mg]f$/, "[mg]f")})$`);
    return all.filter((name) => size.test(name));
  });
}

const rows: readonly Row[] = readme
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter((cells) => cells.length === 5 && /`/.test(cells[2] ?? ""))
  .map(([, title = "", cell = "", counts = ""]) => ({
    title,
    names: namesIn(cell),
    counts: [...counts.matchAll(/\d[\d,]+/g)].map(([digits]) => Number(digits.replaceAll(",", ""))),
  }));

/** `regnet_x_1_6gf` -> `regnetx1_6gf` */
const plain = (name: string): string => name.replace(/(?<!\d)_|_(?!\d)/g, "").toLowerCase();
const counted = new Map(cases.map(({ name, parameters }) => [plain(name.replace(/_100$/, "")), parameters]));
/** Small nets of our own, and functions that make no model. */
const own = new Set(["digits", "small color images"]);
const tools = new Set(["compoundScaling", "regNetStages"]);
/** largest-regnet.test.ts has its number of parameters: its weights are 2.6 GB. */
const largest = "regnety128gf";

test("each model of the table is exported, and is torchvision's or timm's by a case", () => {
  const claimed = rows.filter(({ title }) => !own.has(title)).flatMap(({ names }) => names);
  expect(claimed.every((name) => Object.hasOwn(cnn, name))).toBe(true);
  const models = claimed.filter((name) => !tools.has(name)).map(plain);
  expect(models.toSorted()).toEqual([...counted.keys(), largest].toSorted());
});

const withoutHeads = {
  GoogLeNet: () => new cnn.GoogLeNet({ rng: new Rng(0), auxLogits: false }),
  "Inception v3": () => new cnn.InceptionV3({ rng: new Rng(0), auxLogits: false }),
};
const sizeOfModel = (make: () => cnn.GoogLeNet | cnn.InceptionV3): number => {
  const model = withoutInit(make);
  const size = [...model.namedParameters()].reduce((sum, [, { size: count }]) => sum + count, 0);
  model.dispose();
  return size;
};

test.each(rows.filter(({ title }) => !own.has(title)).map((row) => [row.title, row] as const))(
  "%s: the table has the reference's numbers of parameters",
  (title, { names, counts }) => {
    const all = names
      .filter((name) => !tools.has(name))
      .map((name) => counted.get(plain(name)) ?? 644_812_894);
    const make = (withoutHeads as Readonly<Record<string, () => cnn.GoogLeNet | cnn.InceptionV3>>)[title];
    if (make !== undefined) expect(counts).toEqual([...all, sizeOfModel(make)]);
    else if (counts.length === all.length) expect(counts).toEqual(all);
    else expect(counts).toEqual([Math.min(...all), Math.max(...all)]);
  },
);

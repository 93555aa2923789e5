import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as core from "@pellucid/core-train";
import { expect, test } from "vitest";
import { type Counterpart, functional, nn, optim } from "./torch-names.ts";

const root = join(import.meta.dirname, "..");
const names = readFileSync(join(root, "packages/core-train/fixtures/torch/names.json"), "utf8");
const torch = JSON.parse(names) as Record<"torch.nn" | "torch.nn.functional" | "torch.optim", string[]>;

/** A library of PyTorch: its names, how they are written here where nothing else is said, and what is said. */
const libraries = {
  "torch.nn": { rule: (name: string) => (name.endsWith("Loss") ? uncapitalized(name) : name), said: nn },
  "torch.nn.functional": { rule: camel, said: functional },
  "torch.optim": { rule: (name: string) => (name === "Optimizer" ? name : name.toLowerCase()), said: optim },
} as const;

const tables = Object.entries(libraries).map(([library, { rule, said }]) => {
  const all = torch[library as keyof typeof libraries];
  const rows = all.map((name) => ({ name, counterpart: said[name] ?? ([rule(name), ""] as Counterpart) }));
  return { library, rows, unknown: Object.keys(said).filter((name) => !all.includes(name)) };
});

test.each(tables)("each name of $library is here, or it is said why not", ({ rows, unknown }) => {
  expect(unknown).toEqual([]);
  for (const { name, counterpart } of rows) {
    const [ours, note] = counterpart;
    if (ours === null) expect(note, name).not.toBe("");
    else expect(Object.keys(core), `${name} is said to be ${ours}`).toContain(ours);
  }
});

test.each(tables)("each function that a note on $library names is exported", ({ rows }) => {
  const notes = rows.flatMap(({ counterpart: [, note] }) => [
    ...note.matchAll(/`(\w+WithIndices|with\w+)`/g),
  ]);
  expect(notes.filter(([, name = ""]) => !(name in core))).toEqual([]);
});

test("docs/tables/torch-nn.md is made of them", async () => {
  const text = tables.flatMap(({ library, rows }) => [
    `## ${library}`,
    "",
    "| PyTorch | here | |",
    "| --- | --- | --- |",
    ...rows.map(
      ({ name, counterpart: [ours, note] }) =>
        `| \`${name}\` | ${ours === null ? "–" : `\`${ours}\``} | ${note} |`,
    ),
    "",
  ]);
  await expect([...introduction, ...text].join("\n")).toMatchFileSnapshot("../docs/tables/torch-nn.md");
});

const introduction = [
  "# From PyTorch's names to ours",
  "",
  "Each name of PyTorch 2.13 in these libraries, and what it is called in `@pellucid/core-train`. `test/torch-nn.test.ts` writes this table",
  "(`vitest run --project root test/torch-nn.test.ts -u`) and checks that every name on the right is exported. Layouts differ: channels, features and",
  "classes are the last axis here, and the batch is the first. Losses and optimizers are functions.",
  "",
];

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function uncapitalized(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

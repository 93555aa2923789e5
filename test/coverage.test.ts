import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const docs = join(import.meta.dirname, "../docs");
const text = readFileSync(join(docs, "coverage.md"), "utf8");
const rows = [...text.matchAll(/^\| ([A-Z]{1,2}\d+) \|/gm)].map((match) => match[1] as string);

test("every row of the mission is there, once", () => {
  expect(rows).toHaveLength(223);
  expect(new Set(rows).size).toBe(223);
});

test("every row names an export or an example, and a test or a story", () => {
  const bare = [...text.matchAll(/^\| ([A-Z]{1,2}\d+) \| (.*) \|$/gm)].filter(([, , cells = ""]) => {
    const [test = "", example = ""] = cells.split(" | ").slice(-2);
    const isEmpty = (cell: string) => !cell.includes("](");
    return isEmpty(cells) || (isEmpty(test) && isEmpty(example));
  });
  expect(bare.map(([, id]) => id)).toEqual([]);
});

test("every file that a row names exists", () => {
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] as string);
  expect(links.filter((link) => !existsSync(join(docs, link)))).toEqual([]);
});

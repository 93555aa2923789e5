import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findRefusedWords } from "./words/find-refused-words.ts";

const root = join(import.meta.dirname, "..");
const tracked = ["ls-files", "--cached", "--others", "--exclude-standard"];
const files = execFileSync("git", tracked, { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && !/pnpm-lock|CHANGELOG|fixtures\/.*\.json$/u.test(file));

test("no file or its name has a word that docs/glossary.md replaces", () => {
  const found = files.flatMap((file) =>
    findRefusedWords(file, read(file)).map(
      ({ line, found: word, instead }) => `${file}:${line}: "${word}", write: ${instead}`,
    ),
  );
  expect(found).toEqual([]);
});

/** The text of a file; none of pictures, weights and files that were just deleted. */
function read(file: string): string {
  if (!/\.(?:ts|mts|mjs|js|md|mdx|py)$/u.test(file)) return "";
  return readFileSync(join(root, file), "utf8");
}

const wordsIn = (path: string, source: string) => findRefusedWords(path, source).map(({ found }) => found);

describe("the search", () => {
  test.each([
    ["const lstmMoment = 1;", "lstmMoment"],
    ["f(who);", "who"],
    ["const half = a / places2 / b;", "places2"],
    ["/** The gradient at each\n * place. */", "place"],
    ["// where the slope is 0", "slope"],
    ['throw new Error("the states at all moments");', "moments"],
    ["const text = `at ${i} of the places`;", "places"],
    ["const text = `${`a place`}`;", "place"],
    ['const key = "lies";', "lies"],
    ["const quote = /[\"'`]/; // a place", "place"],
    ["expect(f).toThrow(/at no place/);", "place"],
  ])("finds in %s", (source, word) => {
    expect(wordsIn("a.ts", source)).toEqual([word]);
  });

  test.each([
    "const negativeSlope = replace(placeholder);",
    "// done in place; this takes place of nothing",
    "/** Adam's first and second moments. */",
    'import { x } from "./places.ts";',
    "const half = a / b / c; // who asks",
    "// leaky: negative_slope",
  ])("passes %s", (source) => {
    expect(wordsIn("a.ts", source)).toEqual([]);
  });

  test("says on which line", () => {
    expect(findRefusedWords("a.ts", "\n/**\n * A\n * place.\n */")).toMatchObject([{ line: 4 }]);
  });

  test("reads names of files, pages and Python", () => {
    expect(wordsIn("src/pass-on.ts", "")).toEqual(["pass-on.ts"]);
    expect(wordsIn("a.md", "See [this](places.md): the slope of `lstmMoment`.")).toEqual([
      "slope",
      "lstmMoment",
    ]);
    expect(wordsIn("a.py", "# a place\nmoments = 'x y'")).toEqual(["place", "moments"]);
  });
});

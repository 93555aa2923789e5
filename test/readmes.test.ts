import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readmesWithSizes } from "../tools/readme-sizes.ts";
import { readmeExpectations } from "../tools/packed/readme-expectations.ts";
import { readmePrograms } from "../tools/packed/readme-programs.ts";

const root = join(import.meta.dirname, "..");
const repository = "https://github.com/pellucid-js/pellucid";
const linksIn = (readme: string): readonly string[] =>
  [...readFileSync(join(root, readme), "utf8").matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);

// tools/packed.ts compiles and runs them.
describe("the programs of READMEs", () => {
  const programs = readmePrograms();

  test("are found in every README", () => {
    const shown = programs
      .filter(({ name }) => name.endsWith("-1") && !name.startsWith("guide-"))
      .map(({ name }) => name.replace("-1", ""));
    const readmes = globSync("packages/*/README.md", { cwd: root }).map((path) => path.split(/[\\/]/)[1]);
    expect(shown.toSorted()).toEqual([...readmes, "pellucid"].toSorted());
  });

  test("begin with lines that are not shown, or with the program before, where they say so", () => {
    const source = (name: string) => programs.find((program) => program.name === name)?.source;
    expect(source("pellucid-2")).toMatch(
      /^import [^]*new DigitsCnn[^]*import { Optimizer[^]*trainStep\(model/,
    );
    expect(source("rnn-2")).toMatch(/^import [^]*const lstm = [^]*lstm\.step\(part, state\)/);
  });

  test("are known to those that say what they print", () => {
    const known = programs.map(({ name }) => name);
    expect(known).toEqual(expect.arrayContaining(readmeExpectations.map(({ program }) => program)));
  });
});

test.each(globSync("packages/*/README.md", { cwd: root }))(
  "%s has absolute links, since npm shows it elsewhere",
  (readme) => {
    const links = linksIn(readme);
    expect(links.filter((link) => !/^(#|https:\/\/|http:\/\/karpathy\.github\.io)/.test(link))).toEqual([]);
    const ours = links.filter((link) => link.startsWith(`${repository}/`));
    const paths = ours.map((link) =>
      link.slice(repository.length).replace(/^\/(?:blob|tree|raw)\/main\//, ""),
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);

test.each(globSync("packages/*/README.md", { cwd: root }))(
  "%s has one picture, of 60 kB at most",
  (readme) => {
    const pictures = [...readFileSync(join(root, readme), "utf8").matchAll(/!\[[^\]]+\]\(([^)\s]+)\)/g)];
    expect(pictures).toHaveLength(1);
    const path = pictures[0]?.[1]?.replace(`${repository}/raw/main/`, "") ?? "";
    expect(statSync(join(root, path)).size).toBeLessThan(60_000);
  },
);

test("README.md links to files that exist", () => {
  const paths = linksIn("README.md").filter((link) => !link.startsWith("https://"));
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test.each(readmesWithSizes())(
  "the README of $folder says only costs that .size-limit.json has",
  ({ path, text }) => {
    const [, section = ""] = readFileSync(path, "utf8").split("\n## Size\n");
    const said = section.match(/^\| .* kB \|$/gm) ?? [];
    expect(said.filter((line) => !text.includes(line))).toEqual([]); // node tools/readme-sizes.ts writes them
  },
);

test("guides say only costs that .size-limit.json has", () => {
  const limits = new Set(readFileSync(join(root, ".size-limit.json"), "utf8").match(/[\d.]+ kB/g));
  const said = globSync("docs/site/guides/*.md", { cwd: root }).flatMap(
    (guide) => readFileSync(join(root, guide), "utf8").match(/[\d.]+ kB/g) ?? [],
  );
  expect(said.length).toBeGreaterThan(0);
  expect(said.filter((cost) => !limits.has(cost))).toEqual([]);
});

test("git keeps the results of benchmarks", () => {
  const ignored = () =>
    execFileSync("git", ["check-ignore", "bench/results/today.json"], { cwd: root, stdio: "pipe" });
  expect(ignored).toThrow(expect.objectContaining({ status: 1 })); // which is git's word for "not ignored"
});

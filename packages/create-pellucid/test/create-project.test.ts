import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProject, ProjectError, type TemplateName, templates } from "create-pellucid";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nextCommands } from "../src/next-commands.ts";

// tools/packed/templates.ts installs, builds and runs what is created.
const home = join(import.meta.dirname, "..");
const names = Object.keys(templates) as TemplateName[];
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "create-pellucid-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const manifestOf = (path: string) =>
  JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as {
    name: string;
    scripts: Record<string, string>;
    dependencies: Record<string, string>;
  };

test("every folder of templates is a template", () => {
  expect(readdirSync(join(home, "templates")).toSorted()).toEqual(names.toSorted());
});

test("the README lists each template, and what it is for", () => {
  const readme = readFileSync(join(home, "README.md"), "utf8");
  for (const name of names) expect(readme).toMatch(new RegExp(`\\| \`${name}\` \\|`));
});

describe.each(names)("%s", (template) => {
  test("is copied whole, named after its folder, and asks for this release", () => {
    const path = createProject(join(folder, "My Net!"), { template });
    const { name, scripts, dependencies } = manifestOf(path);
    const { version } = manifestOf(home) as unknown as { version: string };
    expect(name).toBe("my-net");
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["start", "check"]));
    expect(dependencies["@pellucid/core-train"]).toBe(`^${version}`);
    expect(JSON.stringify(dependencies)).not.toContain('"release"');
    expect(readFileSync(join(path, ".gitignore"), "utf8")).toContain("node_modules");
    expect(existsSync(join(path, "_gitignore"))).toBe(false);
    expect(existsSync(join(path, "README.md"))).toBe(true);
  });
});

test.each([
  ["a b", "a-b"],
  ["Ünet", "net"],
  ["_x.y", "x.y"],
  ["数字", "pellucid-app"],
])("a folder %s becomes the package %s", (given, name) => {
  expect(manifestOf(createProject(join(folder, given), { template: "node" })).name).toBe(name);
});

test("a folder with nothing but a repository is empty", () => {
  mkdirSync(join(folder, ".git"));
  expect(createProject(folder, { template: "node" })).toBe(folder);
});

test("a folder that is not empty is refused, and stays as it is", () => {
  writeFileSync(join(folder, "a.txt"), "");
  expect(() => createProject(folder, { template: "node" })).toThrow(
    new ProjectError(`${folder} is not empty (a.txt): name a new or an empty folder.`),
  );
  expect(readdirSync(folder)).toEqual(["a.txt"]);
});

test("a file is refused", () => {
  writeFileSync(join(folder, "a.txt"), "");
  expect(() => createProject(join(folder, "a.txt"), { template: "node" })).toThrow(/is a file/);
});

test("an unknown template is refused, and nothing is written", () => {
  const wrong = "vue" as TemplateName;
  expect(() => createProject(join(folder, "x"), { template: wrong })).toThrow(
    'There is no template "vue": there are browser, node, worker, react, next, electron, deno, bun, storybook.',
  );
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ["", "npm"],
  ["npm/11.0.0 node/v24.0.0", "npm"],
  ["pnpm/10.0.0 npm/? node/v24.0.0", "pnpm"],
  ["yarn/1.22.0 npm/? node/v24.0.0", "yarn"],
  ["bun/1.2.0 npm/? node/v24.0.0", "bun"],
])("the next commands are those of %j", (agent, manager) => {
  expect(nextCommands(join(process.cwd(), "a b"), agent)).toEqual([
    'cd "a b"',
    `${manager} install`,
    `${manager} start`,
  ]);
  expect(nextCommands(process.cwd(), agent)).toHaveLength(2);
});

describe("the program", () => {
  const run = (args: readonly string[], input = "") =>
    execFileSync("node", [join(home, "src/bin/create-pellucid.ts"), ...args], {
      cwd: folder,
      input,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, npm_config_user_agent: "npm/11" },
    });

  test("asks nothing that was given, and prints the next commands", () => {
    const printed = run(["net", "--template", "worker"]);
    expect(printed).toMatch(/Next:\n\n {2}cd net\n {2}npm install\n {2}npm start\n/);
    expect(printed).not.toContain("?");
    expect(manifestOf(join(folder, "net")).name).toBe("net");
  });

  test("asks for what was not given: a number or a name, or nothing for the default", () => {
    expect(run([], "one\n2\n")).toMatch(/Folder\? \(my-net\)[^]*Template\? \(browser\)/);
    expect(existsSync(join(folder, "one/src/predict.ts"))).toBe(true);
    run(["-t", "react"], "\n");
    expect(existsSync(join(folder, "my-net/src/app.tsx"))).toBe(true);
    run(["two"], "storybook\n");
    expect(existsSync(join(folder, "two/.storybook/main.ts"))).toBe(true);
  });

  test.each([
    [["--template", "vue"], 'There is no template "vue"'],
    [["a", "b"], "One folder is expected, not a and b."],
    [["--tempalte", "node"], "Unknown option '--tempalte'"],
    [["a"], "the input ended before an answer"],
  ])("%j fails and says why", (args, message) => {
    expect(() => run(args)).toThrow(
      expect.objectContaining({ status: 1, stderr: expect.stringContaining(message) as string }),
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test("--help lists the templates", () => {
    for (const name of names) expect(run(["--help"])).toContain(name);
  });
});

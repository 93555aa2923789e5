// Runs every check through turbo, which replays what has not changed and continues after one that failed, and closes with what failed and one line of all counts.
import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

const tasks = [
  "lint",
  "typecheck",
  "build",
  "test",
  "test:root",
  "test:examples",
  "test:browser",
  "test:stories",
  "check:package",
  "size",
  "test:packed",
  "build:storybook",
  "build:docs",
];

const turbo = spawn("turbo", ["run", "--concurrency=1", "--continue=dependencies-successful", ...tasks], {
  stdio: ["ignore", "pipe", "inherit"],
  shell: process.platform === "win32", // there npm's programs are command files, which only a shell starts
});
const count = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
let rest = "";

turbo.stdout.setEncoding("utf8").on("data", (text: string) => {
  process.stdout.write(text);
  const lines = (rest + text).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const plain = stripVTControlCharacters(line);
    if (/(?:^|: )\s*(?:not ok|FAIL|ERROR) /u.test(plain)) failures.push(plain);
    const found = /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(line);
    if (found === null) continue;
    count.passed += Number(found[1]);
    count.failed += Number(found[2]);
    count.skipped += Number(found[3] ?? 0);
  }
});

turbo.on("close", (code) => {
  // A check without counts of its own, such as the type checker, that fails counts as one.
  if (code !== 0 && count.failed === 0) count.failed = 1;
  if (failures.length > 0) console.log(`What failed:\n${failures.join("\n")}`);
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
  console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
  process.exitCode = code ?? 1;
});

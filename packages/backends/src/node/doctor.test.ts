import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BackendState } from "../diagnose.ts";
import { describeDiagnosis, type Diagnosis } from "./doctor.ts";

const program = join(import.meta.dirname, "../bin/backends.ts");
const run = (...args: string[]) =>
  execFileSync(process.execPath, [program, ...args], { encoding: "utf8", stdio: "pipe" });

test("the doctor says of each backend whether it works, for programs and for people", () => {
  const found = JSON.parse(run("doctor", "--json")) as Diagnosis;
  expect(found.node).toBe(process.version);
  expect(found.backends.map(({ name }) => name)).toEqual(["cuda", "webgpu", "native", "wasm", "cpu"]);
  for (const { works, reason, facts } of found.backends) {
    if (works) expect(facts["tfjs-core"]).toBe("4.22.0");
    else expect(reason).toMatch(/\w+ .*\w+/);
  }
  expect(found.backends.slice(3)).toMatchObject([
    { works: true, isTaken: true, reason: null, facts: { "tfjs-backend-wasm": "4.22.0" } },
    { works: true, isTaken: true, reason: null, facts: { "tfjs-backend-cpu": "4.22.0" } },
  ]);
  const text = describeDiagnosis(found);
  expect(text).toContain(`useBackend() takes ${found.chosen} here.`);
  expect(text).toMatch(
    /native +no +@tensorflow\/tfjs-node is not installed: npx @pellucid\/backends setup cpu/,
  );
});

test("a backend that ends its process is a line like the others", () => {
  const backends: BackendState[] = [
    { name: "cuda", works: false, isTaken: false, reason: "it ended the process (SIGSEGV)", facts: {} },
  ];
  const found: Diagnosis = {
    node: "v24",
    platform: "linux x64",
    chosen: "cpu",
    backends,
    nvidia: [],
    softwareVulkan: null,
  };
  expect(describeDiagnosis(found)).toContain("  cuda  no     it ended the process (SIGSEGV)");
});

test("what is not understood is answered with how it is used", () => {
  expect(() => run("heal")).toThrow("npx @pellucid/backends doctor [--json]");
});

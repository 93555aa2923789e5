import { execFileSync, spawnSync } from "node:child_process";
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
    forced: null,
    chosen: "cpu",
    backends,
    nvidia: [],
    softwareVulkan: null,
  };
  expect(describeDiagnosis(found)).toContain("  cuda  no     it ended the process (SIGSEGV)");
});

test.for([
  ["cpu", "cpu", "useBackend() takes cpu here, since PELLUCID_BACKEND is cpu.", 0],
  ["wasm", "wasm", "useBackend() takes wasm here, since PELLUCID_BACKEND is wasm.", 0],
  ["cuda", null, "useBackend() fails here, since PELLUCID_BACKEND is cuda, which does not work here.", 1],
  ["native", null, "useBackend() fails here, since PELLUCID_BACKEND is native, which does not work here.", 1],
  [
    "abacus",
    null,
    "useBackend() fails here, since PELLUCID_BACKEND is abacus, which is not a backend: expected one of cuda, webgpu, native, wasm, cpu.",
    1,
  ],
] as const)(
  "under PELLUCID_BACKEND=%s the doctor says what useBackend does",
  ([forced, chosen, text, exit]) => {
    const { stdout, status } = spawnSync(process.execPath, [program, "doctor", "--json"], {
      encoding: "utf8",
      env: { ...process.env, PELLUCID_BACKEND: forced },
    });
    const found = JSON.parse(stdout) as Diagnosis;
    expect([found.forced, found.chosen, status]).toEqual([forced, chosen, exit]);
    expect(found.backends.filter(({ works }) => works).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["wasm", "cpu"]),
    );
    expect(describeDiagnosis(found)).toContain(text);
  },
);

test("help is printed when asked for, and unknown words end with exit status 2", () => {
  const call = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  for (const args of [["--help"], ["help"], ["doctor", "-h"]]) {
    const { stdout, status } = call(...args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^npx @pellucid\/backends doctor/);
  }
  for (const [args, message] of [
    [["heal"], "there is no command heal"],
    [["doctor", "now"], "there is no command doctor now"],
    [["setup", "tpu"], "there is no command setup tpu"],
    [["doctor", "--jsn"], "Unknown option '--jsn'"],
    [[], "no command was given"],
  ] as const) {
    const { stderr, status } = call(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain("npx @pellucid/backends doctor [--json]");
    expect(stderr).not.toContain("    at ");
  }
});

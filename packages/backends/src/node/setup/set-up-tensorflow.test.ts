import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Diagnosis } from "../doctor.ts";

// The whole way for real: install tfjs-node, fetch TensorFlow's wheel, compile, train, take it all away again. It needs the
// 270 MB of the wheel, a compiler and python3; without these it says that it was not run.

const program = join(import.meta.dirname, "../../bin/backends.ts");
const folder = mkdtempSync(join(tmpdir(), "pellucid-setup-"));
const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache") };
const run = (args: readonly string[], command = process.execPath) =>
  execFileSync(command, args, { cwd: folder, env, encoding: "utf8", stdio: "pipe" });
afterAll(() => rmSync(folder, { recursive: true, force: true }), 120_000); // half a gigabyte, perhaps on a busy disk

const missing = whyNot();
describe.skipIf(missing !== null)(
  `setup cpu${missing === null ? "" : `, which was not run: ${missing}`}`,
  () => {
    beforeAll(() => {
      writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
      run([program, "setup", "cpu", "--wheel", folder]);
    }, 300_000);

    test("TensorFlow's library is the best backend then, and the doctor says so", () => {
      const { chosen, backends } = JSON.parse(run([program, "doctor", "--json"])) as Diagnosis;
      expect(chosen).toBe("native");
      expect(backends.find(({ name }) => name === "native")).toMatchObject({
        works: true,
        facts: { "tfjs-node": "4.22.0", libtensorflow: "2.21.0" },
      });
    });

    test("it computes, and rounds integers to themselves", () => {
      const use = new URL("../../use-backend.ts", import.meta.url).href;
      const core = import.meta.resolve("@tensorflow/tfjs-core");
      const code = `
      const { useBackend } = await import(${JSON.stringify(use)});
      const { matMul, round, tensor } = await import(${JSON.stringify(core)});
      await useBackend({ only: "native" });
      const x = tensor([1, 2, 3, 4], [2, 2]);
      console.log(JSON.stringify([[...matMul(x, x).dataSync()], [...round(tensor([3, -2], [2], "int32")).dataSync()]]));`;
      expect(JSON.parse(run(["--input-type=module", "--eval", code]))).toEqual([
        [7, 10, 15, 22],
        [3, -2],
      ]);
    });

    test("undo leaves nothing", () => {
      run([program, "setup", "cpu", "--undo"]);
      expect(existsSync(join(folder, "node_modules/@tensorflow/tfjs-node/deps"))).toBe(false);
      expect(existsSync(join(folder, "cache/pellucid/tensorflow-cpu-2.21.0"))).toBe(false);
      const { backends } = JSON.parse(run([program, "doctor", "--json"])) as Diagnosis;
      expect(backends.find(({ name }) => name === "native")?.reason).toBe(
        "@tensorflow/tfjs-node is installed without TensorFlow's library: npx @pellucid/backends setup cpu",
      );
    });
  },
);

/** What is not there; downloads the wheel as a side effect. */
function whyNot(): string | null {
  if (process.platform !== "linux" || process.arch !== "x64") return "the wheels are for Linux on x86-64";
  for (const tool of ["g++", "make", "python3"]) {
    if (spawnSync(tool, ["--version"]).status !== 0) return `there is no ${tool}`;
  }
  const wheel = process.env["PELLUCID_WHEEL"];
  if (wheel !== undefined) return execFileSync("ln", ["-s", wheel, folder]) === null ? "" : null;
  const download = [
    "-m",
    "pip",
    "download",
    "--no-deps",
    "--only-binary",
    ":all:",
    "--dest",
    folder,
    "tensorflow-cpu==2.21.0",
  ];
  const { status, stderr } = spawnSync("python3", download, { encoding: "utf8" });
  return status === 0 ? null : (stderr.trim().split("\n").at(-1) ?? "pip cannot download the wheel");
}

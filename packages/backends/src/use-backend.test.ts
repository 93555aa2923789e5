import { execFileSync } from "node:child_process";
import { add, clone, complex, getBackend, matMul, memory, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BackendError } from "./backend-error.ts";
import type { BackendName } from "./candidate/candidate.ts";
import { moveTensors } from "./move-tensors.ts";
import { onTensorMoved, TensorElsewhereError, type TensorMove } from "./tensor-moves.ts";
import { useBackend } from "./use-backend.ts";

beforeEach(() => useBackend({ only: "cpu" }));
afterEach(() => vi.unstubAllEnvs());

/** Runs a module in a Node of its own, as a user would, and returns all that it prints. */
const inNode = (code: string) =>
  execFileSync(
    process.execPath,
    ["--input-type=module", "--eval", `import { useBackend } from "@pellucid/backends";${code}`],
    {
      cwd: import.meta.dirname,
      encoding: "utf8",
      stdio: "pipe",
    },
  );

test("WASM is the best in Node that needs nothing, and says what the better ones need", async () => {
  const { chosen, passed, facts } = await useBackend();
  expect(chosen).toBe("wasm");
  expect(passed).toEqual([
    {
      name: "cuda",
      reason: "@tensorflow/tfjs-node-gpu is not installed: npx @pellucid/backends setup cuda",
    },
    { name: "webgpu", reason: expect.stringMatching(/Vulkan|no GPU|software/) },
    { name: "native", reason: "@tensorflow/tfjs-node is not installed: npx @pellucid/backends setup cpu" },
  ]);
  expect(facts).toMatchObject({ "tfjs-core": "4.22.0", "tfjs-backend-wasm": "4.22.0", threads: "1" });
  expect(getBackend()).toBe("wasm");
});

test("backends can be changed back and forth, and tensors brought along", async () => {
  const x = tensor2d([
    [1, 2],
    [3, 4],
  ]);
  for (const only of ["wasm", "cpu", "wasm", "cpu"] as const) {
    const { chosen } = await useBackend({ only });
    expect(await moveTensors({ x, again: [x] })).toBe(1);
    expect(await moveTensors({ x })).toBe(0);
    const y = matMul(x, x);
    expect([chosen, ...y.dataSync()]).toEqual([only, 7, 10, 15, 22]);
    y.dispose();
  }
  x.dispose();
});

test("an op that is given a tensor of another backend says so, and leaves it where it is", async () => {
  const x = tensor2d([[1, 2]]);
  await useBackend({ only: "wasm" });
  const before = memory().numTensors;
  for (const op of [() => matMul(x, x, false, true), () => clone(x), () => add(x, 1)]) {
    expect(() => tidy(op)).toThrow(new TensorElsewhereError({ from: "cpu", to: "wasm" }, [1, 2]));
  }
  expect(memory().numTensors).toBe(before);
  expect([...(await x.data())]).toEqual([1, 2]);
  x.dispose();
});

test("what is moved keeps its copies, and leaves with the last of them", async () => {
  const before = memory();
  const x = tensor2d([[1, 2]], [1, 2], "int32");
  const copy = clone(x);
  await useBackend({ only: "wasm" });
  await moveTensors([x, copy]);
  x.dispose();
  expect([...(await copy.data())]).toEqual([1, 2]);
  copy.dispose();
  expect(memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
});

test("complex numbers are not moved", async () => {
  const z = complex([1], [2]);
  await useBackend({ only: "wasm" });
  await expect(moveTensors(z)).rejects.toThrow(/^moveTensors: a tensor \[1\] holds complex numbers/);
  z.dispose();
});

test("while someone listens tensors move by themselves, and each move is an event", async () => {
  const x = tensor2d([[1, 2]]);
  const moves: TensorMove[] = [];
  const stop = onTensorMoved((move) => moves.push(move));
  await useBackend({ only: "wasm" });
  matMul(x, x, false, true).dispose();
  stop();
  expect(moves).toEqual([{ from: "cpu", to: "wasm" }]);
  x.dispose();
});

test("calls at the same time are served one after the other", async () => {
  const reports = await Promise.all([
    useBackend({ only: "wasm" }),
    useBackend({ only: "cpu" }),
    useBackend(),
  ]);
  expect(reports.map(({ chosen }) => chosen)).toEqual(["wasm", "cpu", "wasm"]);
  expect(getBackend()).toBe("wasm");
});

test("what is preferred comes first", async () => {
  expect((await useBackend({ prefer: ["cpu"] })).chosen).toBe("cpu");
});

test("PELLUCID_BACKEND forces one, unless the code does", async () => {
  vi.stubEnv("PELLUCID_BACKEND", "cpu");
  expect((await useBackend()).chosen).toBe("cpu");
  expect((await useBackend({ only: "wasm" })).chosen).toBe("wasm");
});

test("options that do not exist are refused, and the active backend stays", async () => {
  await expect(useBackend("wasm" as never)).rejects.toThrow(
    new BackendError(
      'useBackend: the options are "wasm", expected a record. For one backend write useBackend({ only: "wasm" }).',
    ),
  );
  await expect(useBackend({ backend: "wasm" } as never)).rejects.toThrow(
    new BackendError(
      "useBackend: there is no option backend, expected only, prefer, wasmFolder, gpu. Did you mean only?",
    ),
  );
  await expect(useBackend({ onyl: "wasm" } as never)).rejects.toThrow("Did you mean only?");
  await expect(useBackend({ preferred: ["wasm"] } as never)).rejects.toThrow("Did you mean prefer?");
  await expect(useBackend(null as never)).rejects.toThrow("useBackend: the options are null");
  expect(getBackend()).toBe("cpu");
});

test("a backend that does not exist here is an error, and the active one stays", async () => {
  const message =
    'useBackend: there is no backend "abacus" here, expected one of cuda, webgpu, native, wasm, cpu.';
  await expect(useBackend({ only: "abacus" as BackendName })).rejects.toThrow(new BackendError(message));
  vi.stubEnv("PELLUCID_BACKEND", "abacus");
  await expect(useBackend()).rejects.toThrow(new BackendError(message));
  expect(getBackend()).toBe("cpu");
});

test("a forced backend that cannot start is an error, one that is not forced is passed over", () => {
  const printed = inNode(`
    const reason = await useBackend({ only: "wasm", wasmFolder: "/nowhere" }).catch(({ name, message }) => name + " " + message);
    const { chosen, passed } = await useBackend();
    console.log(JSON.stringify({ reason, chosen, passed: passed.map(({ name }) => name) }));`);
  expect(JSON.parse(printed)).toEqual({
    reason:
      "BackendError useBackend: none of the backends tried can be used. wasm: tfjs could not load /nowhere/tfjs-backend-wasm-simd-shared.wasm.",
    chosen: "cpu",
    passed: ["cuda", "webgpu", "native", "wasm"],
  });
});

test("importing does nothing, choosing prints nothing", () => {
  const printed = inNode(`
    import { createRequire } from "node:module";
    import { engine } from "@tensorflow/tfjs-core";
    const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes("tfjs-backend"));
    const before = [...loaded, ...Object.keys(engine().registryFactory)];
    for (const only of ["cpu", "wasm"]) await useBackend({ only });
    console.log(JSON.stringify(before));`);
  expect(printed).toBe("[]\n");
});

test("changing the backend leaves no tensor behind", async () => {
  const before = memory().numTensors;
  for (const only of ["wasm", "cpu"] as const) await useBackend({ only });
  expect(memory().numTensors).toBe(before);
});

import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { getNumThreads, setNumThreads, useBackend } from "@pellucid/backends";
import { getWasmThreads, setWasmThreads, ThreadError } from "@pellucid/kernels";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { backend, matMul, memory, ones, setBackend, tidy } from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Room } from "../src/threads/room.ts";
import { ranges } from "../src/threads/split.ts";
import { type Call, type PoolOptions, type ThreadCode, ThreadPool } from "../src/threads/thread-pool.ts";
import { threadSource } from "../src/threads/thread-source.ts";
import { instanceIn } from "../src/wasm/module.ts";
import { wasm } from "../src/wasm/shared.generated.ts";

const pools: ThreadPool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.stop();
});

/** Threads with a memory of their own, in which the SiLU of numbers is computed. */
async function poolOf(
  count: number,
  options: PoolOptions = {},
): Promise<{ pool: ThreadPool; code: ThreadCode }> {
  const own = new WebAssembly.Memory({ initial: 64, maximum: 65_536, shared: true });
  const { instance, module } = await WebAssembly.instantiate(Buffer.from(wasm, "base64"), {
    env: { memory: own },
  });
  const code = { module, memory: own, exports: instance.exports as ThreadCode["exports"] };
  const pool = await ThreadPool.start(code, ["silu"], count, options);
  pools.push(pool);
  return { pool, code };
}

const START = 65_536;
const job = Array.from({ length: 8 }, (_, i): Call => {
  const at = START + 4 * 20_000 * i;
  return { name: "silu", values: [at, at + 1_000_000, 20_000] };
});

/** Until a thread was awake in time to take a call. */
function runUntilItThrows(pool: ThreadPool): void {
  for (const end = performance.now() + 60_000; performance.now() < end;) pool.run(job);
}

const doesInstead = (program: string): string =>
  threadSource.replace("functions[calls[at]]", `${program}; functions[calls[at]]`);

describe("a pool", () => {
  test("makes every call of a job, job after job", async () => {
    const { pool, code } = await poolOf(3);
    const numbers = new Float32Array(code.memory.buffer, START, 160_000);
    const results = new Float32Array(code.memory.buffer, START + 1_000_000, 160_000);
    for (let round = 1; round <= 50; round++) {
      numbers.fill(round / 10);
      results.fill(NaN);
      pool.run(job);
      const expected = round / 10 / (1 + Math.exp(-round / 10));
      expect(results.every((y) => Math.abs(y - expected) < 1e-5)).toBe(true);
    }
  });

  test("fails if a thread ends while it computes, and does not hang", async () => {
    const { pool } = await poolOf(2, { source: doesInstead("process.exit(1)") });
    expect(() => runUntilItThrows(pool)).toThrow(new ThreadError("a thread ended while it computed silu."));
  });

  test("fails if a thread gives no answer in time", async () => {
    const forever = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)";
    const { pool } = await poolOf(2, { source: doesInstead(forever), patience: 100 });
    expect(() => runUntilItThrows(pool)).toThrow(new ThreadError("a thread ended while it computed silu."));
  });

  test("fails with the message of a call that failed in a thread", async () => {
    const { pool } = await poolOf(2, { source: doesInstead(`throw new RangeError("too far")`) });
    expect(() => runUntilItThrows(pool)).toThrow(
      new ThreadError("thread 1 of 2 failed in silu: RangeError: too far."),
    );
  });

  test("fails at the next job if a thread has ended in between", async () => {
    const { pool } = await poolOf(2, { source: threadSource.replace("take();", "process.exit(7);") });
    pool.run(job);
    await sleep(0);
    await expect
      .poll(() => {
        try {
          pool.run(job);
          return "";
        } catch (error) {
          return String(error);
        }
      })
      .toBe("ThreadError: thread 1 of 2 has ended: it exited with code 7.");
  });

  test("cannot be started with a program that fails", async () => {
    const source = `throw new Error("no");${threadSource}`;
    await expect(poolOf(2, { source })).rejects.toThrow(
      new ThreadError("a thread could not be started: no."),
    );
  });
});

test("a process with threads exits by itself", async () => {
  const program = join(import.meta.dirname, "processes", "two-threads.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 120_000 });
  expect(stdout).toBe("512\n");
});

describe("the number of threads", () => {
  afterEach(async () => {
    await useBackend({ only: "wasm" });
    await setNumThreads(1);
  });

  test("is set and known, before or after the backend is chosen, and no other backend has any", async () => {
    await useBackend({ only: "cpu" });
    await setNumThreads(2);
    expect(getNumThreads()).toBe(1); // on the CPU
    const { facts } = await useBackend({ only: "wasm" });
    expect(facts["threads"]).toBe("2");
    expect([getNumThreads(), getWasmThreads()]).toEqual([2, 2]);
    await setNumThreads(3);
    expect(getNumThreads()).toBe(3);
    expect(instanceIn(backend() as BackendWasm).threads?.count).toBe(3);
  });

  test("is that of the last call, however close they come", async () => {
    await useBackend({ only: "wasm" });
    await Promise.all([3, 1, 2].map(setNumThreads));
    expect(getNumThreads()).toBe(2);
    await Promise.all([3, 1].map(setNumThreads));
    expect(getNumThreads()).toBe(1);
  });

  test("is an integer of 1 or more", async () => {
    await expect(setNumThreads("2" as never)).rejects.toThrow('the count is "2", expected an integer');
    await expect(setNumThreads(0)).rejects.toThrow(
      "setNumThreads: the count is 0, expected an integer of 1 or more.",
    );
    await expect(setWasmThreads(1.5)).rejects.toThrow(
      "setWasmThreads: the count is 1.5, expected an integer of 1 or more.",
    );
  });

  test("of another backend is refused by setWasmThreads", async () => {
    await setBackend("cpu");
    await expect(setWasmThreads(2)).rejects.toThrow(
      'setWasmThreads: the active backend is cpu, expected wasm. Await setBackend("wasm") first.',
    );
  });

  test("holds after an error: the next products are computed by the caller alone", async () => {
    await useBackend({ only: "wasm" });
    await setNumThreads(2);
    const { threads } = instanceIn(backend() as BackendWasm);
    vi.spyOn(ThreadPool.prototype, "run").mockImplementationOnce(() => {
      throw new ThreadError("thread 1 of 2 has ended: test.");
    });
    const product = () => tidy(() => matMul(ones([256, 256]), ones([256, 256])).dataSync()[7]);
    expect(product).toThrow(ThreadError);
    expect([threads?.count, getNumThreads()]).toEqual([1, 1]);
    expect(product()).toBe(256);
  });

  test("changes what is allocated by nothing", async () => {
    await useBackend({ only: "wasm" });
    await setNumThreads(2);
    const before = memory().numTensors;
    tidy(() => matMul(ones([256, 256]), ones([256, 256])).dataSync());
    expect(memory().numTensors).toBe(before);
  });
});

test("ranges cover everything once, begin at multiples, and have the least", () => {
  for (const [total, pieces, grain, least] of [
    [67, 3, 4, 8],
    [16, 8, 4, 8],
    [5, 2, 8, 8],
    [24, 2, 16, 16],
    [10_000, 12, 1024, 1024],
    [9, 4, 1, 1],
  ] as const) {
    const cut = ranges(total, pieces, grain, least);
    expect(cut.length).toBeLessThanOrEqual(pieces);
    expect(cut.reduce((end, { first, count }) => (first === end ? end + count : NaN), 0)).toBe(total);
    expect(cut.every(({ first }) => first % grain === 0)).toBe(true);
    expect(cut.every(({ count }) => count >= Math.min(total, least))).toBe(true);
  }
});

test("room is lent at multiples of 16, without overlap, and of several blocks becomes one", () => {
  let end = 8;
  const freed: number[] = [];
  const take = (bytes: number) => (end += bytes + 8) - bytes;
  const room = new Room(take, (address) => void freed.push(address));
  const sizes = [100, 300_000, 7];
  const lent = sizes.map((bytes) => ({ start: room.take(bytes), bytes }));
  expect(lent.every(({ start }) => start % 16 === 0)).toBe(true);
  const sorted = lent.toSorted((a, b) => a.start - b.start);
  expect(
    sorted.every(
      ({ start }, i) => i === 0 || start >= (sorted[i - 1]?.start ?? 0) + (sorted[i - 1]?.bytes ?? 0),
    ),
  ).toBe(true);
  room.reset();
  expect(freed).toHaveLength(3);
  sizes.forEach((bytes) => room.take(bytes));
  room.dispose();
  expect(freed).toHaveLength(4);
});

import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { serve, startHost } from "@pellucid/testing/host";

const bytes = Uint8Array.from({ length: 400_000 }, (_, i) => (i * i) >> 5);
const sha256 = createHash("sha256").update(bytes).digest("hex");

function start(url: string, cache: string): ChildProcess {
  const script = join(import.meta.dirname, "download-and-exit.ts");
  return spawn(process.execPath, [script, url, cache, String(bytes.length), sha256], { stdio: "inherit" });
}

it(
  "a download that is killed at any time resumes, and the cache has the whole file or none",
  { timeout: 120_000 },
  async () => {
    const cache = await mkdtemp(join(tmpdir(), "pellucid-"));
    const file = join(cache, "set", "file.gz");
    await using host = await startHost(serve(bytes, { slow: 4000 }));
    let kills = 0;
    for (let done = false; !done;) {
      const asked = host.ranges.length;
      const child = start(host.url, cache);
      const ended = once(child, "exit");
      while (host.ranges.length === asked) await new Promise((resolve) => setTimeout(resolve, 5));
      // at a different time in each round; the fifth may finish
      const timer = setTimeout(() => kills < 4 && child.kill("SIGKILL"), 20 + 37 * kills);
      const [code] = (await ended) as [number | null];
      clearTimeout(timer);
      done = code === 0;
      if (!done) kills++;
      if (existsSync(file)) expect(Buffer.compare(await readFile(file), bytes)).toBe(0);
      else expect(done).toBe(false);
    }
    expect(kills).toBeGreaterThan(1);
    const starts = host.ranges.map((range) => Number(/\d+/.exec(range ?? "bytes=0-")?.[0]));
    expect(starts).toEqual(starts.toSorted((a, b) => a - b)); // nothing that had come was asked for again
    expect(starts.at(-1)).toBeGreaterThan(0);
    expect(await readdir(join(cache, "set"))).toEqual(["file.gz"]);
    await rm(cache, { recursive: true });
  },
);

it("two processes that download the same file do not disturb each other", { timeout: 120_000 }, async () => {
  const cache = await mkdtemp(join(tmpdir(), "pellucid-"));
  await using host = await startHost(serve(bytes, { slow: 20_000 }));
  const both = [start(host.url, cache), start(host.url, cache)];
  const codes = await Promise.all(both.map(async (child) => (await once(child, "exit"))[0] as number));
  expect(codes).toEqual([0, 0]);
  expect(Buffer.compare(await readFile(join(cache, "set", "file.gz")), bytes)).toBe(0);
  expect(await readdir(join(cache, "set"))).toEqual(["file.gz"]);
  await rm(cache, { recursive: true });
});

import { execFileSync } from "node:child_process";
import { median } from "./median.ts";
import type { Measured } from "./training.ts";

const rounds = 9;

/** Imports each set of modules in a fresh process, in turns, and takes medians. */
export function importTime(entries: Readonly<Record<string, readonly string[]>>): Record<string, Measured> {
  const times = new Map(Object.keys(entries).map((name) => [name, [] as { cpu: number; wall: number }[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, modules] of Object.entries(entries)) {
      const measured = importOnce(modules);
      if (round > 0) times.get(name)?.push(measured); // the first one fills the disk's cache
    }
  }
  return Object.fromEntries(
    [...times].map(([name, all]) => {
      const [cpu, wall] = [median(all.map((t) => t.cpu)), median(all.map((t) => t.wall))];
      return [name, { cpu, wall, rounds, stepsPerRound: 1 }];
    }),
  );
}

function importOnce(modules: readonly string[]): { cpu: number; wall: number } {
  const code = `
    const before = process.cpuUsage(), start = performance.now();
    for (const module of ${JSON.stringify(modules)}) await import(module);
    const wall = performance.now() - start, { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ cpu: (user + system) / 1000, wall }));`;
  const options = { cwd: import.meta.dirname, encoding: "utf8" } as const;
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", code], options);
  return JSON.parse(printed) as { cpu: number; wall: number };
}

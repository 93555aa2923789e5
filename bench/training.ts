import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Order, Report } from "./child.ts";
import type { Plan } from "./contestant.ts";
import { median } from "./median.ts";

/** Someone who does the work of a row. */
export interface Entry {
  /** Where the module is, from this folder. */
  readonly module: string;
  readonly backend: string;
}

/** Milliseconds of one training step, the median of all rounds. */
export interface Measured {
  readonly cpu: number;
  readonly wall: number;
  readonly rounds: number;
  readonly stepsPerRound: number;
  /** Of what the last step made, where the contestant says it. */
  readonly quality?: number | undefined;
  /** Of a compiled step: its calls of WebAssembly, and the bytes that they work in. */
  readonly plan?: Plan | undefined;
  /** Billions of products and sums in a second of CPU time, where they are known. */
  readonly gflops?: number;
}

const slow = 2000;
const [rounds, roundsOfTheSlow] = [7, 3];

/**
 * Lets all entries train in turns, A B C A B C …, each in a process of its own, and takes medians. All begin with the same weights and data,
 * so their first losses must agree: else they did not do the same work.
 *
 * @param roundTime of each round, in milliseconds
 */
export async function train(
  entries: Readonly<Record<string, Entry>>,
  roundTime = 200,
): Promise<Record<string, Measured>> {
  const children = Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, start(entry)]));
  try {
    const contestants = [];
    for (const [name, child] of Object.entries(children))
      contestants.push(await warmUp(name, await child, roundTime));
    checkLosses(Object.fromEntries(contestants.map(({ name, losses }) => [name, losses])));
    const reportsOf = new Map<string, Report[]>(contestants.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const { name, child, steps, isSlow } of contestants) {
        if (!isSlow || round < roundsOfTheSlow) reportsOf.get(name)?.push(await order(child, steps));
      }
    }
    const last = new Map<string, Report>();
    for (const { name, child } of contestants) last.set(name, await order(child, 0));
    return Object.fromEntries(
      contestants.map(({ name, steps }) => {
        const { quality, plan } = last.get(name) ?? {};
        const reports = reportsOf.get(name) ?? [];
        const [cpu, wall] = [reports.map((r) => r.cpu / steps), reports.map((r) => r.wall / steps)];
        const times = { cpu: median(cpu), wall: median(wall) };
        return [name, { ...times, rounds: reports.length, stepsPerRound: steps, quality, plan }];
      }),
    );
  } finally {
    for (const child of Object.values(children)) (await child).kill();
  }
}

async function start({ module, backend }: Entry): Promise<ChildProcess> {
  const child = fork(new URL("child.ts", import.meta.url), [module, backend]);
  await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => {
      throw new Error(`${module} on ${backend} ended with ${code} before it began`);
    }),
  ]);
  return child;
}

async function order(child: ChildProcess, steps: number): Promise<Report> {
  child.send({ steps } satisfies Order);
  const [report] = (await once(child, "message")) as [Report];
  return report;
}

/** Rounds before the measured ones: engines compile what runs often, while it runs. */
const warmRounds = 4;

/** The first steps, in which code is compiled; then how many steps a round of warm code has. */
async function warmUp(name: string, child: ChildProcess, roundTime: number) {
  const first = await order(child, 1);
  if (first.wall > slow) return { name, child, losses: first.losses, steps: 1, isSlow: true };
  const next = await order(child, 4);
  let time = next.wall / 4;
  for (let i = 0; i < warmRounds; i++) {
    const count = Math.ceil(roundTime / time);
    time = (await order(child, count)).wall / count;
  }
  const losses = [...first.losses, ...next.losses];
  return { name, child, losses, steps: Math.max(1, Math.round(roundTime / time)), isSlow: false };
}

function checkLosses(all: Record<string, readonly number[]>): void {
  const [[first, expected] = ["", []], ...others] = Object.entries(all);
  for (const [name, losses] of others) {
    const far = losses.findIndex(
      (loss, i) => Math.abs(loss - (expected[i] ?? loss)) > 1e-3 || Number.isNaN(loss),
    );
    if (far !== -1)
      throw new Error(
        `step ${far}: the loss of ${name} is ${losses[far]}, that of ${first} ${expected[far]}`,
      );
  }
}

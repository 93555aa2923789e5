// One contestant in a process of its own: node child.ts MODULE BACKEND. It trains on request.
import type { Contestant, Plan, Step } from "./contestant.ts";

/** What the parent asks for: this many steps; after none, how good the last was. */
export interface Order {
  readonly steps: number;
}

/** What it reports: the time of all of them in milliseconds, and the losses. */
export interface Report {
  readonly cpu: number;
  readonly wall: number;
  readonly losses: readonly number[];
  readonly quality?: number | undefined;
  readonly plan?: Plan | undefined;
}

const [module = "", backend = ""] = process.argv.slice(2);
const contestant = (await import(module)) as Contestant;
const step: Step = await contestant.prepare(backend);

process.on("message", ({ steps }: Order) => void measure(steps));
process.send?.("ready");

async function measure(steps: number): Promise<void> {
  const losses: number[] = [];
  const before = process.cpuUsage();
  const elsewhere = contestant.cpuElsewhere?.() ?? 0;
  const start = performance.now();
  for (let i = 0; i < steps; i++) losses.push(await step());
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  const quality = steps === 0 ? await contestant.quality?.() : undefined;
  process.send?.({
    cpu: (user + system) / 1000 + (contestant.cpuElsewhere?.() ?? 0) - elsewhere,
    wall,
    losses,
    quality,
    plan: contestant.plan?.(),
  } satisfies Report);
}

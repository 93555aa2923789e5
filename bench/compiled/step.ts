import { setNumThreads, useBackend } from "@pellucid/backends";
import { compile, type CompileReport } from "@pellucid/core-train";
import type { Plan, Step } from "../contestant.ts";
import { tokens, works } from "./work.ts";

/** @param backend which work, `compiled` or `eager`, and how many threads: `"mlp compiled 2"` */
export async function prepare(backend: string): Promise<Step> {
  await useBackend({ only: "wasm" });
  const [name = "", way, threads = "1"] = backend.split(" ");
  await setNumThreads(Number(threads));
  if (name === "token") return tokens(way === "compiled");
  const work = works[name]?.();
  if (work === undefined) throw new RangeError(`there is no work ${name}`);
  const { step, inputs } = work;
  if (way !== "compiled") return () => step(...inputs);
  const compiled = compile(step);
  await compiled.ready;
  report = () => compiled.report();
  return () => compiled(...inputs);
}

let report: (() => CompileReport) | null = null;

export const plan = (): Plan | undefined => report?.().plans[0];

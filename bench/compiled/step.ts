import { useBackend } from "@pellucid/backends";
import { compile, type CompileReport } from "@pellucid/core-train";
import type { Plan, Step } from "../contestant.ts";
import { tokens, works } from "./work.ts";

/** @param backend which work, and `compiled` or `eager`: `"mlp compiled"` */
export async function prepare(backend: string): Promise<Step> {
  await useBackend({ only: "wasm" });
  const [name = "", way] = backend.split(" ");
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

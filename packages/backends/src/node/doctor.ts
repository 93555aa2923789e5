import { spawnSync } from "node:child_process";
import { candidates } from "#candidates";
import type { BackendName } from "../candidate/candidate.ts";
import type { BackendState } from "../diagnose.ts";
import { type NvidiaGpu, nvidiaGpus } from "./cuda.ts";
import { softwareDriver } from "./dawn.ts";

/** The backends and GPUs of a machine. */
export interface Diagnosis {
  readonly node: string;
  readonly platform: string;
  /** The value of the environment variable `PELLUCID_BACKEND`, if it is set. */
  readonly forced: string | null;
  /** What `useBackend()` takes here; `null` if it fails, since `PELLUCID_BACKEND` names a backend that does not exist or work. */
  readonly chosen: BackendName | null;
  readonly backends: readonly BackendState[];
  readonly nvidia: readonly NvidiaGpu[];
  /** The description of a Vulkan software driver, if there is one. */
  readonly softwareVulkan: string | null;
}

/**
 * Tries every backend in a process of its own, so that a crash of one does not affect the others.
 *
 * @param program the file that prints, for `probe NAME`, the state of one backend
 */
export function doctor(program: string): Diagnosis {
  const { PELLUCID_BACKEND, ...env } = process.env;
  const forced = PELLUCID_BACKEND || null;
  const backends = candidates.map(({ name }): BackendState => {
    const { stdout, stderr, signal } = spawnSync(process.execPath, [program, "probe", name], {
      encoding: "utf8",
      timeout: 120_000,
      env,
    });
    try {
      return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as BackendState;
    } catch {
      const reason = `it ended the process (${signal ?? stderr.trim().split("\n").at(-1) ?? "no message"})`;
      return { name, works: false, isTaken: false, reason, facts: {} };
    }
  });
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    forced,
    chosen:
      backends.find(({ name, works, isTaken }) => (forced === null ? isTaken : works && name === forced))
        ?.name ?? null,
    backends,
    nvidia: nvidiaGpus(),
    softwareVulkan: softwareDriver()?.icd ?? null,
  };
}

/** The diagnosis as text. */
export function describeDiagnosis({
  node,
  platform,
  forced,
  chosen,
  backends,
  nvidia,
  softwareVulkan,
}: Diagnosis): string {
  const width = Math.max(...backends.map(({ name }) => name.length));
  const lines = backends.flatMap(({ name, works, isTaken, reason, facts }) => {
    const mark = works ? (isTaken ? "yes" : "(yes)") : "no";
    const known = Object.entries(facts)
      .filter(([key]) => key !== "tfjs-core")
      .map(([key, value]) => `${key} ${value}`)
      .join(", ");
    const arrow = name === chosen ? "→" : " ";
    const first = `${arrow} ${name.padEnd(width)}  ${mark.padEnd(5)}  `;
    const rest = [...(known === "" ? [] : [known]), ...(reason === null ? [] : [reason])];
    return rest.map((text, i) => (i === 0 ? first : " ".repeat(first.length)) + text);
  });
  const gpus = nvidia.map(
    (gpu) => `${gpu.name}, driver ${gpu.driver}, compute capability ${gpu.capability.toFixed(1)}`,
  );
  return [
    `Node ${node} on ${platform}`,
    `NVIDIA GPUs: ${gpus.length > 0 ? gpus.join("; ") : "none that nvidia-smi names"}`,
    `Software Vulkan: ${softwareVulkan ?? "none found"}`,
    "",
    ...lines,
    "",
    conclusion(forced, chosen, backends),
    "(yes): works if it is asked for by useBackend({ only: … }) or PELLUCID_BACKEND.",
  ].join("\n");
}

function conclusion(
  forced: string | null,
  chosen: BackendName | null,
  backends: readonly BackendState[],
): string {
  if (forced === null) return `useBackend() takes ${chosen ?? "none"} here.`;
  if (chosen !== null) return `useBackend() takes ${chosen} here, since PELLUCID_BACKEND is ${forced}.`;
  const names = backends.map(({ name }) => name);
  const why = names.some((name) => name === forced)
    ? "which does not work here"
    : `which is not a backend: expected one of ${names.join(", ")}`;
  return `useBackend() fails here, since PELLUCID_BACKEND is ${forced}, ${why}.`;
}

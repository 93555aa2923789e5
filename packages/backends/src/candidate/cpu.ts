import { tensor } from "@tensorflow/tfjs-core";
import { activate } from "./activate.ts";
import type { Candidate } from "./candidate.ts";

/** Plain JavaScript: slow, works everywhere. */
export const cpu: Candidate = {
  name: "cpu",
  async start() {
    const { version_cpu: version } = await import("@tensorflow/tfjs-backend-cpu");
    await activate("cpu");
    (await import("@pellucid/kernels")).registerCpuKernels();
    tensor([0]).dispose(); // its first tensor prints a banner; this is still in the quiet part
    return { "tfjs-backend-cpu": version };
  },
};

import { integratedGradients } from "@pellucid/interpret";
import { explaining } from "./work.ts";

export const prepare = (backend: string) =>
  explaining(backend, ({ score, image }) => [integratedGradients(score, { steps: 32 })(image)]);

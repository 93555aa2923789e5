import { saliency } from "@pellucid/interpret";
import { explaining } from "./work.ts";

export const prepare = (backend: string) =>
  explaining(backend, ({ score, image }) => [saliency(score)(image)]);

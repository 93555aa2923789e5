import { defects } from "../../packages/core-train/test/defects/defects.ts";
import { drawing, text } from "./svg.ts";

const named = { core: "every backend", cpu: "CPU", wasm: "WASM", webgpu: "WebGPU" } as const;

/** How many defects of tfjs are fixed, by backend. */
export function fixed(): string {
  const rows = Object.entries(named).map(([scope, name], i) => {
    const { length } = defects[scope as keyof typeof named];
    const top = 56 + 36 * i;
    return `${text(140, top + 17, name, 'text-anchor="end"')}<rect x="152" y="${top}" width="${7 * length}" height="24" fill="#0072b2"/>${text(160 + 7 * length, top + 17, String(length))}`;
  });
  return drawing(
    212,
    text(16, 30, "Ops and gradients that are missing or wrong in tfjs 4.22, and are right here"),
    ...rows,
  );
}

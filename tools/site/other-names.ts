import { readFileSync } from "node:fs";
import { join } from "node:path";
import { functional, nn, optim } from "../../test/torch-names.ts";
import { keras } from "./names/keras.ts";
import { libraries } from "./names/libraries.ts";
import { tfjs } from "./names/tfjs.ts";
import type { Declaration } from "./declarations.ts";

/** What a name is called in other libraries: `["PyTorch", "torch.nn.GroupNorm"]`. */
export type OtherName = readonly [library: string, name: string];

const camel = (name: string): string =>
  name.replaceAll(/_(\w)/gu, (_, letter: string) => letter.toUpperCase());

/** The names of other libraries, by our `folder/name`. */
export function otherNames(root: string): ReadonlyMap<string, readonly OtherName[]> {
  const found = new Map<string, OtherName[]>();
  const add = (key: string, library: string, name: string) => {
    const known = found.get(key) ?? [];
    if (!known.some(([, other]) => other === name)) found.set(key, [...known, [library, name]]);
  };
  const torch = JSON.parse(
    readFileSync(join(root, "packages/core-train/fixtures/torch/names.json"), "utf8"),
  ) as Record<"torch.nn" | "torch.nn.functional" | "torch.optim", readonly string[]>;
  for (const name of torch["torch.nn"]) {
    const rule = name.endsWith("Loss") ? name.charAt(0).toLowerCase() + name.slice(1) : name;
    const ours = name in nn ? nn[name]?.[0] : rule;
    if (typeof ours === "string") add(`core-train/${ours}`, "PyTorch", `torch.nn.${name}`);
  }
  for (const name of torch["torch.nn.functional"]) {
    const ours = name in functional ? functional[name]?.[0] : camel(name);
    if (typeof ours === "string") add(`core-train/${ours}`, "PyTorch", `torch.nn.functional.${name}`);
  }
  for (const name of torch["torch.optim"]) {
    const ours = name in optim ? optim[name]?.[0] : name === "Optimizer" ? name : name.toLowerCase();
    if (typeof ours === "string") add(`core-train/${ours}`, "PyTorch", `torch.optim.${name}`);
  }
  for (const [library, names] of [...libraries, ["Keras", keras], ["TensorFlow.js", tfjs]] as const) {
    for (const [theirs, ours] of Object.entries(names)) {
      for (const key of [ours].flat()) add(key.includes("/") ? key : `core-train/${key}`, library, theirs);
    }
  }
  return found;
}

const foreign =
  /^(?:torch|torchvision|torch_geometric|sklearn|scipy|numpy|networkx|transformers|captum|optax|jax|keras|tf|gymnasium|mamba_ssm|timm|snntorch|shap|lime)\.[\w.]+$/u;

/** Names of other libraries that a doc comment mentions in code quotes: to be searched for. */
export function mentionedNames({ doc }: Declaration): readonly string[] {
  const quoted = [...doc.text.matchAll(/`([^`\n]+)`/gu)].map(([, name = ""]) => name.replace(/\(.*$/u, ""));
  return [...new Set(quoted.filter((name) => foreign.test(name) || /^[a-z]+(?:_[a-z0-9]+)+_?$/u.test(name)))];
}

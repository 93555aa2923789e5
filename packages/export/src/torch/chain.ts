import { Module } from "@pellucid/core-train";

/** Whether all parts of a module are numbered, as those of a `Sequential`: in PyTorch it is an `nn.Sequential`, maybe with a `forward` of its own. */
export function isChain(module: Module): boolean {
  const parts = Object.entries(module).filter(([, field]) => field instanceof Module);
  return (
    module.constructor.name === "Sequential" ||
    (parts.length > 0 && parts.every(([key]) => /^\d+$/.test(key)))
  );
}

/** The name of the class of a module: that of a `Sequential` with a `forward` of its own must not be that of `nn`. */
export function className(module: Module): string {
  const { name } = module.constructor;
  return name === "Sequential" ? "Chain" : name;
}

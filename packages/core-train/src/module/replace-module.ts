import { didYouMean } from "../did-you-mean.ts";
import { Module } from "./module.ts";
import { checkModule } from "../check-callable.ts";

/** The module at a path such as `layer1.0.conv1`. */
export function moduleAt(root: Module, path: string): Module {
  checkModule("moduleAt", root);
  for (const [found, module] of root.namedModules()) if (found === path) return module;
  const paths = [...root.namedModules()].map(([found]) => found).filter((found) => found !== "");
  const others = `. There are: ${paths.join(", ")}.`;
  throw new RangeError(`moduleAt: there is no module at "${path}"${didYouMean(path, paths, others)}`);
}

/**
 * Puts `fresh` where the module at `path` is, and frees that one: `replaceModule(model, "fc", new Linear(512, 5, { rng }))`
 * gives a classifier a new head.
 */
export function replaceModule(root: Module, path: string, fresh: Module): void {
  const old = moduleAt(root, path);
  if (old === root) throw new RangeError('replaceModule: the path is "", which is the model itself.');
  const keys = path.split(".");
  const last = keys.pop() as string;
  let holder: unknown = root;
  for (const key of keys) holder = (holder as Record<string, unknown>)[key];
  (holder as Record<string, unknown>)[last] = fresh;
  old.dispose();
}

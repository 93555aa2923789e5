import { init, initialize, Linear, Module, type Rng } from "@pellucid/core-train";

/** What draws its weights anew, as PyG's layers do at the end of their construction. */
export interface Resettable {
  resetParameters(rng: Rng): void;
}

/**
 * Draws the weights of a module and of all within it anew, in the order in which PyG's `reset` does: its layers draw once when they
 * are made and once more by this, so that a seed gives PyG's weights.
 */
export function redraw(module: Module, rng: Rng): void {
  if (isResettable(module)) module.resetParameters(rng);
  else if (module instanceof Linear) redrawLinear(module, rng, init.kaimingUniform({ a: Math.sqrt(5) }));
  else if (isRecurrent(module)) redrawRecurrent(module, rng);
  else for (const child of childrenOf(module)) redraw(child, rng);
}

/** Draws a linear layer anew: its weight by `weight`, its bias uniformly within `± 1 / √in`. */
export function redrawLinear(linear: Linear, rng: Rng, weight: Parameters<typeof initialize>[2]): void {
  const bound = 1 / Math.sqrt(linear.inFeatures);
  initialize(linear, "weight", weight, rng);
  if (linear.bias !== null) initialize(linear, "bias", init.uniform(-bound, bound), rng);
}

/** Uniform within `± √(6 / (rows + columns))` of the last two axes, of whatever shape. */
export function glorot(shape: readonly number[], rng: Rng): ReturnType<Rng["uniform"]> {
  const bound = Math.sqrt(6 / ((shape.at(-2) ?? NaN) + (shape.at(-1) ?? NaN)));
  return rng.uniform(shape, -bound, bound);
}

function isResettable(module: Module): module is Module & Resettable {
  return "resetParameters" in module && typeof module.resetParameters === "function";
}

interface RecurrentModule extends Module {
  readonly hiddenSize: number;
}

/** LSTM, GRU, RNN and their cells: all weights are drawn alike. */
function isRecurrent(module: Module): module is RecurrentModule {
  return "hiddenSize" in module && [...module.slots()].some(({ field }) => field === "weightHh");
}

function redrawRecurrent(module: RecurrentModule, rng: Rng): void {
  const bound = 1 / Math.sqrt(module.hiddenSize);
  for (const { owner, field } of module.slots())
    initialize(owner, field as keyof Module, init.uniform(-bound, bound), rng);
}

/** The modules directly within one. */
function childrenOf(module: Module): Module[] {
  const children: [path: string, child: Module][] = [];
  for (const [path, child] of module.namedModules()) {
    if (path === "" || children.some(([outer]) => path.startsWith(`${outer}.`))) continue;
    children.push([path, child]);
  }
  return children.map(([, child]) => child);
}

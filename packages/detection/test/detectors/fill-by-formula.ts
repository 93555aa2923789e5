import { loadWeights, type Module, sizeOf, torchStateOf } from "@pellucid/core-train";
import { formulaWeights } from "@pellucid/testing";

/** Gives a detector the fixtures' weights. */
export async function fillByFormula(model: Module): Promise<void> {
  const state = Object.entries(await torchStateOf(model));
  const shapes = Object.fromEntries(state.map(([name, { shape }]) => [name, shape]));
  const weights = formulaWeights(shapes, (u, name, shape) => {
    if (shape.length > 1)
      return u * Math.sqrt(24 / sizeOf(shape.slice(1))) * (name.includes("conv.") ? 0.2 : 1);
    if (name.endsWith("running_var")) return 1 + 0.4 * u;
    if (name.endsWith("scale_weight")) return 3 + u;
    return name.endsWith("weight") ? 1 + 0.2 * u : 0.1 * u;
  });
  const counts = state.filter(([name]) => name.endsWith("num_batches_tracked"));
  const tracked = counts.map(([name]) => [name, { data: Int32Array.of(7), shape: [] }]);
  loadWeights(model, { ...weights, ...Object.fromEntries(tracked) });
}

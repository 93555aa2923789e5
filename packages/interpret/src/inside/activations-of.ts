import { checkArguments, intercept, type Layer, type Module } from "@pellucid/core-train";
import { clone, dispose, keep, type Tensor, tidy } from "@tensorflow/tfjs-core";

/**
 * The output of every layer that `run` calls, in order: `{ conv1: […], "layer1.0.conv1": […], … }`. A layer that ran again has
 * `path#2`. Only layers whose output is a tensor; the model as a whole is `""`.
 *
 * @returns tensors that the caller frees
 */
export function activationsOf(model: Module, run: () => unknown): Record<string, Tensor> {
  checkArguments("activationsOf", { module: { model }, function: { run } });
  const found = new Map<string, Tensor>();
  const keepCopy = (path: string) => (y: unknown) => {
    if (isTensor(y)) {
      let name = path;
      for (let time = 2; found.has(name); time++) name = `${path}#${time}`;
      found.set(name, keep(clone(y)));
    }
    return y;
  };
  const layers = [...model.namedModules()].filter(([, module]) => isLayer(module));
  const body = layers.reduce<() => unknown>(
    (inner, [path, layer]) =>
      () =>
        intercept(layer as Module & Layer<never, unknown>, keepCopy(path), inner),
    run,
  );
  try {
    tidy(() => {
      body();
    });
  } catch (error) {
    dispose([...found.values()]);
    throw error;
  }
  return Object.fromEntries(found);
}

function isLayer(module: Module): boolean {
  return "forward" in module && typeof module.forward === "function";
}

function isTensor(y: unknown): y is Tensor {
  return typeof y === "object" && y !== null && "dataId" in y;
}

import * as core from "@tensorflow/tfjs-core";

/**
 * Runs `load` and puts back what it replaced in tfjs' registries: tfjs-node brings all of tfjs along, which registers its own
 * kernels and gradients over the right ones.
 */
export async function keepRegistered(load: () => Promise<unknown>): Promise<void> {
  const names = Object.values(core).filter((value) => typeof value === "string");
  const gradients = names.map((name) => core.getGradient(name) as core.GradConfig | undefined);
  const kernels = Object.keys(core.engine().registryFactory).flatMap((name) =>
    core.getKernelsForBackend(name),
  );
  await load();
  for (const gradient of gradients) if (gradient !== undefined) core.registerGradient(gradient);
  for (const kernel of kernels) {
    const { kernelName, backendName } = kernel;
    if (core.getKernel(kernelName, backendName) === kernel) continue;
    core.unregisterKernel(kernelName, backendName);
    core.registerKernel(kernel);
  }
}

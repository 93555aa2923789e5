/**
 * Keeps all registered kernels of a backend when they are registered again, as `@tensorflow/tfjs` does, which shares tfjs' registry even as
 * another copy, and whose kernels for WebAssembly would find no module. To replace one, unregister it first.
 */
export function keepKernels(backendName: string): void {
  const globals: ReadonlyMap<string, Map<string, unknown>> | undefined = Reflect.get(
    typeof window === "undefined" ? globalThis : window,
    "_tfGlobals",
  );
  const kernels = globals?.get("kernelRegistry");
  if (kernels === undefined || kept.has(backendName)) return;
  kept.add(backendName);
  const set = kernels.set.bind(kernels);
  kernels.set = (key, kernel) =>
    key.startsWith(`${backendName}_`) && kernels.has(key) ? kernels : set(key, kernel);
}

const kept = new Set<string>();

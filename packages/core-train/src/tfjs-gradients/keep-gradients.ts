/**
 * Keeps the registered gradients of these kernels when they are registered again, as `@tensorflow/tfjs` does, which shares tfjs' registry even as
 * another copy. To replace one, unregister it first.
 */
export function keepGradients(kernelNames: Iterable<string>): void {
  const globals: ReadonlyMap<string, Map<string, unknown>> | undefined = Reflect.get(
    typeof window === "undefined" ? globalThis : window,
    "_tfGlobals",
  );
  const gradients = globals?.get("gradRegistry");
  if (gradients === undefined) return;
  const kept = new Set(kernelNames);
  const set = gradients.set.bind(gradients);
  gradients.set = (name, config) => (kept.has(name) && gradients.has(name) ? gradients : set(name, config));
}

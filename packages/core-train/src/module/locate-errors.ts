import { tracing } from "../trace/tracer.ts";
import { recordingNow } from "../compile/recording-now.ts";
import { forwards } from "./forwards.ts";
import type { Module } from "./module.ts";

const located = new WeakSet<object>();

/** Where an error came from: the innermost module, and the message before any path was added. */
const origins = new WeakMap<Error, { readonly module: Module; readonly message: string }>();

/**
 * Makes the `forward` methods of a class and its parents add the path of the module to the errors they throw:
 * `Linear(512, 10): x is [1, 28, 28, 1], … (in classifier.1 of Net)`. Once for each class; errors keep their class. A trace hears of each call.
 */
export function locateErrors(prototype: object): void {
  for (
    let each = prototype;
    !located.has(each) && each !== Object.prototype;
    each = Object.getPrototypeOf(each) as object
  ) {
    located.add(each);
    const own = Object.getOwnPropertyDescriptor(each, "forward");
    if (typeof own?.value !== "function") continue;
    const forward = own.value as (this: Module, ...inputs: unknown[]) => unknown;
    Object.defineProperty(each, "forward", {
      ...own,
      value: Object.defineProperties(
        function (this: Module, ...inputs: unknown[]): unknown {
          recordingNow()?.modules.add(this);
          try {
            const another = forwards.get(this);
            if (another !== undefined) return another(inputs, (given) => forward.apply(this, given));
            if (tracing.tracer === null) return forward.apply(this, inputs);
            return tracing.tracer.call(this, inputs, () => forward.apply(this, inputs));
          } catch (error) {
            if (error instanceof Error) addPath(error, this);
            throw error;
          }
        },
        { name: { value: "forward" }, length: { value: forward.length } },
      ),
    });
  }
}

function addPath(error: Error, root: Module): void {
  const origin = origins.get(error) ?? { module: root, message: error.message };
  origins.set(error, origin);
  for (const [path, module] of root.namedModules())
    if (module === origin.module && path !== "")
      error.message = `${origin.message} (in ${path} of ${root.constructor.name})`;
}

import { Variable } from "@tensorflow/tfjs-core";
import { members, type Module } from "../module/module.ts";
import { isTraining } from "../module/training.ts";

/** What a recorded step relies on in a module. */
interface Guarded {
  readonly module: Module;
  readonly isTraining: boolean;
  readonly names: number;
  readonly fields: readonly (readonly [name: string, value: unknown])[];
  readonly lists: readonly (readonly [list: readonly unknown[], values: readonly unknown[]])[];
  readonly variables: readonly (readonly [variable: Variable, trainable: boolean])[];
}

/** Notices that a module is not as it was when a step was recorded: its fields, its mode, what is frozen, what observes it. */
export class ModuleGuard {
  readonly #guarded: readonly Guarded[];

  /** @param modules those of the step; what is below them counts too */
  constructor(modules: Iterable<Module>) {
    const all = new Set<Module>();
    for (const module of modules) for (const [, each] of module.namedModules()) all.add(each);
    this.#guarded = [...all].map((module) => {
      const fields = Object.entries(module);
      return {
        module,
        isTraining: isTraining(module),
        names: fields.length,
        fields,
        lists: fields.flatMap(([, value]) =>
          Array.isArray(value) ? [[value, [...(value as unknown[])]] as const] : [],
        ),
        variables: [...members(module)].flatMap(([, value]) =>
          value instanceof Variable ? [[value, value.trainable] as const] : [],
        ),
      };
    });
  }

  /** What has changed; `null` if nothing has. */
  change(): string | null {
    for (const { module, isTraining: was, names, fields, lists, variables } of this.#guarded) {
      const name = module.constructor.name;
      if (isTraining(module) !== was) return `${name} is ${was ? "not " : ""}in training mode`;
      if (Object.hasOwn(module, "forward")) return `the output of ${name} is observed`;
      for (const [field, value] of fields)
        if (!Object.is(Reflect.get(module, field), value)) return `${name}.${field} has changed`;
      if (Object.keys(module).length !== names) return `${name} has other fields`;
      for (const [list, values] of lists)
        if (list.length !== values.length || values.some((value, i) => !Object.is(value, list[i])))
          return `a list of ${name} has changed`;
      for (const [variable, trainable] of variables) {
        if (variable.isDisposed) return `a parameter of ${name} has been disposed`;
        if (variable.trainable !== trainable)
          return `a parameter of ${name} is ${trainable ? "" : "not "}frozen`;
      }
    }
    return null;
  }
}

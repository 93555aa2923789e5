import type { HostTensor, Module, Trace, TracedCall } from "@pellucid/core-train";
import { ForwardWriter, type WrittenForward } from "./forward-writer.ts";
import { hasLayers } from "./has-layers.ts";
import { type PythonTensor, sameAxes } from "./python-tensor.ts";
import type { PythonTree } from "./python-tree.ts";
import { TorchExportError } from "./torch-export-error.ts";
import type { WritingContext } from "./writing-context.ts";

/** The `forward` of each class of a file, written once, and the helper functions and tables that they need at its top. */
export class ForwardRegistry {
  readonly forwards = new Map<Module, WrittenForward>();
  readonly supports = new Set<string>();
  readonly tables = new Map<string, HostTensor>();
  readonly #axes = new Map<Module, readonly (readonly number[])[]>();
  readonly #context: WritingContext;

  /** @param inlined the modules that are written where they are called, as functions are */
  constructor(traced: Trace, tree: PythonTree, inlined: ReadonlySet<Module>) {
    this.#context = {
      traced,
      tree,
      isClass: (module) => hasLayers(module) && !inlined.has(module),
      write: (call, given) => this.write(call, given, false).outputs,
      support: (name) => {
        this.supports.add(name);
        return name;
      },
      table: (value) => this.#table(value),
    };
  }

  /** Writes what a call does; a module that runs again must do the same. */
  write(call: TracedCall, given: readonly PythonTensor[], isRoot: boolean): WrittenForward {
    const forward = new ForwardWriter(this.#context, call, given).write(isRoot);
    const [known, order] = [this.forwards.get(call.module), this.#axes.get(call.module)];
    const differs =
      (known !== undefined && codeOf(known) !== codeOf(forward)) ||
      order?.some((axes, i) => !sameAxes(axes, given[i]?.axes ?? [])) === true;
    if (differs)
      throw new TorchExportError(
        `toTorch: ${call.type} at ${call.path} runs twice and does not do the same; PyTorch source would need two of it.`,
      );
    this.forwards.set(call.module, forward);
    this.#axes.set(
      call.module,
      given.map(({ axes }) => axes),
    );
    return forward;
  }

  #table(table: HostTensor): string {
    for (const [key, known] of this.tables)
      if (
        String(known.shape) === String(table.shape) &&
        Array.from(known.data).every((n, i) => Object.is(n, table.data[i]))
      )
        return key;
    const key = `table${this.tables.size + 1}`;
    this.tables.set(key, table);
    return key;
  }
}

function codeOf({ lines }: WrittenForward): string {
  return lines.map(({ code }) => code).join("\n");
}

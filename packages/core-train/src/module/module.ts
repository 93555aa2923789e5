import { Variable } from "@tensorflow/tfjs-core";
import { locateErrors } from "./locate-errors.ts";
import { type Buffer, isBuffer, type Parameter } from "./parameter.ts";

/** The location of one parameter or buffer: `field` of `owner`, reached from the root by `path`. */
export interface Slot {
  /** Field names and indices from the root, joined by dots: `layer1.0.conv1.weight`. */
  readonly path: string;
  readonly tensor: Parameter | Buffer;
  readonly owner: Module;
  /** The path within `owner`. */
  readonly field: string;
}

/**
 * A tree of parameters and buffers. Fields are the registration; there is nothing to call: a parameter, a buffer,
 * a module, or an array or plain record of them, belongs to the module whose field it is. Order is field order.
 *
 * A module is in inference mode by default; see {@link training}.
 *
 * tfjs keeps every parameter and buffer until it is freed: a model that is no longer needed stays in memory, also on a GPU, unless
 * {@link dispose} is called. Garbage collection does not free it.
 *
 * An error in a module within a model names its path: `Linear(4, 2): x is [1, 3], expected [..., 4]. (in head.0 of Net)`.
 */
export abstract class Module {
  constructor() {
    locateErrors(new.target.prototype as object);
  }

  /** Every module at and below this one, each once: `["", this]`, `["layer1", …]`, `["layer1.0", …]`, … */
  *namedModules(path = "", seen = new Set<Module>()): Generator<[path: string, module: Module]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [path, this];
    for (const [key, field] of members(this)) {
      if (field instanceof Module) yield* field.namedModules(join(path, key), seen);
    }
  }

  /** The location of every parameter and buffer. A tensor that two fields share has two slots. */
  *slots(path = ""): Generator<Slot> {
    for (const [key, field] of members(this)) {
      if (field instanceof Module) yield* field.slots(join(path, key));
      else if (field instanceof Variable)
        yield { path: join(path, key), tensor: field, owner: this, field: key };
    }
  }

  /** Every parameter below, each once, in field order: `["layer1.0.conv1.weight", parameter]`, … */
  *namedParameters(): Generator<[path: string, parameter: Parameter]> {
    const seen = new Set<Variable>();
    for (const { path, tensor } of this.slots()) {
      if (isBuffer(tensor) || seen.has(tensor)) continue;
      seen.add(tensor);
      yield [path, tensor];
    }
  }

  /** Every buffer below, each once, in field order. */
  *namedBuffers(): Generator<[path: string, buffer: Buffer]> {
    const seen = new Set<Variable>();
    for (const { path, tensor } of this.slots()) {
      if (!isBuffer(tensor) || seen.has(tensor)) continue;
      seen.add(tensor);
      yield [path, tensor];
    }
  }

  /** Frees every parameter and buffer below. Call it once a model is no longer needed: nothing else frees them. */
  dispose(): void {
    for (const { tensor } of this.slots()) if (!tensor.isDisposed) tensor.dispose();
  }
}

/** The fields of a module, with arrays and plain records flattened: `blocks.0`, `heads.left`, … */
export function* members(module: Module): Generator<[key: string, field: unknown]> {
  for (const [key, field] of Object.entries(module)) yield* open(key, field);
}

function* open(key: string, field: unknown): Generator<[key: string, field: unknown]> {
  if (Array.isArray(field) || isRecord(field)) {
    for (const [inner, value] of Object.entries(field)) yield* open(`${key}.${inner}`, value);
  } else yield [key, field];
}

function isRecord(field: unknown): field is Record<string, unknown> {
  return typeof field === "object" && field !== null && Object.getPrototypeOf(field) === Object.prototype;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

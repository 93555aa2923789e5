import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { backend } from "@tensorflow/tfjs-core";
import { exportedFrom } from "../../../../tools/kernels/assembly-functions.ts";
import { functionsOf } from "../../src/wasm/functions.generated.ts";
import { parameters } from "../../src/threads/parameters.generated.ts";
import { splits } from "../../src/threads/splits.ts";
import { Heap } from "../../src/wasm/heap.ts";
import { instanceIn } from "../../src/wasm/module.ts";
import { type Extent, Extents } from "./extents.ts";

const sizeOf = (block: number | Int32Array) => (typeof block === "number" ? block : block.byteLength);

/** Bounds that are being checked. */
export interface CheckedBounds {
  /** How often memory was read or written by our kernels. */
  readonly accesses: () => number;
  /** The functions that were called. */
  readonly called: ReadonlySet<string>;
  /** @throws {RangeError} If something was written around a tensor. */
  readonly check: () => void;
  /** Runs kernels as they ship again. */
  readonly end: () => void;
}

/**
 * Has the kernels of the active WASM backend run in a build that asks before each access to memory: it has to lie in a tensor, or in a block to work
 * in, whose address the kernel was given. Kernels of tfjs' C++ cannot be asked; what they write around a tensor is found by guards.
 *
 * @param bytes what `checkedAssembly` compiled
 * @param threads as many as calls are split for, where that is possible; their parts are then asked, one after the other
 */
export async function checkBounds(
  bytes: Uint8Array<ArrayBuffer>,
  assembly: string,
  threads = 1,
): Promise<CheckedBounds> {
  const wasm = backend() as BackendWasm;
  const instance = instanceIn(wasm);
  const { functions, memory } = instance;
  const extents = new Extents(wasm.wasm, memory);
  const called = new Set<string>();
  let accesses = 0;
  let running: { readonly name: string; readonly own: readonly Extent[] } | null = null;

  const check = (address: number, size: number, isWrite: number) => {
    accesses++;
    const { name, own } = running ?? { name: "nothing that was called", own: [] };
    if (Extents.within(own, address >>> 0, size >>> 0, isWrite === 1)) return;
    const pieces = own.map(({ start, end }) => `${start} to ${end}`).join(", ");
    throw new RangeError(
      `${name}: ${isWrite === 1 ? "writes" : "reads"} ${size >>> 0} bytes at ${address >>> 0}, expected within ${pieces}.`,
    );
  };
  const made = await WebAssembly.instantiate(bytes, { env: { memory }, bounds: { check } });
  const raw = made.instance.exports as typeof instance.exports;
  const parametersOf = new Map(exportedFrom(assembly).map(({ name, parameters }) => [name, parameters]));

  /** A function that knows, while it runs, the pieces of memory whose addresses it was given. */
  const asking =
    (name: string, call: (...values: unknown[]) => unknown) =>
    (...values: unknown[]) => {
      called.add(name);
      const own = (parametersOf.get(name) ?? []).flatMap((parameter, i) => {
        const value = Number(values[i]) >>> 0;
        if (!isAddress(parameter.type) || value === 0) return [];
        return extents.at(value) ?? [];
      });
      own.push(...inTable(name, values as number[]).flatMap((address) => extents.at(address) ?? []));
      const before = running;
      running = { name, own };
      try {
        return call(...values);
      } finally {
        running = before;
      }
    };

  /** The addresses that a function finds in its table, which is its first argument; its second is the number of rows. */
  const inTable = (name: string, [table = 0, rows = 0]: readonly number[]): number[] => {
    const found = tables[name];
    if (found === undefined) return [];
    const { width, addresses } = found;
    const words = new Uint32Array(memory.buffer, table, width * rows);
    return [...words].filter((_, i) => i % width < addresses);
  };

  const whole = (name: string) => asking(name, Reflect.get(raw, name) as (...values: unknown[]) => unknown);

  /** The parts of a function, each as a thread would call it. */
  const inParts =
    (name: string) =>
    (...given: unknown[]) => {
      const split = threads === 1 ? undefined : splits.find((own) => own.name === name);
      const rooms: number[] = [];
      const room = (size: number) => rooms[rooms.push(extents.take(size).start) - 1] as number;
      const order = parametersOf.get(name) ?? [];
      const values = Object.fromEntries(order.map((parameter, i) => [parameter.name, Number(given[i])]));
      const words = new Int32Array(memory.buffer);
      const jobs = split?.parts(values as never, { threads, pays: () => true, room, words });
      if (jobs === undefined || jobs === null) return whole(name)(...given);
      for (const part of jobs.flat())
        whole(part.name)(...parameters[part.name].map((own) => part.values[own]));
      for (const start of rooms) extents.give(start);
      return undefined;
    };
  instance.functions = functionsOf(new Proxy({ ...raw }, { get: (_, name) => inParts(String(name)) }));
  const borrow = Object.getOwnPropertyDescriptor(Heap.prototype, "borrow") as PropertyDescriptor;
  Heap.prototype.borrow = function lend(blocks, body) {
    const lent = Object.entries<number | Int32Array>(blocks).map(([name, block]) => {
      const extent = extents.take(sizeOf(block));
      if (typeof block !== "number") new Int32Array(memory.buffer, extent.start, block.length).set(block);
      return [name, extent.start] as const;
    });
    try {
      body(Object.fromEntries(lent) as Parameters<typeof body>[0]);
    } finally {
      for (const [, start] of lent) extents.give(start);
    }
  };
  return {
    accesses: () => accesses,
    called,
    check: () => extents.check(),
    end: () => {
      Object.defineProperty(Heap.prototype, "borrow", borrow);
      instance.functions = functions;
      extents.unwatch();
    },
  };
}

/** Functions with a table of arguments: the length of its rows, and how many addresses each begins with. */
const tables: Readonly<Record<string, { readonly width: number; readonly addresses: number }>> = {
  adamMoves: { width: 17, addresses: 4 },
  momentumMoves: { width: 11, addresses: 3 },
};

const isAddress = (type: string): boolean => type === "usize" || type === "Window";

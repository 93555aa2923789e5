import { checkArguments } from "@pellucid/core-train";
import { DatasetError } from "../dataset-error.ts";

/** An object of a Python class, as a pickle describes it: nothing of it is run. */
export class PickledObject {
  /** `scipy.sparse.csr.csr_matrix` */
  readonly type: string;
  readonly args: readonly unknown[];
  /** What it was restored from. */
  state: unknown = null;
  /** What was put in: of a dictionary. */
  readonly items = new Map<unknown, unknown>();

  constructor(type: string, args: readonly unknown[]) {
    checkArguments("PickledObject", { text: { type }, array: { args } });
    this.type = type;
    this.args = args;
  }
}

const MARK = Symbol("mark");

/**
 * The value in a Python pickle, of protocols 0 to 4 as far as data needs them. It builds plain values and {@link PickledObject}s and never calls what a pickle names, so that files from
 * others are safe to read. Dictionaries become maps, tuples and lists arrays, bytes of Python 3 `Uint8Array`s, texts of Python 2 strings of Latin-1.
 *
 * @throws {@link DatasetError} with code `format`
 */
export function readPickle(bytes: Uint8Array, name = "readPickle"): unknown {
  checkArguments("readPickle", { bytes: { bytes }, "text?": { name } });
  const fail = (message: string) => new DatasetError("format", `${name}: ${message}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();
  let at = 0;
  const take = (count: number): Uint8Array => {
    if (!(count >= 0) || at + count > bytes.length)
      throw fail(`the pickle is cut after ${bytes.length} bytes.`);
    return bytes.subarray(at, (at += count));
  };
  const latin = (of: Uint8Array) => Array.from(of, (byte) => String.fromCharCode(byte)).join("");
  const utf8 = (of: Uint8Array) => new TextDecoder().decode(of);
  const uint = (size: 1 | 2 | 4 | 8) => {
    take(size);
    if (size === 8) return Number(view.getBigUint64(at - 8, true));
    return size === 1
      ? (bytes[at - 1] ?? NaN)
      : size === 2
        ? view.getUint16(at - 2, true)
        : view.getUint32(at - 4, true);
  };
  const line = () => {
    const end = bytes.indexOf(10, at);
    if (end === -1) throw fail("a line of the pickle does not end.");
    const text = latin(take(end - at));
    at++;
    return text;
  };
  const pop = (): unknown => {
    if (stack.length === 0) throw fail(`nothing is left to take at byte ${at}.`);
    return stack.pop();
  };
  const popMark = (): unknown[] => {
    const mark = stack.lastIndexOf(MARK);
    if (mark === -1) throw fail(`a mark is missing at byte ${at}.`);
    const items = stack.splice(mark);
    return items.slice(1);
  };
  const put = (key: number) => memo.set(key, stack.at(-1));
  const get = (key: number) => {
    if (!memo.has(key)) throw fail(`entry ${key} is used before it is there.`);
    stack.push(memo.get(key));
  };
  const long = (of: Uint8Array) => {
    let value = 0n;
    for (let i = of.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(of[i] ?? NaN);
    return Number(of.length > 0 && (of.at(-1) ?? NaN) > 127 ? value - (1n << BigInt(8 * of.length)) : value);
  };
  const store = (target: unknown, entries: readonly unknown[]) => {
    const map = target instanceof PickledObject ? target.items : target;
    if (!(map instanceof Map)) throw fail(`items are put into what is not a dictionary, at byte ${at}.`);
    for (let i = 0; i + 1 < entries.length; i += 2) map.set(entries[i], entries[i + 1]);
  };
  const append = (target: unknown, items: readonly unknown[]) => {
    if (!Array.isArray(target)) throw fail(`items are appended to what is not a list, at byte ${at}.`);
    for (const item of items) target.push(item);
  };
  const call = (what: unknown, args: unknown) => {
    if (typeof what !== "object" || what === null || !("global" in what) || !Array.isArray(args))
      throw fail(`something is called that has no name, at byte ${at}.`);
    const { global } = what as { global: string };
    // how Python 3 writes bytes in protocol 2
    if (global === "_codecs.encode" && typeof args[0] === "string")
      return Uint8Array.from(args[0], (character) => character.charCodeAt(0));
    if (global === "copy_reg._reconstructor" || global === "copyreg._reconstructor")
      return new PickledObject((args[0] as { global?: string } | null)?.global ?? "object", []);
    return new PickledObject(global, args);
  };
  for (;;) {
    const code = String.fromCharCode(uint(1));
    switch (code) {
      case "\x80":
        take(1);
        break;
      case "\x95":
        take(8);
        break;
      case ".":
        return pop();
      case "(":
        stack.push(MARK);
        break;
      case "0":
        pop();
        break;
      case "1":
        popMark();
        break;
      case "2":
        stack.push(stack.at(-1));
        break;
      case "N":
        stack.push(null);
        break;
      case "\x88":
      case "\x89":
        stack.push(code === "\x88");
        break;
      case "K":
        stack.push(uint(1));
        break;
      case "M":
        stack.push(uint(2));
        break;
      case "J":
        stack.push(uint(4) | 0);
        break;
      case "I": {
        const text = line();
        stack.push(text === "01" ? true : text === "00" ? false : Number(text));
        break;
      }
      case "L":
        stack.push(Number(line().replace(/L$/, "")));
        break;
      case "\x8a":
        stack.push(long(take(uint(1))));
        break;
      case "F":
        stack.push(Number(line()));
        break;
      case "G":
        take(8);
        stack.push(view.getFloat64(at - 8, false));
        break;
      case "S":
        stack.push(unquoted(line()));
        break;
      case "V":
        stack.push(line());
        break;
      case "U":
        stack.push(latin(take(uint(1))));
        break;
      case "T":
        stack.push(latin(take(uint(4))));
        break;
      case "X":
        stack.push(utf8(take(uint(4))));
        break;
      case "\x8c":
        stack.push(utf8(take(uint(1))));
        break;
      case "C":
        stack.push(take(uint(1)));
        break;
      case "B":
        stack.push(take(uint(4)));
        break;
      case "\x8e":
        stack.push(take(uint(8)));
        break;
      case "]":
        stack.push([]);
        break;
      case "}":
        stack.push(new Map());
        break;
      case ")":
        stack.push([]);
        break;
      case "\x85":
      case "\x86":
      case "\x87": {
        const count = code.charCodeAt(0) - 0x84;
        if (stack.length < count) throw fail(`nothing is left to take at byte ${at}.`);
        stack.push(stack.splice(stack.length - count));
        break;
      }
      case "t":
      case "l":
        stack.push(popMark());
        break;
      case "d": {
        const entries = popMark();
        const map = new Map();
        store(map, entries);
        stack.push(map);
        break;
      }
      case "a": {
        const item = pop();
        append(stack.at(-1), [item]);
        break;
      }
      case "e": {
        const items = popMark();
        append(stack.at(-1), items);
        break;
      }
      case "s": {
        const value = pop();
        const key = pop();
        store(stack.at(-1), [key, value]);
        break;
      }
      case "u": {
        const entries = popMark();
        store(stack.at(-1), entries);
        break;
      }
      case "p":
        put(Number(line()));
        break;
      case "q":
        put(uint(1));
        break;
      case "r":
        put(uint(4));
        break;
      case "\x94":
        put(memo.size);
        break;
      case "g":
        get(Number(line()));
        break;
      case "h":
        get(uint(1));
        break;
      case "j":
        get(uint(4));
        break;
      case "c":
        stack.push({ global: `${line()}.${line()}` });
        break;
      case "\x93": {
        const attribute = pop();
        stack.push({ global: `${String(pop())}.${String(attribute)}` });
        break;
      }
      case "R":
      case "\x81": {
        const args = pop();
        stack.push(call(pop(), args));
        break;
      }
      case "b": {
        const state = pop();
        const object = stack.at(-1);
        if (!(object instanceof PickledObject))
          throw fail(`a value is restored that is not an object, at byte ${at}.`);
        object.state = state;
        break;
      }
      default:
        throw fail(`the byte ${code.charCodeAt(0)} at ${at - 1} is not an instruction that data needs.`);
    }
  }
}

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replaceAll(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll("\\n", "\n")
    .replaceAll("\\'", "'")
    .replaceAll("\\\\", "\\");
}

import { runInThisContext } from "node:vm";
import { engine, memory, Tensor } from "@tensorflow/tfjs-core";

/**
 * What a call does: it takes its arguments; refuses them with an error of the project; throws an error of JavaScript or tfjs; a kernel traps; it does not end; or it refuses, and
 * leaves tensors.
 */
export type Outcome = "accepted" | "refused" | "raw" | "trap" | "hang" | "leak";

/** A function or a class. */
export type Callable = (...args: unknown[]) => unknown;

/** For a machine that is busy with other work, too. */
const MOST_MS = 20_000;
const calling: { run?: () => unknown } = {};
Object.assign(globalThis, { pellucidContract: calling });

/** Calls a function or constructs a class, waits for what it promises or generates first, and frees it. */
export async function outcomeOf(
  target: Callable,
  args: readonly unknown[],
): Promise<{ readonly outcome: Outcome; readonly error?: unknown }> {
  const given = new Set(args.filter((each): each is Tensor => each instanceof Tensor && !each.isDisposed));
  const before = memory().numTensors - given.size;
  engine().startScope();
  let thrown: { readonly error: unknown } | undefined;
  try {
    calling.run = () =>
      isClass(target) ? Reflect.construct(target, args) : Reflect.apply(target, undefined, args);
    await settled(runInThisContext("pellucidContract.run()", { timeout: MOST_MS }));
  } catch (error) {
    thrown = { error };
  }
  for (const tensor of given) tensor.dispose();
  const left = memory().numTensors - before;
  engine().endScope();
  return thrown === undefined
    ? { outcome: "accepted" }
    : { outcome: outcomeOfError(thrown.error, left), error: thrown.error };
}

function outcomeOfError(error: unknown, left: number): Outcome {
  if (error instanceof WebAssembly.RuntimeError) return "trap";
  const { code } = Object(error) as { code?: unknown };
  if (error === late || code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return "hang";
  if (!isOurs(error)) return "raw";
  return left > 0 ? "leak" : "refused";
}

const isClass = (target: Callable): boolean => Function.prototype.toString.call(target).startsWith("class");

const late = new Error("The call did not end.");

/** Waits for a promise, and for the first value of a generator. */
async function settled(result: unknown): Promise<void> {
  const value: unknown = isGenerator(result) ? result.next() : result;
  if (!(value instanceof Promise)) return;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((_, reject) => (timer = setTimeout(() => reject(late), MOST_MS)));
  try {
    await Promise.race([value, limit]);
  } finally {
    clearTimeout(timer);
    if (isGenerator(result)) void Promise.resolve(result.return(undefined)).catch(() => {});
  }
}

function isGenerator(value: unknown): value is Generator | AsyncGenerator {
  return Object.prototype.toString.call(value).endsWith("Generator]");
}

const builtIn = new Set<unknown>([
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  URIError,
  AggregateError,
]);

/** Errors of the project have a class of their own, or begin with who throws: `fit: epochs is …`. */
function isOurs(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (!builtIn.has(error.constructor)) return true;
  return !("code" in error) && /^[a-zA-Z_][\w.-]*(\([^)]*\))?: /.test(error.message);
}

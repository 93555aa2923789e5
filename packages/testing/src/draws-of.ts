import { Rng } from "@pellucid/core-train";

/** The methods of {@link Rng} by which `body` draws, in order: `[]` if it draws nothing. */
export function drawsOf(body: () => void): string[] {
  const own = Object.getOwnPropertyDescriptors(Rng.prototype);
  const calls: string[] = [];
  const draws = Object.entries(own).filter(([name]) => !["constructor", "state", "restore"].includes(name));
  for (const [name, { value: method }] of draws) {
    Object.defineProperty(Rng.prototype, name, {
      configurable: true,
      value(this: Rng, ...args: unknown[]) {
        calls.push(name);
        return method.apply(this, args);
      },
    });
  }
  try {
    body();
  } finally {
    Object.defineProperties(Rng.prototype, own);
  }
  return calls;
}

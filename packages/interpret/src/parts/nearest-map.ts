import type { Spread } from "./flow-lines.ts";

/** The map nearest to another in a direction: the next one along it, of those that lie about as high (or as far left). */
export function nearestMap<Map extends Element>(
  maps: readonly Map[],
  spreads: ReadonlyMap<Element, Spread>,
  from: Element,
  [dx, dy]: readonly [dx: number, dy: number],
): Map | undefined {
  const here = spreads.get(from);
  if (here === undefined) return undefined;
  const distance = (map: Element): number => {
    const there = spreads.get(map);
    if (there === undefined || map === from) return Infinity;
    const [along, across] =
      dx === 0
        ? [(there.y - here.y) * dy, Math.abs(there.x - here.x)]
        : [(there.x - here.x) * dx, Math.abs(there.y - here.y)];
    return along > 4 && across < 40 ? along + 3 * across : Infinity;
  };
  const [nearest] = maps.toSorted((a, b) => distance(a) - distance(b));
  return nearest === undefined || distance(nearest) === Infinity ? undefined : nearest;
}

import { NetworkError } from "./network-error.ts";

/** What is known about a node or an edge, by name. */
export type Attributes = Record<string, unknown>;

/** The weight of an edge; 1 where it has none. */
export function weightOf(edge: Readonly<Attributes>, weight: string | null | undefined): number {
  if (weight === undefined || weight === null) return 1;
  const found = edge[weight] ?? 1;
  if (typeof found === "number") return found;
  throw new NetworkError(`Network: ${weight} of an edge is ${JSON.stringify(found)}, expected a number.`);
}

/** Sets the attribute of a name, or without a name all those of a record. */
export function assignAttributes(to: Attributes, value: unknown, name: string | undefined): void {
  if (name !== undefined) to[name] = value;
  else if (typeof value === "object" && value !== null) Object.assign(to, value);
  else throw new NetworkError(`Network: attributes are ${String(value)}, expected a record, or give a name.`);
}

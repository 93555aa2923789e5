import { NetworkError } from "./network-error.ts";

/** What names a node: a text or a number. */
export type NodeName = string | number;

/** Whether something can name a node. */
export function isName(value: unknown): value is NodeName {
  return typeof value === "string" || typeof value === "number";
}

/** @throws {NetworkError} Unless it names a node. */
export function checkNode(node: unknown): void {
  if (typeof node === "string" || (typeof node === "number" && Number.isFinite(node))) return;
  throw new NetworkError(`Network: a node is ${JSON.stringify(node)}, expected a text or a finite number.`);
}

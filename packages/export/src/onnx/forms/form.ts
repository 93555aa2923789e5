import type { TracedAttribute, TracedNode, TracedSize } from "@pellucid/core-train";
import { ExportError } from "../../export-error.ts";
import type { Held } from "../held.ts";
import type { OnnxGraph } from "../onnx-graph.ts";

/** Writes one op as nodes of ONNX. */
export type Form = (graph: OnnxGraph, node: TracedNode) => void;

/** The first output of a node. */
export function outputOf({ outputs }: TracedNode): string {
  return outputs[0] as string;
}

/** The value that went in under a name. */
export function inputOf(node: TracedNode, name: string): string {
  const value = node.inputs[name];
  if (value === undefined) throw refused(node, `it has no input ${name}`);
  return value;
}

/** The inputs of an op that takes a list. */
export function listOf({ inputs }: TracedNode): readonly string[] {
  return Object.values(inputs);
}

/** An attribute that is a number and does not depend on the sizes of the inputs. */
export function numberOf(node: TracedNode, name: string): number {
  return fixed(node, name, node.attributes[name]);
}

/** An attribute that is a list of such numbers. */
export function numbersOf(node: TracedNode, name: string): readonly number[] {
  return fixedList(node, name, node.attributes[name]);
}

/** An attribute that is a list of lists of such numbers. */
export function pairsOf(node: TracedNode, name: string): readonly (readonly number[])[] {
  const value = node.attributes[name];
  if (!Array.isArray(value)) throw refused(node, `${name} is not a list`);
  return (value as readonly TracedAttribute[]).map((pair) => fixedList(node, name, pair));
}

/** An attribute that is a list of sizes, which may be free. */
export function sizesOf(node: TracedNode, name: string): readonly TracedSize[] {
  const value = node.attributes[name];
  if (!Array.isArray(value)) throw refused(node, `${name} is not a list`);
  return value as readonly TracedSize[];
}

function fixedList(node: TracedNode, name: string, value: TracedAttribute): readonly number[] {
  if (!Array.isArray(value)) throw refused(node, `${name} is not a list`);
  return (value as readonly TracedAttribute[]).map((item) => fixed(node, name, item));
}

function fixed(node: TracedNode, name: string, value: TracedAttribute): number {
  if (typeof value === "number") return value;
  throw refused(node, `${name} depends on the sizes of the inputs. Fix them with { axes }`);
}

/** Whether an axis list may be left out or be one number: as a list of axes from 0. */
export function axesOf(node: TracedNode, name: string, rank: number): readonly number[] {
  const value = node.attributes[name];
  const axes =
    value === undefined || value === null ? Array.from({ length: rank }, (_, i) => i) : [value].flat();
  return axes.map((axis) => {
    const n = fixed(node, name, axis as TracedAttribute);
    return n < 0 ? n + rank : n;
  });
}

/** Whether a value is there with channels first only. */
export function isOnlyFirst({ first, last, make, known }: Held): boolean {
  return first !== undefined && last === undefined && make === undefined && known === undefined;
}

/** An op that has no form in ONNX. */
export function refused({ op, path, type }: TracedNode, reason: string): ExportError {
  const where = path === "" ? type : `${type} at ${path}`;
  return new ExportError(`toOnnx: ${op} in ${where} has no form in ONNX: ${reason}.`);
}

import type { Module } from "@pellucid/core-train";
import { memory } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { wrongArguments } from "./wrong-arguments.ts";

/** A class of layers or models. */
export type ModuleClass = new (...args: never[]) => Module;

/**
 * Constructs a layer or model with its arguments, then with each of {@link wrongArguments}: it throws an error of the project that
 * names the caller, or takes them; and no tensor is left when it throws, or when it is disposed of.
 */
export function checkConstructor(create: ModuleClass, args: readonly unknown[]): void {
  const construct = (given: readonly unknown[]): Module => Reflect.construct(create, given) as Module;
  const before = memory().numTensors;
  construct(args).dispose();
  expect(memory().numTensors, `${create.name} leaks`).toBe(before);
  for (const wrong of wrongArguments(args)) {
    const title = `new ${create.name}(${JSON.stringify(wrong)})`;
    let thrown: unknown;
    try {
      construct(wrong).dispose();
    } catch (error) {
      thrown = error;
    }
    expect(memory().numTensors, `${title} leaks`).toBe(before);
    if (thrown === undefined) continue;
    const { name, message } = thrown as Error;
    expect(name, `${title}: ${message}`).toMatch(/^(Option|Struct|Window|Shape|Data|Index|Dtype|Axis)Error$/);
    expect(message, title).toMatch(/^\w+: /);
  }
}

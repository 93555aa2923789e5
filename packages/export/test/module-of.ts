import { Module } from "@pellucid/core-train";

/** A module made of a function. */
export class ModuleOf<Inputs extends readonly unknown[], Y> extends Module {
  readonly run: (...inputs: Inputs) => Y;

  constructor(run: (...inputs: Inputs) => Y) {
    super();
    this.run = run;
  }

  forward(...inputs: Inputs): Y {
    return this.run(...inputs);
  }
}

import type { Message } from "./message.ts";
import { type Attribute, nodeProto } from "./onnx-proto.ts";

/** Gives names within a graph, and within the graphs in it; one that is taken gets a number. */
export class Names {
  readonly #taken = new Set<string>();

  unique(name: string): string {
    let found = name;
    for (let n = 2; this.#taken.has(found); n++) found = `${name}_${n}`;
    this.#taken.add(found);
    return found;
  }
}

/** The nodes of a graph, or of the body of a loop, in the order in which they run. */
export class NodeList {
  readonly messages: Message[] = [];
  readonly names: Names;

  constructor(names: Names) {
    this.names = names;
  }

  /** Adds a node with one output, and returns the name of the output. */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name = op.toLowerCase(),
  ): string {
    return this.several(op, inputs, attributes, [name])[0] as string;
  }

  /** Adds a node with several outputs; one whose name is empty is left out. */
  several(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    names: readonly string[],
  ): readonly string[] {
    const outputs = names.map((name) => (name === "" ? "" : this.names.unique(name)));
    const first = outputs.find((output) => output !== "") ?? op;
    this.messages.push(nodeProto(`${first}:${op}`, op, inputs, outputs, attributes));
    return outputs;
  }

  /** Adds a node whose output has a name that was taken for it before. */
  output(op: string, input: string, name: string, attributes: Readonly<Record<string, Attribute>>): void {
    this.messages.push(nodeProto(`${name}:${op}`, op, [input], [name], attributes));
  }
}

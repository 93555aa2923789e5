import type { TracedNode } from "@pellucid/core-train";
import { elementwise } from "./elementwise.ts";
import { type Form, numberOf } from "./form.ts";

/**
 * An op that works number by number, as an expression of ONNX's: `Mul(x, Sigmoid(x))`. Words are inputs by their names in the trace, numbers, and, with a `$`, attributes:
 * `Where(Greater(x, $at), x, $value)`. A `:` is followed by the kind that a `Cast` gives.
 */
export function expression(text: string): Form {
  const tokens = text.match(/[\w.$:]+|[(,)]/g) ?? [];
  return (graph, node) => {
    const names = Object.keys(node.inputs);
    elementwise(graph, node, Object.values(node.inputs), (inputs, out) => {
      let at = 0;
      const term = (name?: string): string => {
        const word = tokens[at++] ?? "";
        if (tokens[at] !== "(") return inputs[names.indexOf(word)] ?? graph.scalar(numberIn(word, node));
        const parts: string[] = [];
        do {
          at++;
          parts.push(term());
        } while (tokens[at] === ",");
        at++;
        const [op = "", to] = word.split(":");
        return graph.add(op, parts, to === undefined ? {} : { to: Number(to) }, name);
      };
      return term(out);
    });
  };
}

function numberIn(word: string, node: TracedNode): number {
  return word.startsWith("$") ? numberOf(node, word.slice(1)) : Number(word);
}

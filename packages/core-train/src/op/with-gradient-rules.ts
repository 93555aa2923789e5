import {
  engine,
  getGradient,
  type GradConfig,
  type NamedAttrMap,
  registerGradient,
  type Tensor,
  tidy,
  unregisterGradient,
  zeros,
} from "@tensorflow/tfjs-core";
import { checkRecord } from "../check-record.ts";
import { checkFunction } from "../check-callable.ts";

/** One run of an op whose gradient a rule takes over. */
export interface OpRun {
  /** By name, as the op has them. The first is the one whose gradient is asked for. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly output: Tensor;
  /** What the op's own gradient would give, with these inputs or with others. */
  readonly ordinary: (dy: Tensor, inputs?: Readonly<Record<string, Tensor>>) => Tensor;
  /** What the op gives for other inputs. */
  readonly again: (inputs: Readonly<Record<string, Tensor>>) => Tensor;
}

/** A rule instead of an op's gradient: from what arrives at the output to what arrives at the first input. */
export interface GradientRule {
  /** The op's inputs by name; `gradient` is for the first. */
  readonly inputs: readonly string[];
  readonly gradient: (dy: Tensor, run: OpRun) => Tensor;
  /** What arrives at the output for the gradients of the other inputs, which are the op's own. Default: `dy`. */
  readonly others?: (dy: Tensor, run: OpRun) => Tensor;
}

/**
 * Runs `body` while ops have other gradients: what guided backprop, DeepLIFT and layer-wise relevance propagation are made of.
 * It works on ops, not on layers, so a function such as `relu(x)`, or a layer used twice, is no different. Afterwards every op is
 * itself again, also when `body` throws. Synchronous; values stay as they are.
 *
 * @param rules by the op's name; names of ops that do not exist here are passed over
 */
export function withGradientRules<T>(rules: Readonly<Record<string, GradientRule>>, body: () => T): T {
  checkRecord("withGradientRules", "rules", rules, []);
  checkFunction("withGradientRules", "body", body);
  const own = new Map<string, GradConfig>();
  try {
    for (const [kernelName, rule] of Object.entries(rules)) {
      const ordinary = getGradient(kernelName) as GradConfig | undefined;
      if (ordinary === undefined) continue;
      own.set(kernelName, ordinary);
      replace(kernelName, ruled(kernelName, rule, ordinary));
    }
    return body();
  } finally {
    for (const [kernelName, config] of own) replace(kernelName, config);
  }
}

function replace(kernelName: string, config: GradConfig): void {
  unregisterGradient(kernelName);
  registerGradient(config);
}

function ruled(kernelName: string, rule: GradientRule, own: GradConfig): GradConfig {
  const names = rule.inputs;
  return {
    kernelName,
    inputsToSave: [...names],
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => {
      const inputs = Object.fromEntries(names.map((name, i) => [name, saved[i] as Tensor]));
      const output = saved[names.length] as Tensor;
      const gradientsOf = (at: Tensor, given: Readonly<Record<string, Tensor>>, y: Tensor) => {
        const kept = (own.saveAllInputs === true ? names : (own.inputsToSave ?? [])).map(
          (name) => given[name] as Tensor,
        );
        return own.gradFunc(at, own.outputsToSave?.[0] === true ? [...kept, y] : kept, attributes);
      };
      const [first = ""] = names;
      const again = (given: Readonly<Record<string, Tensor>>) =>
        engine().runKernel(kernelName, { ...given }, attributes as NamedAttrMap) as Tensor;
      const ordinary = (at: Tensor, given = inputs) =>
        gradientsOf(at, given, given === inputs ? output : again(given))[first]?.() ??
        zeros(inputs[first]?.shape ?? []);
      const run = { inputs, output, ordinary, again };
      const others = gradientsOf(rule.others?.(dy as Tensor, run) ?? (dy as Tensor), inputs, output);
      return {
        ...others,
        [first]: () => tidy(() => rule.gradient(dy as Tensor, run)),
      };
    },
  };
}

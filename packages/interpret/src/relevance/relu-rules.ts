import { type GradientRule, OptionError } from "@pellucid/core-train";
import { activationOps, reluOps } from "./activation-ops.ts";

/** Gradient rules with the ops that they met. */
export interface ReluRules {
  readonly rules: Readonly<Record<string, GradientRule>>;
  /** @throws OptionError if only other activations ran: the rule is defined for ReLU, and the result would be the plain gradient */
  readonly check: () => void;
}

/** One rule for every ReLU; other activations keep their gradient. */
export function reluRules(caller: string, rule: GradientRule): ReluRules {
  const met = { relu: false, others: new Set<string>() };
  const rules: Record<string, GradientRule> = {};
  for (const name of activationOps) {
    const isRelu = reluOps.includes(name);
    rules[name] = {
      inputs: ["x"],
      gradient: (dy, run) => {
        if (isRelu) met.relu = true;
        else met.others.add(name.replace("Pellucid", ""));
        return isRelu ? rule.gradient(dy, run) : run.ordinary(dy);
      },
    };
  }
  const check = (): void => {
    if (met.relu || met.others.size === 0) return;
    throw new OptionError(
      caller,
      "score",
      `a net whose activations are ${[...met.others].join(", ")}`,
      "one with ReLUs: of others the result is the gradient. Use saliency",
    );
  };
  return { rules, check };
}

import { checkOption } from "../check-option.ts";
import { checkArguments } from "../check-arguments.ts";

/** How much each member of an ensemble counts: numbers ≥ 0 whose sum is 1. */
export function shares(caller: string, members: readonly unknown[], weights?: readonly number[]): number[] {
  checkArguments(caller, { "{ forward }[]": { models: members }, "numbers?": { weights } });
  checkOption(caller, "models", members.length, members.length > 0, "at least one model");
  const given = weights ?? members.map(() => 1);
  const total = given.reduce((sum, weight) => sum + weight, 0);
  const fits = given.length === members.length && given.every((weight) => weight >= 0) && total > 0;
  checkOption(caller, "weights", `[${given.join(", ")}]`, fits, `${members.length} numbers ≥ 0, not all 0`);
  return given.map((weight) => weight / total);
}

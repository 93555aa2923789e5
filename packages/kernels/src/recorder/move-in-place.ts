import type { Instance } from "../wasm/module.ts";
import type { Copy } from "./wasm-calls.ts";
import type { Call } from "./call.ts";
import type { WasmFunction, WasmMemory } from "./wasm-memory.ts";
import type { Used, Uses } from "./uses.ts";

/** A step of an optimizer for one parameter, by the positions of its arguments, and the function that makes it for many, in place. */
interface Rule {
  readonly one: keyof Instance["exports"];
  readonly many: "adamMoves" | "momentumMoves";
  readonly parameter: number;
  readonly update: number;
  readonly states: readonly (readonly [before: number, after: number])[];
  /** The integers end with the count; what follows are floats. */
  readonly count: number;
}

const rules: readonly Rule[] = [
  {
    one: "adamStep",
    many: "adamMoves",
    parameter: 1,
    update: 4,
    states: [
      [2, 5],
      [3, 6],
    ],
    count: 7,
  },
  { one: "momentumStep", many: "momentumMoves", parameter: 1, update: 3, states: [[2, 4]], count: 5 },
];

/** What a replay does: calls, and then copies. */
export interface Sequence {
  readonly calls: readonly Call[];
  readonly copies: readonly Copy[];
}

/** A step for one parameter that can be made in place: its call, and the call and the copies that this replaces. */
interface Move {
  readonly rule: Rule;
  readonly call: Call;
  readonly sum: Call;
  readonly copies: readonly Copy[];
}

/**
 * Lets neighboring steps of an optimizer write parameters and states where they are, in one call, where a step writes them elsewhere, adds, and copies at the end. That gives the same
 * numbers as long as nothing else reads what was there before, nor the updates, and no check comes later that could stop the step.
 *
 * @param uses which calls could
 * @param take memory that stays
 */
export function moveInPlace(
  { calls, copies }: Sequence,
  uses: Uses,
  memory: WasmMemory,
  take: (bytes: number) => number,
): Sequence {
  const lastCheck = calls.findLastIndex(({ isHost }) => isHost === true);
  const moves = new Map<Call, Move>();
  const sums = new Set<Call>();
  for (const [i, call] of calls.entries()) {
    const rule = rules.find(({ one }) => call.run === (memory.instance.exports[one] as WasmFunction));
    const move =
      rule === undefined || i < lastCheck ? null : moveOf(i, { calls, copies, uses, memory, rule });
    if (move === null) continue;
    moves.set(call, move);
    sums.add(move.sum);
  }
  const joined: Call[] = [];
  let group: Move[] = [];
  const close = () => {
    if (group.length > 0) joined.push(callOf(group, memory, take));
    group = [];
  };
  for (const call of calls) {
    if (sums.has(call)) continue;
    const move = moves.get(call);
    if (move === undefined || (group[0] !== undefined && group[0].rule !== move.rule)) close();
    if (move === undefined) joined.push(call);
    else group.push(move);
  }
  close();
  const replaced = new Set([...moves.values()].flatMap((move) => move.copies));
  return { calls: joined, copies: copies.filter((copy) => !replaced.has(copy)) };
}

/** How call `i` can be made in place; `null` where it cannot. */
function moveOf(
  i: number,
  {
    calls,
    copies,
    uses,
    memory,
    rule,
  }: Sequence & { readonly uses: Uses; readonly memory: WasmMemory; readonly rule: Rule },
): Move | null {
  const call = calls[i] as Call;
  const found = uses.at(i);
  const used = (position: number) => found.get(call.values[position] as number);
  const [parameter, update] = [used(rule.parameter), used(rule.update)];
  if (parameter === undefined || update === undefined) return null;
  const [at = -1, ...others] = later(update, i);
  const sum = calls[at];
  if (sum === undefined || others.length > 0 || sum.run !== memory.module.asm["Add"]) return null;
  if (later(parameter, i).some((other) => other !== at)) return null;
  if (sum.values[0] !== parameter.id || sum.values[3] !== update.id) return null;
  const next = [...uses.at(at).values()].find(({ id }) => id === sum.values.at(-1));
  if (next === undefined || later(next, at).length > 0) return null;
  const pairs: (readonly [from: Used | undefined, to: Used | undefined])[] = [[next, parameter]];
  for (const [before, after] of rule.states) pairs.push([used(after), used(before)]);
  const bytes = 4 * (call.values[rule.count] as number);
  const made: Copy[] = [];
  for (const [from, to] of pairs) {
    const copy = copies.find(
      (each) => each.from.address === from?.address && each.to.address === to?.address,
    );
    if (copy === undefined || copy.from.bytes !== bytes) return null;
    made.push(copy);
  }
  for (const [from, to] of pairs.slice(1))
    if (later(from as Used, i).length > 0 || later(to as Used, i).length > 0) return null;
  return { rule, call, sum, copies: made };
}

/** Calls after one for which a tensor is looked up. */
const later = ({ calls }: Used, call: number): number[] => [
  ...new Set(calls.filter((other) => other > call)),
];

/** One call for all. Its table holds their arguments, of which replays change some. */
function callOf(moves: readonly Move[], memory: WasmMemory, take: (bytes: number) => number): Call {
  const [first] = moves as [Move];
  const { many, count: last } = first.rule;
  const width = first.call.values.length;
  const size = width * moves.length;
  const table = take(4 * size);
  const [integers, floats] = [memory.view(table, [size], "int32"), memory.view(table, [size], "float32")];
  const total = moves.reduce((sum, { call }) => sum + (call.values[last] as number), 0);
  const run = memory.instance.exports[many] as WasmFunction;
  const rows = moves.map(({ call }) => call.values);
  return {
    values: [],
    isMove: true,
    run: () => {
      const [words, numbers] = [integers(), floats()];
      let at = 0;
      for (const values of rows) {
        for (let i = 0; i <= last; i++) words[at++] = values[i] as number;
        for (let i = last + 1; i < width; i++) numbers[at++] = values[i] as number;
      }
      return run(table, moves.length, total, 0, 1);
    },
  };
}

import { DataError, Rng } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { expect, test } from "vitest";
import { addingProblem } from "./adding-problem.ts";
import { copyTask } from "./copy-task.ts";

interface Drawn {
  readonly x: number[];
  readonly y: number[];
}

const torch = fixture<{ adding: Drawn; copy: Drawn }>(import.meta.url, "../../fixtures/torch/sequences.json");

test("the adding problem is PyTorch's for a seed: of each sequence two numbers are marked, and the target is their sum", () => {
  const { train, test } = addingProblem({ rng: new Rng(3), time: 7, train: 4, test: 2 });
  expect(train.fields.x.shape).toEqual([4, 7, 2]);
  expect(train.fields.y.shape).toEqual([4, 1]);
  expect([...train.fields.x.data]).toEqual(torch.adding.x.map(Math.fround));
  for (const [i, sum] of torch.adding.y.entries()) expect(train.fields.y.data[i]).toBeCloseTo(sum, 6);
  expect(test.length).toBe(2);
  expect(test.get(1).y.data[0]).toBeCloseTo(
    [...Array(7).keys()].reduce((sum, t) => {
      const [number = 0, mark = 0] = test.get(1).x.data.subarray(2 * t);
      return sum + number * mark;
    }, 0),
    6,
  );
});

test("who always says 1 in the adding problem is wrong by a sixth", () => {
  const { y } = addingProblem({ rng: new Rng(0), time: 10, train: 10_000, test: 1 }).train.fields;
  const error = y.data.reduce((sum, value) => sum + (value - 1) ** 2, 0) / y.data.length;
  expect(error).toBeCloseTo(1 / 6, 2);
});

test("the copy task is PyTorch's for a seed: symbols, zeros, nines; at the end the symbols are to be said", () => {
  const { train } = copyTask({ rng: new Rng(5), blank: 4, memory: 3, train: 2, test: 1 });
  expect(train.fields.x.shape).toEqual([2, 10]);
  expect([...train.fields.x.data]).toEqual(torch.copy.x);
  expect([...train.fields.y.data]).toEqual(torch.copy.y);
});

test("sizes that make no sequence are refused", () => {
  expect(() => addingProblem({ rng: new Rng(0), time: 1 })).toThrow(
    new DataError("addingProblem: time is 1, expected an integer from 2: two are added."),
  );
  expect(() => copyTask({ rng: new Rng(0), blank: 0 })).toThrow(
    new DataError("copyTask: blank is 0, expected an integer above 0."),
  );
});

import { conv2d, maxPool2d, relu } from "@pellucid/core-train";
import { deepLift } from "@pellucid/interpret";
import {
  mul,
  reshape,
  sum,
  tensor,
  type Tensor1D,
  type Tensor4D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import fixture from "../../fixtures/torch/deep_lift_ties.json" with { type: "json" };

const { filters, bias, weight } = fixture.net;
const score = (x: Tensor4D) =>
  tidy(() => {
    const w = transpose(tensor(filters, [3, 1, 3, 3]), [2, 3, 1, 0]) as Tensor4D;
    const z = conv2d(x, w, tensor(bias) as Tensor1D, { padding: 1 }); // [batch, 8, 8, 3]
    const p = maxPool2d(relu(z), 2); //                                  [batch, 4, 4, 3]
    return sum(mul(p, transpose(tensor(weight, [1, 3, 4, 4]), [0, 2, 3, 1])), [1, 2, 3]) as Tensor1D;
  });

test.each(fixture.cases)(
  "$name, where all pixels of a pool's window are equal: Captum's rule, by which the first of equal ones has all",
  ({ x, baseline, map, change }) => {
    const found = deepLift(score, { baseline })(reshape(tensor(x), [1, 8, 8, 1]) as Tensor4D);
    expect(found).toBeAllclose(map, { rtol: 1e-4, atol: 3e-6 * Math.max(...map.map(Math.abs)) });
    expect(sum(found)).toBeAllclose([change], { rtol: 1e-4, atol: 1e-4 });
  },
);

import type { DataType, Tensor } from "@tensorflow/tfjs-core";
import { checkTensor } from "../check-tensor.ts";
import { DtypeError } from "../dtype-error.ts";
import { ShapeError } from "../shape-error.ts";
import { type OpInput, parseOpInput } from "./op-input.ts";

/**
 * Makes the check of an op's inputs: each must have a dtype and the rank that it declares, so that no kernel reads bytes as another type.
 *
 * @param caller the function that users call
 */
export function checkOpInputs(
  caller: string,
  declared: Readonly<Record<string, OpInput>>,
): (given: Readonly<Record<string, Tensor>>) => void {
  const checks = Object.entries(declared).map(([name, input]) => ({ name, input, ...parseOpInput(input) }));
  return (given) => {
    for (const { name, input, dtypes, rank } of checks) {
      const x = given?.[name];
      checkTensor(caller, name, x, input);
      if (!dtypes.includes(x.dtype)) {
        throw new DtypeError(
          `${caller}: ${name} is ${x.dtype}, expected ${dtypes.join(" or ")}. ${advice(name, x.dtype, dtypes)}`,
        );
      }
      if (rank !== null && x.shape.length !== rank) {
        throw new ShapeError(
          `${caller}: ${name} is [${x.shape.join(", ")}], expected ${input.slice(input.indexOf("["))}.`,
        );
      }
    }
  };
}

function advice(name: string, dtype: DataType, [wanted = "float32"]: readonly DataType[]): string {
  if (dtype === "complex64") return `Pass real(${name}), imag(${name}) or abs(${name}).`;
  return `Cast it: cast(${name}, "${wanted}").`;
}

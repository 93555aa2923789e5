import { checkArguments, type HostTensor, ShapeError } from "@pellucid/core-train";

/**
 * Throws unless `x` is a tensor on the host, `{ data, shape }`, whose numbers are as many as its shape says.
 *
 * @throws {StructError} for something else
 * @throws {ShapeError} for another number of numbers
 */
export function checkHostTensor(caller: string, name: string, x: HostTensor): void {
  checkArguments(caller, { "{ data, shape }": { [name]: x } });
  const { data, shape } = x;
  checkArguments(caller, { numbers: { [`${name}.data`]: data }, "size[]": { [`${name}.shape`]: shape } });
  const size = shape.reduce((product, n) => product * n, 1);
  if (data.length !== size)
    throw new ShapeError(
      `${caller}: ${name} has ${data.length} numbers, expected ${size} for [${shape.join(", ")}].`,
    );
}

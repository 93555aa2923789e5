import { engine, tensor_util, type TensorContainer } from "@tensorflow/tfjs-core";

/**
 * Moves the tensors in an array or an object, however deep, to the backend in use, also from a GPU that cannot be read synchronously.
 * Each stays the tensor that it was.
 *
 * ```ts
 * await useBackend({ only: "wasm" });
 * await moveTensors([stateOf(model), optimizer.state]);
 * ```
 *
 * @returns the number of tensors that were moved
 * @throws TypeError for complex numbers
 */
export async function moveTensors(container: object): Promise<number> {
  const { backend: to, state } = engine();
  const found = tensor_util.getTensorsInContainer(container as TensorContainer);
  let moved = 0;
  for (const { dataId, shape, dtype } of found) {
    const info = state.tensorInfo.get(dataId);
    if (info === undefined || info.backend === to) continue;
    if (dtype === "complex64") {
      throw new TypeError(
        `moveTensors: a tensor [${shape.join(", ")}] holds complex numbers, which are two tensors. Move its real and imaginary part, and combine them again.`,
      );
    }
    const values = await info.backend.read(dataId);
    if (state.tensorInfo.get(dataId) !== info || info.backend === to) continue; // disposed or moved in the meantime
    const users = info.backend.refCount(dataId);
    info.backend.disposeData(dataId, true);
    info.backend = to;
    to.move(dataId, values, shape, dtype, users);
    moved++;
  }
  return moved;
}

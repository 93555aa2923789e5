import {
  type BackendValues,
  engine,
  getKernel,
  type KernelBackend,
  type KernelFunc,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { ComposedKernel } from "../composed/define-composed-kernel.ts";

type Inputs = Readonly<Record<string, TensorInfo | readonly TensorInfo[]>>;

/**
 * A kernel that a backend lacks, computed by tfjs' CPU backend: what goes in is copied there, and what comes out is copied back.
 * For ops on strings, ragged rows and indices, which gain nothing from a GPU. The CPU backend must have been imported.
 */
export function fromCpu(kernelName: string): ComposedKernel {
  const kernelFunc: KernelFunc = (call) => {
    const own = call.backend as KernelBackend;
    const cpu = engine().findBackend("cpu") as KernelBackend | null;
    const kernel = getKernel(kernelName, "cpu") as ReturnType<typeof getKernel> | undefined;
    if (cpu === null || kernel === undefined) {
      throw new Error(
        `${kernelName} runs on tfjs' CPU backend. Import "@tensorflow/tfjs-backend-cpu" once, before it is needed.`,
      );
    }
    const lent: TensorInfo[] = [];
    const lend = ({ dataId, shape, dtype }: TensorInfo): TensorInfo => {
      const copy = { dataId: cpu.write(read(own, dataId, kernelName), shape, dtype), shape, dtype };
      lent.push(copy);
      return copy;
    };
    const inputs = Object.entries(call.inputs as Inputs).map(([name, given]) => [
      name,
      "dataId" in given ? lend(given as TensorInfo) : given.map(lend),
    ]);
    try {
      const found = kernel.kernelFunc({ ...call, inputs: Object.fromEntries(inputs), backend: cpu });
      const back = ({ dataId, shape, dtype }: TensorInfo): TensorInfo => {
        const values = cpu.readSync(dataId) as BackendValues;
        cpu.disposeData(dataId);
        return { dataId: own.write(values, shape, dtype), shape, dtype };
      };
      return Array.isArray(found) ? found.map(back) : back(found);
    } finally {
      for (const { dataId } of lent) cpu.disposeData(dataId);
    }
  };
  return { kernelName, make: (builtIn) => builtIn ?? kernelFunc };
}

function read(backend: KernelBackend, dataId: TensorInfo["dataId"], kernelName: string): BackendValues {
  try {
    return backend.readSync(dataId) as BackendValues;
  } catch (cause) {
    throw new Error(
      `${kernelName} runs on the CPU, and what it was given is on a GPU that cannot be read at once. Make a tensor of what \`await x.data()\` gives, and use that.`,
      { cause },
    );
  }
}

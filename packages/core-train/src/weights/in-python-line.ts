/** Says how to convert a file of `torch.save`, which can run any program when it is read, to safetensors. */
export function inPythonLine(path: string): string {
  const target = path.replace(/\.[^./\\]*$/, "").replace(/pytorch_model/, "model");
  const tensors = `{k: v.contiguous().clone() for k, v in torch.load(${JSON.stringify(path)}, "cpu", weights_only=True).items()}`;
  return `Convert it in Python: import torch, safetensors.torch as st; st.save_file(${tensors}, ${JSON.stringify(`${target}.safetensors`)}, {"format": "pt"})`;
}

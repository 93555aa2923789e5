# The files of every-model.test.ts in ONNX's own checker and in onnxruntime for Python:
#   PELLUCID_ONNX=FOLDER pnpm exec vitest run --project node packages/export/test/every-model.test.ts
#   pip install onnx onnxruntime && python3 check-onnx.py FOLDER
import sys
from pathlib import Path

import onnx
import onnxruntime

files = sorted(Path(sys.argv[1]).glob("*.onnx"))
for file in files:
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    onnxruntime.InferenceSession(str(file))
    print(f"{file.name}: opset {model.opset_import[0].version}, IR {model.ir_version}, {len(model.graph.node)} nodes")
print(f"{len(files)} files passed")

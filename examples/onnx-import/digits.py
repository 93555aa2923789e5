"""Trains a small CNN on the UCI digits in PyTorch and writes digits.onnx.

pip install torch scikit-learn onnx onnxscript && python3 digits.py
"""
import onnx
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

x, y = load_digits(return_X_y=True)
x = torch.tensor(x, dtype=torch.float32).reshape(-1, 1, 8, 8) / 16
y = torch.tensor(y)
train, test = train_test_split(range(len(y)), test_size=0.25, stratify=y, random_state=0)

torch.manual_seed(0)
model = nn.Sequential()
model.add_module("conv1", nn.Conv2d(1, 8, 3, padding=1))
model.add_module("relu1", nn.ReLU())
model.add_module("pool", nn.MaxPool2d(2))
model.add_module("conv2", nn.Conv2d(8, 16, 3, padding=1))
model.add_module("relu2", nn.ReLU())
model.add_module("flatten", nn.Flatten())
model.add_module("fc", nn.Linear(256, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for _ in range(15):
    for batch in torch.randperm(len(train)).split(64):
        rows = torch.tensor(train)[batch]
        loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
model.eval()
right = (model(x[test]).argmax(1) == y[test]).sum().item()
print(f"{right} of {len(test)} unseen digits are right")

options = {"input_names": ["digits"], "output_names": ["logits"], "opset_version": 18, "external_data": False}
torch.onnx.export(model, (x[:2],), "digits.onnx", dynamic_shapes=({0: torch.export.Dim("batch")},), **options)
file = onnx.load("digits.onnx")  # without the stack traces of the exporter
for node in file.graph.node:
    node.ClearField("metadata_props")
del file.graph.metadata_props[:]
onnx.save(file, "digits.onnx")

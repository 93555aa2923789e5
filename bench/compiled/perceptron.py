# A step of the perceptrons of work.ts in PyTorch, one thread: python3 perceptron.py mlp fused
import sys
import time

import torch

name, kind = sys.argv[1:3]
torch.set_num_threads(1)
batch, sizes = {"mlp-small": (16, [64, 64, 32, 10]), "mlp": (128, [784, 256, 128, 10])}[name]
torch.manual_seed(0)
model = torch.nn.Sequential(
    torch.nn.Linear(sizes[0], sizes[1]), torch.nn.ReLU(), torch.nn.Linear(sizes[1], sizes[2]), torch.nn.ReLU(), torch.nn.Linear(sizes[2], sizes[3])
)
torch.manual_seed(1)
x = torch.randn(batch, sizes[0])
y = torch.randint(0, 10, (batch,))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **({"fused": True} if kind == "fused" else {}))
for _ in sys.stdin:
    begin = time.process_time()
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    value = loss.item()
    print(value, 1000 * (time.process_time() - begin), flush=True)

# The same four nets, recipe and seed in PyTorch: `python pytorch.py cnn FOLDER`, where FOLDER has the t10k files of MNIST.
import gzip
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset

sys.path.append(str(Path(__file__).parents[2] / "packages/cnn/fixtures/torch"))
from mnist_nets import Cnn, Inception, Mlp, Residual

torch.set_num_threads(1)


def read(path: Path, header: int) -> np.ndarray:
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=header)


net, folder = sys.argv[1], Path(sys.argv[2])
images = read(folder / "t10k-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)
labels = read(folder / "t10k-labels-idx1-ubyte.gz", 8)
order = np.random.RandomState(0).permutation(10000)
x = (torch.from_numpy(images[order].astype(np.float32)) / 255 - 0.1307) / 0.3081
y = torch.from_numpy(labels[order].astype(np.int64))

torch.manual_seed(0)
model = {"mlp": Mlp, "cnn": Cnn, "inception": Inception, "residual": Residual}[net]()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.5)
train = DataLoader(TensorDataset(x[:8000], y[:8000]), batch_size=64, shuffle=True)
for epoch in range(1, 11):
    total = 0.0
    for inputs, targets in train:
        loss = cross_entropy(model(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        right = (model(x[8000:]).argmax(1) == y[8000:]).float().mean().item()
    print(f"epoch {epoch}: mean loss {total / len(train):.3f}, {100 * right:.2f} %", flush=True)

# The same four nets, recipe and seed in PyTorch: `python pytorch.py cnn FOLDER`, where FOLDER has the t10k files of MNIST.
import gzip
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import avg_pool2d, cross_entropy, max_pool2d, relu
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(784, 512)
        self.l2 = nn.Linear(512, 256)
        self.l3 = nn.Linear(256, 128)
        self.l4 = nn.Linear(128, 64)
        self.l5 = nn.Linear(64, 10)

    def forward(self, x):
        x = x.flatten(1)
        for layer in (self.l1, self.l2, self.l3, self.l4):
            x = relu(layer(x))
        return self.l5(x)


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, 5)
        self.conv2 = nn.Conv2d(10, 20, 5)
        self.fc = nn.Linear(320, 10)

    def forward(self, x):
        x = relu(max_pool2d(self.conv1(x), 2))
        x = relu(max_pool2d(self.conv2(x), 2))
        return self.fc(x.flatten(1))


class InceptionA(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.branch1x1 = nn.Conv2d(channels, 16, 1)
        self.branch5x5_1 = nn.Conv2d(channels, 16, 1)
        self.branch5x5_2 = nn.Conv2d(16, 24, 5, padding=2)
        self.branch3x3_1 = nn.Conv2d(channels, 16, 1)
        self.branch3x3_2 = nn.Conv2d(16, 24, 3, padding=1)
        self.branch3x3_3 = nn.Conv2d(24, 24, 3, padding=1)
        self.branch_pool = nn.Conv2d(channels, 24, 1)

    def forward(self, x):
        five = self.branch5x5_2(self.branch5x5_1(x))
        three = self.branch3x3_3(self.branch3x3_2(self.branch3x3_1(x)))
        mean = self.branch_pool(avg_pool2d(x, 3, stride=1, padding=1))
        return torch.cat([self.branch1x1(x), five, three, mean], 1)


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, 5)
        self.conv2 = nn.Conv2d(88, 20, 5)
        self.incep1 = InceptionA(10)
        self.incep2 = InceptionA(20)
        self.fc = nn.Linear(1408, 10)

    def forward(self, x):
        x = self.incep1(relu(max_pool2d(self.conv1(x), 2)))
        x = self.incep2(relu(max_pool2d(self.conv2(x), 2)))
        return self.fc(x.flatten(1))


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return relu(x + self.conv2(relu(self.conv1(x))))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 5)
        self.conv2 = nn.Conv2d(16, 32, 5)
        self.rblock1 = ResidualBlock(16)
        self.rblock2 = ResidualBlock(32)
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = self.rblock1(max_pool2d(relu(self.conv1(x)), 2))
        x = self.rblock2(max_pool2d(relu(self.conv2(x)), 2))
        return self.fc(x.flatten(1))


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

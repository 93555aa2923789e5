"""The same nets in PyTorch on the same sequences, from the same initial weights: `python pytorch.py [time sequences unseen epochs]`."""

import sys

import torch
from torch import nn
from torch.nn.utils import weight_norm
from torch.utils.data import DataLoader, TensorDataset

time, train, test, epochs = map(int, sys.argv[1:] or (100, 5000, 1000, 6))
torch.set_num_threads(1)


def draw(length):
    numbers, marks = torch.rand(length, time), torch.zeros(length, time)
    for i in range(length):
        marks[i, torch.randperm(time)[:2]] = 1
    return TensorDataset(torch.stack([numbers, marks], 2), (numbers.double() * marks).sum(1, keepdim=True).float())


class Block(nn.Module):
    def __init__(self, inputs, outputs, kernel, dilation):
        super().__init__()
        self.cut = (kernel - 1) * dilation
        self.conv1 = weight_norm(nn.Conv1d(inputs, outputs, kernel, padding=self.cut, dilation=dilation))
        self.conv2 = weight_norm(nn.Conv1d(outputs, outputs, kernel, padding=self.cut, dilation=dilation))
        self.downsample = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else None
        if self.downsample is not None:
            self.downsample.weight.data.normal_(0, 0.01)

    def forward(self, x):
        y = self.conv1(x)[:, :, : -self.cut].relu()
        y = self.conv2(y)[:, :, : -self.cut].relu()
        return (y + (x if self.downsample is None else self.downsample(x))).relu()


class Last(nn.Module):
    def __init__(self, name):
        super().__init__()
        if name == "tcn":
            self.net = nn.Sequential(*[Block(2 if i == 0 else 24, 24, 5, 2**i) for i in range(6)])
        else:
            self.net = nn.LSTM(2, 64, batch_first=True)
        self.linear = nn.Linear(24 if name == "tcn" else 64, 1)

    def forward(self, x):
        if isinstance(self.net, nn.LSTM):
            return self.linear(self.net(x)[0][:, -1])
        return self.linear(self.net(x.transpose(1, 2))[:, :, -1])


for name in ["tcn", "lstm"]:
    torch.manual_seed(0)
    seen, unseen = draw(train), draw(test)
    model = Last(name)
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    loader = DataLoader(seen, 32, shuffle=True)
    for epoch in range(1, epochs + 1):
        for x, y in loader:
            loss = nn.functional.mse_loss(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            error = sum(nn.functional.mse_loss(model(x), y).item() * len(y) for x, y in DataLoader(unseen, 250))
        print(f"{name}, epoch {epoch}: {error / test:.6f}", flush=True)

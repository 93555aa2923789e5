"""The course's two nets in PyTorch, from the same initial weights and in the same order: `python pytorch.py gru FOLDER 10`."""

import csv
import gzip
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader

kind, folder, epochs = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(1)
torch.manual_seed(0)


def rows(split):
    with gzip.open(folder / f"names_{split}.csv.gz", "rt") as file:
        return list(csv.reader(file))


train, test = rows("train"), rows("test")
countries = sorted({country for _, country in train})


def collate(items):
    codes = [torch.tensor([ord(c) for c in name]) for name, _ in items]
    lengths = torch.tensor([len(code) for code in codes])
    return pad_sequence(codes, batch_first=True), lengths, torch.tensor([countries.index(c) for _, c in items])


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(128, 100)
        self.gru = {"gru": nn.GRU, "lstm": nn.LSTM}[kind](100, 100, 2, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(200, len(countries))

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.embedding(x), lengths, batch_first=True, enforce_sorted=False)
        state = self.gru(packed)[1]
        h = state[0] if kind == "lstm" else state
        return self.fc(torch.cat([h[-1], h[-2]], dim=1))


model = Classifier()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loader = DataLoader(train, batch_size=256, shuffle=True, collate_fn=collate)
for epoch in range(1, epochs + 1):
    total = 0.0
    for x, lengths, y in loader:
        loss = nn.functional.cross_entropy(model(x, lengths), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
    with torch.no_grad():
        right = sum((model(x, n).argmax(1) == y).sum().item() for x, n, y in DataLoader(test, 256, collate_fn=collate))
    print(f"epoch {epoch}: loss {total / len(train):.4f}, {100 * right / len(test):.2f} %", flush=True)

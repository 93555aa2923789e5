"""The three ways in PyTorch, from the same initial weights: what main.ts must print."""

import json

import torch
from torch import nn

X, Y = torch.tensor([1, 0, 2, 2, 3]), torch.tensor([3, 1, 2, 3, 2])


class ByCell(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnncell = nn.RNNCell(4, 4)

    def forward(self, letters):
        states, h = [], torch.zeros(1, 4)
        for letter in nn.functional.one_hot(letters, 4).float():
            h = self.rnncell(letter[None], h)
            states.append(h[0])
        return torch.stack(states)


class ByLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(4, 4)

    def forward(self, letters):
        return self.rnn(nn.functional.one_hot(letters, 4).float()[:, None])[0][:, 0]


class ByEmbedding(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb, self.rnn, self.fc = nn.Embedding(4, 10), nn.RNN(10, 8, 2, batch_first=True), nn.Linear(8, 4)

    def forward(self, letters):
        return self.fc(self.rnn(self.emb(letters[None]))[0])[0]


out = {}
for name, make, lr, reduction in [
    ("cell", ByCell, 0.1, "sum"),
    ("layer", ByLayer, 0.05, "mean"),
    ("embedding", ByEmbedding, 0.05, "mean"),
]:
    for seed in range(3):
        torch.manual_seed(seed)
        model = make()
        optimizer = torch.optim.Adam(model.parameters(), lr=lr)
        words, losses = [], []
        for _ in range(15):
            logits = model(X)
            words.append("".join("ehlo"[i] for i in logits.argmax(1)))
            loss = nn.functional.cross_entropy(logits, Y, reduction=reduction)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(round(loss.item(), 6))
        out[f"{name}, seed {seed}"] = [words[-1], next((i + 1 for i, w in enumerate(words) if w == "ohlol"), None), losses[0], losses[-1]]
for name, run in out.items():
    print(name, json.dumps(run))

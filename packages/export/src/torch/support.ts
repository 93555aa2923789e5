/** Functions and classes that PyTorch lacks, by name; those that a model needs are at the top of its file. */
export const supportFunctions: Readonly<Record<string, string>> = {
  selective_scan: `def selective_scan(u, delta, A, B, C, state=None):
    """h = exp(delta A) h + delta u B and y = sum(C h), for each time step."""
    if state is None:
        state = u.new_zeros(u.shape[0], u.shape[2], A.shape[1])
    outputs = []
    for t in range(u.shape[1]):
        decay = (delta[:, t, :, None] * A).exp()  # [batch, channel, state]
        state = decay * state + (delta[:, t] * u[:, t])[:, :, None] * B[:, t, None]
        outputs.append((state * C[:, t, None]).sum(2))  # [batch, channel]
    return torch.stack(outputs, 1)  # [batch, time, channel]`,
  b_spline_basis: `def b_spline_basis(x, grid, order):
    """A B-spline basis at each feature, by the recursion of Cox and de Boor."""
    x = x[:, :, None]  # [batch, feature, 1]
    basis = ((x >= grid[:, :-1]) & (x < grid[:, 1:])).to(x.dtype)
    for k in range(1, order + 1):
        rising = (x - grid[:, : -k - 1]) / (grid[:, k:-1] - grid[:, : -k - 1])
        falling = (grid[:, k + 1 :] - x) / (grid[:, k + 1 :] - grid[:, 1:-k])
        basis = rising * basis[:, :, :-1] + falling * basis[:, :, 1:]
    return basis  # [batch, feature, function]`,
  causal_mask: `def causal_mask(query, key):
    """True where a key comes after a query."""
    size = query.shape[1], key.shape[1]
    return torch.ones(size, dtype=torch.bool, device=query.device).triu(1)`,
  gather_sum: `def gather_sum(x, source, target, rows, weight=None):
    """The sum over the edges of each target of the source's row, times the weight."""
    sent = x[source]  # [edge, feature]
    if weight is not None:
        heads = sent.reshape(len(sent), weight.shape[1], -1)
        sent = (heads * weight[:, :, None]).reshape(sent.shape)
    return x.new_zeros(rows, x.shape[1]).index_add(0, target, sent)`,
  segment_softmax: `def segment_softmax(x, target, rows):
    """The softmax over the edges of each target."""
    index = target[:, None].expand_as(x)
    largest = x.new_full((rows, x.shape[1]), float("-inf"))
    largest = largest.scatter_reduce(0, index, x.detach(), "amax")
    share = (x - largest[target]).exp()
    return share / x.new_zeros(rows, x.shape[1]).index_add(0, target, share)[target]`,
  Spike: `class Spike(torch.autograd.Function):
    """1 above 0, with the derivative of a smooth curve."""

    @staticmethod
    def forward(ctx, x, derivative):
        ctx.save_for_backward(derivative)
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx, gradient):
        (derivative,) = ctx.saved_tensors
        return gradient * derivative, None`,
  spike_atan: `def spike_atan(x, alpha):
    smooth = x.detach() * (torch.pi / 2 * alpha)
    return Spike.apply(x, alpha / 2 / (1 + smooth.square()))`,
  spike_fast_sigmoid: `def spike_fast_sigmoid(x, k):
    return Spike.apply(x, 1 / (1 + k * x.detach().abs()).square())`,
  spike_sigmoid: `def spike_sigmoid(x, k):
    p = torch.sigmoid(-k * x.detach().abs())
    return Spike.apply(x, k * p * (1 - p))`,
  spike_straight_through: `def spike_straight_through(x):
    return Spike.apply(x, torch.ones_like(x))`,
};

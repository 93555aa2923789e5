/** Functions that PyTorch lacks, by name; those that a model needs are at the top of its file. */
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
    """The functions of a B-spline basis at each feature, by the recursion of Cox and de Boor."""
    x = x[:, :, None]  # [batch, feature, 1]
    basis = ((x >= grid[:, :-1]) & (x < grid[:, 1:])).to(x.dtype)
    for k in range(1, order + 1):
        rising = (x - grid[:, : -k - 1]) / (grid[:, k:-1] - grid[:, : -k - 1])
        falling = (grid[:, k + 1 :] - x) / (grid[:, k + 1 :] - grid[:, 1:-k])
        basis = rising * basis[:, :, :-1] + falling * basis[:, :, 1:]
    return basis  # [batch, feature, function]`,
};
